"""Changing a column's definition: SQLite cannot, so the table is copied into one that has it."""

from frappe.database.introspection import quote


def rebuild_table(db, table: str, definitions: dict[str, str]) -> None:
    """Copy `table` with other definitions (type and constraints) for some of its columns.

    Values are cast to a numeric type where the new one is numeric; what is NOT NULL gets its default in place
    of NULL. Indexes are made again: a unique one fails with an IntegrityError if the values are not unique.
    All this happens in the transaction of the caller; nothing is lost if it fails.
    """
    columns, copied, keys = [], [], []
    for _cid, name, kind, not_null, default, pk in db._table_info(table):
        definition = definitions.get(name)
        if definition is None:
            definition = kind
            if not_null:
                definition += " NOT NULL"
            if default is not None:
                definition += f" DEFAULT {default}"
            copied.append(quote(name))
        else:
            copied.append(_cast(quote(name), definition))
        if pk:
            keys.append((pk, name))
        columns.append((name, definition))

    if len(keys) == 1:
        body = [
            f"{quote(name)} {definition}{' PRIMARY KEY' if name == keys[0][1] else ''}"
            for name, definition in columns
        ]
    else:
        body = [f"{quote(name)} {definition}" for name, definition in columns]
        if keys:
            body.append(f"PRIMARY KEY ({', '.join(quote(name) for _pk, name in sorted(keys))})")

    indexes = db.get_indexes(table)
    interim = f"{table}.rebuilt"
    db.sql(f"drop table if exists {quote(interim)}")
    db.sql(f"create table {quote(interim)} ({', '.join(body)})")
    names = ", ".join(quote(name) for name, _definition in columns)
    connection = db.get_connection()
    connection.execute(
        f"insert into {quote(interim)} ({names}) select {', '.join(copied)}"
        f" from {quote(table)} order by rowid"
    )
    connection.execute(f"drop table {quote(table)}")
    connection.execute(f"alter table {quote(interim)} rename to {quote(table)}")
    db._schema_changed()
    for index in indexes:
        db._create_index(table, index.name, index.columns, index.unique)


def _cast(column: str, definition: str) -> str:
    kind = definition.split("(")[0].split()[0].lower()
    default = "0"
    if " default " in definition.lower():
        default = definition[definition.lower().index(" default ") + 9 :].strip()
    if kind in ("int", "bigint", "integer"):
        value = f"case when {column} is null or {column} = '' then null else cast({column} as integer) end"
    elif kind == "real":
        value = f"case when {column} is null or {column} = '' then null else cast({column} as real) end"
    elif kind in ("date", "datetime", "time"):
        value = f"nullif({column}, '')"
    else:
        value = f"cast({column} as text)"
    return f"ifnull({value}, {default})" if "not null" in definition.lower() else value
