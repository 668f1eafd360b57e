"""Small questions about DocTypes that other layers ask."""

import frappe

__all__ = ["is_virtual_doctype", "is_single_doctype"]


def is_virtual_doctype(doctype: str) -> bool:
    """Whether the DocType has no table: its controller reads and lists its documents."""
    return bool(frappe.get_meta(doctype).get("is_virtual"))


def is_single_doctype(doctype: str) -> bool:
    """Whether the DocType has one document, kept in `tabSingles`."""
    return bool(frappe.get_meta(doctype).issingle)


def set_default(doc, key: str) -> None:
    """Not answered: a helper of Frappe's own setup pages."""
    raise NotImplementedError("frappe.model.utils.set_default")
