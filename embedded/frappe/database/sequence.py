"""Counters behind autoincrement names. They take part in the transaction: a rolled back number is reused."""

import frappe


def _key(doctype_name: str, slug: str) -> str:
    return frappe.scrub(doctype_name + slug)


def _ensure_table():
    frappe.db.sql(
        "create table if not exists `__Sequences` (name varchar(140) primary key, value bigint not null)"
    )


def create_sequence(
    doctype_name: str,
    *,
    slug: str = "_id_seq",
    check_not_exists: bool = False,
    start_value: int = 1,
    **options,
) -> str:
    """Make a counter that gives `start_value` first; an existing one is kept if `check_not_exists`."""
    if options:
        raise NotImplementedError(f"create_sequence({', '.join(options)})")
    if "__Sequences" not in frappe.db.get_tables():
        _ensure_table()
    name = _key(doctype_name, slug)
    verb = "insert or ignore" if check_not_exists else "insert"
    frappe.db.sql(f"{verb} into `__Sequences` (name, value) values (%s, %s)", (name, (start_value or 1) - 1))
    return name


def get_next_val(doctype_name: str, slug: str = "_id_seq") -> int:
    """The next number. Raises frappe.db.SQLError if the counter does not exist."""
    rows = frappe.db.sql(
        "update `__Sequences` set value = value + 1 where name = %s returning value", _key(doctype_name, slug)
    )
    if not rows:
        raise frappe.db.SQLError(f"no such sequence: {_key(doctype_name, slug)}")
    return rows[0][0]


def set_next_val(
    doctype_name: str, next_val: int, *, slug: str = "_id_seq", is_val_used: bool = False
) -> None:
    """Go on with `next_val`, or with the number after it if it is used already."""
    value = next_val if is_val_used else next_val - 1
    frappe.db.sql("update `__Sequences` set value = %s where name = %s", (value, _key(doctype_name, slug)))
