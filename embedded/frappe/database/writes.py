"""Writing values without documents: `frappe.db.set_value`, `bulk_insert`, `delete` and kin."""

import itertools

import frappe
from frappe.database.introspection import quote, table_of
from frappe.database.stored import store_rows


class ValueWriting:
    """Part of SQLiteDatabase."""

    @staticmethod
    def _get_update_dict(fieldname, value, *, modified, modified_by, update_modified):
        update = dict(fieldname) if isinstance(fieldname, dict) else {fieldname: value}
        if update_modified:
            update["modified"] = modified or frappe.utils.now()
            update["modified_by"] = modified_by or frappe.session.user
        return update

    def set_value(
        self, dt, dn, field, val=None, modified=None, modified_by=None, update_modified=True, debug=False
    ):
        """Write fields of the document `dn` (or of all that match the filters `dn`), past all events."""
        if dn is None or dt == dn:
            from frappe.model.utils import is_single_doctype

            if is_single_doctype(dt):
                self.set_single_value(
                    dt, field, val, modified=modified, modified_by=modified_by,
                    update_modified=update_modified, debug=debug,
                )  # fmt: skip
            return
        update = self._get_update_dict(
            field, val, modified=modified, modified_by=modified_by, update_modified=update_modified
        )
        if isinstance(dn, (str, int)):
            frappe.clear_document_cache(dt, str(dn))
        else:
            frappe.clear_document_cache(dt)
        conditions = self._conditions(dt, dn)
        if conditions.joins:
            raise NotImplementedError("frappe.db.set_value with filters on another table")
        assignments = ", ".join(f"{quote(column)} = %s" for column in update)
        self.sql(
            f"update {conditions.table} set {assignments}{conditions.where}",
            [*update.values(), *conditions.values],
            debug=debug,
        )
        self._forget_values(dt)

    def _forget_values(self, doctype):
        self.value_cache.pop(doctype, None)
        for key in [key for key in self.value_cache if isinstance(key, tuple) and key[0] == doctype]:
            del self.value_cache[key]

    def bulk_update(
        self, doctype, doc_updates, *, chunk_size=100, modified=None, modified_by=None, update_modified=True,
        debug=False,
    ):  # fmt: skip
        """Write {name: {field: value}} in one go; `modified` is set on all of them."""
        stamp = self._get_update_dict(
            {}, None, modified=modified, modified_by=modified_by, update_modified=update_modified
        )
        by_fields = {}
        for name, row in (doc_updates or {}).items():
            if row:
                by_fields.setdefault(tuple(row), []).append((name, row))
        for fields, rows in by_fields.items():
            columns = [*fields, *(column for column in stamp if column not in fields)]
            assignments = ", ".join(f"{quote(column)} = ?" for column in columns)
            values = ([*({**stamp, **row}[c] for c in columns), name] for name, row in rows)
            self._execute_many(
                f"update {quote(table_of(doctype))} set {assignments} where name = ?",
                doctype,
                columns,
                values,
            )
        frappe.clear_document_cache(doctype)
        self._forget_values(doctype)

    def bulk_insert(self, doctype, fields, values, ignore_duplicates=False, *, chunk_size=10_000):
        """Insert rows of values in the order of `fields`, past all events."""
        verb = "insert or ignore" if ignore_duplicates else "insert"
        columns = ", ".join(map(quote, fields))
        marks = ", ".join("?" * len(fields))
        query = f"{verb} into {quote(table_of(doctype))} ({columns}) values ({marks})"
        rows = iter(values)
        while chunk := list(itertools.islice(rows, chunk_size)):
            self._execute_many(query, doctype, fields, chunk)

    def _execute_many(self, query, doctype, columns, rows):
        if not self._conn:
            self.connect()
        if not self._writing:
            self._begin_immediate()
        self.transaction_writes += 1
        self.last_query = query
        try:
            self._conn.executemany(query, store_rows(rows, columns, self.get_column_types(table_of(doctype))))
        except self.OperationalError as e:
            self._raise_as_frappe_does(e, query)

    def delete(self, doctype: str, filters=None, debug=False, **kwargs):
        """Delete all matches (all rows without filters), past all events."""
        filters = filters or kwargs.get("conditions")
        conditions = self._conditions(doctype, filters)
        if conditions.joins:
            raise NotImplementedError("frappe.db.delete with filters on another table")
        self._forget_values(doctype)
        return self.sql(f"delete from {conditions.table}{conditions.where}", conditions.values, debug=debug)

    def truncate(self, doctype: str):
        """Delete all rows and commit."""
        self.sql_ddl(f"delete from {quote(table_of(doctype))}")
