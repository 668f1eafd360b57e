"""What keeps hands off a list: the system makes it, people read and publish it."""

import frappe
from frappe import _
from frappe.utils import cint, cstr, flt, get_datetime, getdate

_NUMBERS = {"Int": cint, "Check": cint, "Percent": lambda value: flt(value, 9)}
_MOMENTS = {"Date": getdate, "Datetime": get_datetime}


def refuse_edits(doc) -> None:
    """Refuse a list made by hand, and any change of its fields or entries; saving as it is passes."""
    before = None if doc.is_new() else doc.get_doc_before_save()
    if before is None:
        frappe.throw(_("Lists are made by a rebuild, never by hand"))
    if _differs(doc, before) or _entries_differ(doc.entries, before.entries):
        frappe.throw(_("A list is never edited by hand: change the records or the board and rebuild it"))


def _entries_differ(rows, rows_before) -> bool:
    if len(rows) != len(rows_before):
        return True
    by_name = {row.name: row for row in rows_before}
    return any(row.name not in by_name or _differs(row, by_name[row.name]) for row in rows)


def _differs(doc, before) -> bool:
    return any(
        _comparable(df, doc.get(df.fieldname)) != _comparable(df, before.get(df.fieldname))
        for df in doc.meta.fields
        if df.fieldtype not in ("Table", "Section Break", "Column Break", "Tab Break")
    )


def _comparable(df, value):
    # A form sends text where the database holds numbers and times.
    if df.fieldtype in _NUMBERS:
        return _NUMBERS[df.fieldtype](value)
    if df.fieldtype in _MOMENTS:
        return _MOMENTS[df.fieldtype](value) if value else None
    return cstr(value)
