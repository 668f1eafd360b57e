"""Which documents a form shows as connected: `<doctype>_dashboard.py`, the DocType's links, the apps'
hooks."""

import frappe
from frappe.modules import load_doctype_module


def get_dashboard_data(meta) -> frappe._dict:
    """{fieldname, transactions: [{label, items}], non_standard_fieldnames, internal_links, …} of a Meta."""
    data = frappe._dict()
    if not meta.custom:
        try:
            module = load_doctype_module(meta.name, suffix="_dashboard")
            data = frappe._dict(module.get_data()) if hasattr(module, "get_data") else data
        except ImportError:
            pass  # most DocTypes have no such file
    _add_links(meta, data)
    if not meta.custom:
        for hook in (frappe.get_hooks("override_doctype_dashboards") or {}).get(meta.name, []):
            data = frappe._dict(frappe.get_attr(hook)(data=data))
    return data


def _add_links(meta, data) -> None:
    data.transactions = data.transactions or []
    data.non_standard_fieldnames = data.non_standard_fieldnames or {}
    data.internal_links = data.internal_links or {}
    for link in meta.get("links") or ():
        if link.hidden:
            continue
        shown = link.get("parent_doctype") or link.link_doctype
        groups = [g for g in data.transactions if link.group and frappe._(g["label"]) == frappe._(link.group)]
        for group in groups:
            if shown not in group["items"]:
                group["items"].append(shown)
        if not groups:
            data.transactions.append({"label": link.group, "items": [shown]})
        if not data.fieldname and link.link_fieldname:
            data.fieldname = link.link_fieldname
        if link.is_child_table:
            data.internal_links[link.parent_doctype] = [link.table_fieldname, link.link_fieldname]
        else:
            data.non_standard_fieldnames[link.link_doctype] = link.link_fieldname
