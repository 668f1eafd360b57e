"""What the database holds: tables, columns, indexes, and the small changes apps make to them directly."""

import re

import frappe

_LENGTH_IN_INDEX = re.compile(r"\s*\([^)]+\)\s*")
_BASE_TYPE = re.compile(r"^\w+")


def table_of(doctype: str) -> str:
    """`tab` + DocType; names of Frappe's own tables (`__Auth`) stay."""
    return doctype if doctype.startswith("__") else f"tab{doctype}"


def quote(identifier: str) -> str:
    return "`" + identifier.replace("`", "") + "`"


class Introspection:
    """Part of SQLiteDatabase. Index names live in one namespace in SQLite, so an index `x` of a table `t` is
    stored as `t.x`; callers only see `x`."""

    _tables = None

    def _forget_schema(self):
        self._tables = None
        self._column_types.clear()
        self._statements.clear()

    def _schema_changed(self):
        self._forget_schema()
        frappe.cache.delete_value("db_tables")
        frappe.cache.delete_value("table_columns")

    # tables

    def get_tables(self, cached=True):
        """Names of all tables."""
        if not cached or self._tables is None:
            self._tables = self.sql(
                "select name from sqlite_master where type = 'table' and substr(name, 1, 7) <> 'sqlite_'",
                pluck=True,
            )
        return self._tables

    def table_exists(self, doctype, cached=True):
        """Whether the DocType's table is there."""
        if cached and self._tables is not None and table_of(doctype) in self._tables:
            return True
        return table_of(doctype) in self.get_tables(cached=False)

    def has_table(self, doctype):
        return self.table_exists(doctype)

    def describe(self, doctype: str):
        """Rows (column, type, null, key, default, extra) of a DocType's table, as MariaDB's DESC."""
        return [
            (row[1], row[2], "NO" if row[3] else "YES", "PRI" if row[5] else "", row[4], "")
            for row in self._table_info(table_of(doctype))
        ]

    def _table_info(self, table: str):
        return self.sql(f"pragma table_info({quote(table)})")

    # columns

    def get_column_types(self, table: str) -> dict[str, str]:
        """{column: base type in lower case} of a table, {} if there is no such table."""
        types = self._column_types.get(table)
        if types is None:
            rows = self.get_connection().execute(f"pragma table_info({quote(table)})").fetchall()
            types = {row[1]: (_BASE_TYPE.findall(row[2].lower()) or [""])[0] for row in rows}
            if types:
                self._column_types[table] = types
        return types

    def get_db_table_columns(self, table) -> list[str]:
        return list(self.get_column_types(table))

    def get_table_columns(self, doctype):
        """Column names of a DocType's table. Raises TableMissingError if there is none."""
        columns = self.get_db_table_columns(table_of(doctype))
        if not columns:
            raise self.TableMissingError(f"no such table: {table_of(doctype)}")
        return columns

    def has_column(self, doctype, column):
        return column in self.get_table_columns(doctype)

    def field_exists(self, dt, fn):
        return self.exists("DocField", {"fieldname": fn, "parent": dt})

    def get_column_type(self, doctype, column):
        """Declared type of a column, such as `varchar(140)`."""
        for row in self._table_info(table_of(doctype)):
            if row[1] == column:
                return row[2]
        raise self.ProgrammingError(f"no such column: {column}")

    def get_table_columns_description(self, table_name):
        """[{name, type, default, index, unique, not_null, pk}] of a table."""
        indexed, unique = set(), set()
        for index in self.get_indexes(table_name):
            if index.unique and len(index.columns) == 1:
                unique.add(index.columns[0])
            elif not index.unique:
                indexed.add(index.columns[0])
        return [
            frappe._dict(
                name=name,
                type=kind.lower(),
                default=default,
                index=int(name in indexed),
                unique=int(name in unique),
                not_null=not_null,
                pk=pk,
            )
            for _cid, name, kind, not_null, default, pk in self._table_info(table_name)
        ]

    def change_column_type(self, doctype: str, column: str, type: str, nullable: bool = False):
        """Give a column another declared type; its values are cast."""
        from frappe.database.rebuild import rebuild_table

        self.commit()
        rebuild_table(self, table_of(doctype), {column: f"{type}{'' if nullable else ' NOT NULL'}"})
        self.commit()

    def rename_column(self, doctype: str, old_column_name: str, new_column_name: str):
        self.sql_ddl(
            f"alter table {quote(table_of(doctype))} rename column {quote(old_column_name)}"
            f" to {quote(new_column_name)}"
        )

    def rename_table(self, old_name: str, new_name: str):
        """Rename a table; its indexes follow."""
        old, new = table_of(old_name), table_of(new_name)
        indexes = self.get_indexes(old)
        self.sql_ddl(f"alter table {quote(old)} rename to {quote(new)}")
        for index in indexes:
            self.sql(f"drop index {quote(f'{old}.{index.name}')}")
            self._create_index(new, index.name, index.columns, index.unique)
        self.commit()

    # indexes

    def get_indexes(self, table: str):
        """[{name, unique, columns}] of the indexes made by name (not those of a primary key)."""
        prefix = f"{table}."
        return [
            frappe._dict(
                name=row[1].removeprefix(prefix),
                unique=bool(row[2]),
                columns=[info[2] for info in self.sql(f"pragma index_info({quote(row[1])})")],
            )
            for row in self.sql(f"pragma index_list({quote(table)})")
            if row[3] == "c"
        ]

    def has_index(self, table_name, index_name):
        """Whether the table (with its `tab`) has an index of that name."""
        return bool(
            self.sql(
                "select 1 from sqlite_master where type = 'index' and name = %s", f"{table_name}.{index_name}"
            )
        )

    def get_column_index(self, table_name: str, fieldname: str, unique: bool = False):
        """The index over just this column, {Key_name, Column_name}, or None."""
        for index in self.get_indexes(table_name):
            if index.columns == [fieldname] and index.unique == bool(unique):
                return frappe._dict(Key_name=index.name, Column_name=fieldname)

    @staticmethod
    def get_index_name(fields):
        return _LENGTH_IN_INDEX.sub("", "_".join(fields) + "_index")

    def add_index(self, doctype: str, fields: list, index_name: str | None = None):
        """Create an index if it is not there. Commits, as Frappe does. Lengths (`field(20)`) are ignored."""
        index_name = index_name or self.get_index_name(fields)
        if not self.has_index(table_of(doctype), index_name):
            self.commit()
            self._create_index(table_of(doctype), index_name, fields)
            self.commit()

    def add_unique(self, doctype, fields, constraint_name=None):
        """Create a unique index if it is not there. NULLs do not collide, empty strings do."""
        fields = [fields] if isinstance(fields, str) else fields
        constraint_name = constraint_name or "unique_" + "_".join(fields)
        if not self.has_index(table_of(doctype), constraint_name):
            self.commit()
            self._create_index(table_of(doctype), constraint_name, fields, unique=True)
            self.commit()

    def _create_index(self, table, name, fields, unique=False):
        columns = ", ".join(quote(_LENGTH_IN_INDEX.sub("", field).strip(" `")) for field in fields)
        self.sql(
            f"create {'unique ' if unique else ''}index if not exists {quote(f'{table}.{name}')}"
            f" on {quote(table)} ({columns})"
        )

    def _drop_index(self, table, name):
        self.sql(f"drop index if exists {quote(f'{table}.{name}')}")

    # sizes

    def estimate_count(self, doctype: str) -> int:
        """Rows of a table, roughly: the highest rowid, which deletions leave too high."""
        rows = self.sql(f"select max(rowid) from {quote(table_of(doctype))}")
        return (rows and rows[0][0]) or 0

    def get_database_size(self):
        """Size of the file in MB."""
        (pages,), (size,) = self.sql("pragma page_count")[0], self.sql("pragma page_size")[0]
        return pages * size / 1024 / 1024

    def get_row_size(self, doctype: str) -> int:
        raise NotImplementedError("frappe.db.get_row_size")

    def get_database_list(self):
        return [self.cur_db_name]

    # schema of a DocType

    def updatedb(self, doctype, meta=None):
        """Bring a DocType's table in line with its meta: create it, add and change columns and indexes."""
        from frappe.database.schema import DBTable

        res = self.sql("select issingle from `tabDocType` where name = %s", (doctype,))
        if not res:
            raise Exception(f"Wrong doctype {doctype} in updatedb")
        if not res[0][0]:
            table = DBTable(doctype, meta)
            table.validate()
            table.sync()
            self.commit()

    def create_sequence(self, *args, **kwargs):
        from frappe.database.sequence import create_sequence

        return create_sequence(*args, **kwargs)

    def set_next_sequence_val(self, *args, **kwargs):
        from frappe.database.sequence import set_next_val

        set_next_val(*args, **kwargs)

    def get_next_sequence_val(self, *args, **kwargs):
        from frappe.database.sequence import get_next_val

        return get_next_val(*args, **kwargs)

    def create_auth_table(self):
        from frappe.database.bootstrap import create_auth_table

        create_auth_table()
