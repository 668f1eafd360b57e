"""Methods that scripts and, later, HTTP clients call on documents."""

import frappe
from frappe import _


@frappe.whitelist()
def get_value(doctype, fieldname, filters=None, as_dict=True, debug=False, parent=None):
    """A field (or a list of fields) of the first readable document that matches; {} where none does."""
    frappe.has_permission(doctype, throw=True, parent_doctype=parent)
    if isinstance(filters, str) and not filters.startswith(("{", "[")):
        filters = {"name": filters}
    fields = (
        frappe.parse_json(fieldname) if isinstance(fieldname, str) and fieldname[:1] in "[{" else fieldname
    )
    fields = [fields] if isinstance(fields, str) else fields
    rows = frappe.get_list(doctype, filters=frappe.parse_json(filters), fields=fields, limit_page_length=1)
    if not rows:
        return {}
    return rows[0] if as_dict else [rows[0][field] for field in fields]


@frappe.whitelist()
def set_value(doctype, name, fieldname, value=None):
    """Set fields of a document through a save; returns it as a dict."""
    values = frappe.parse_json(fieldname) if not value and isinstance(fieldname, str) else fieldname
    if not isinstance(values, dict):
        values = {fieldname: value}
    if any(key in (*frappe.model.default_fields, *frappe.model.child_table_fields) for key in values):
        frappe.throw(_("Cannot edit standard fields"))
    doc = frappe.get_doc(doctype, name)
    if doc.meta.istable:
        raise NotImplementedError("frappe.client.set_value of a child row")
    doc.update(values)
    doc.save()
    return doc.as_dict()


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    raise NotImplementedError(f"frappe.client.{name}")
