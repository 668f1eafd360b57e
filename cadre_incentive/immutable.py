"""Guards of the DocTypes whose name is an immutable code."""

import frappe
from frappe import _

from cadre_incentive import codes


def set_code(doc, fieldname: str) -> None:
    """Normalise the code of a new document and refuse one that is taken, in whatever way of writing.

    Raises frappe.DuplicateEntryError, naming the document that has the code.
    """
    code = codes.normalise(doc.get(fieldname))
    doc.set(fieldname, code)
    doc.code_key = codes.key(code) or None
    if not code:
        return
    taken = frappe.db.get_value(doc.doctype, {"code_key": doc.code_key}, "name")
    if taken:
        frappe.throw(
            _(
                "{0} {1} exists already as {2}: codes that differ only by case, width or spaces are the same."
            ).format(_(doc.doctype), code, taken),
            frappe.DuplicateEntryError,
        )


def refuse_rename(doc) -> None:
    """Raises frappe.ValidationError: a code never changes, not even by merging."""
    frappe.throw(
        _("{0} {1} keeps its code: it cannot be renamed or merged.").format(_(doc.doctype), doc.name)
    )
