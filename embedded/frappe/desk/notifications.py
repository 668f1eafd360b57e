"""Counts beside a form: how many documents hang on this one, as far as the user may read them."""

import frappe
from frappe.request_arguments import as_list

_COUNTED_UP_TO = 100


@frappe.whitelist()
@frappe.read_only()
def get_open_count(doctype: str, name: str, items: str | list | None = None) -> dict:
    """{"count": {"external_links_found": [{doctype, count, open_count}], "internal_links_found": [… names]}}.

    `items`: DocTypes of the form's dashboard (all by default). Counting stops at 100. Raises PermissionError.
    """
    doc = frappe.get_doc(doctype, name)
    doc.check_permission("read")
    links = doc.meta.get_dashboard_data()
    if items is None:
        items = [each for group in links.transactions for each in group["items"]]
    else:
        items = as_list(items)
    inside, outside = [], []
    for linked in items:
        own = links.internal_links.get(linked) or (links.get("internal_and_external_links") or {}).get(linked)
        found = _internal(doc, own, linked) if own else None
        if found and found["count"]:
            inside.append(found)
        else:
            outside.append(_external(linked, name, doctype, links))
    out = {"count": {"external_links_found": outside, "internal_links_found": inside}}
    if not doc.meta.custom:
        module = frappe.get_meta_module(doctype)
        if hasattr(module, "get_timeline_data"):
            out["timeline_data"] = module.get_timeline_data(doctype, name)
    return out


def _internal(doc, link, linked: str) -> dict:
    """Documents that this one links to itself: by a field, or by [table, field] of its rows."""
    if isinstance(link, str):
        values = [doc.get(link)]
    else:
        table, fieldname = link
        values = [row.get(fieldname) for row in doc.get(table) or ()]
    names = list(dict.fromkeys(value for value in values if value))
    return {"doctype": linked, "open_count": 0, "count": len(names), "names": names}


def _external(linked: str, name: str, doctype: str, links) -> dict:
    """Documents that link to this one. Frappe counts all of them; here those that the user may read."""
    fieldname = links.non_standard_fieldnames.get(linked) or links.fieldname
    meta = frappe.get_meta(linked)
    found = {"doctype": linked, "count": 0, "open_count": 0}
    if not fieldname or not meta.has_field(fieldname) or not frappe.has_permission(linked, "read"):
        return found
    filters = {fieldname: name}
    if dynamic := (links.get("dynamic_links") or {}).get(fieldname):
        of_doctype, type_field = dynamic
        filters[type_field] = of_doctype
    elif meta.get_field(fieldname).fieldtype == "Dynamic Link":
        filters[meta.get_field(fieldname).options] = doctype
    found["count"] = _count(linked, filters)
    if open_filters := get_filters_for(linked):
        found["open_count"] = _count(linked, {**filters, **open_filters})
    return found


def _count(doctype: str, filters: dict) -> int:
    names = frappe.get_list(
        doctype, filters=filters, distinct=True, order_by=None, limit_page_length=_COUNTED_UP_TO, pluck="name"
    )
    return len(names)


def get_filters_for(doctype: str) -> dict | None:
    """Which documents of a DocType are open, as the apps' `notification_config` hooks say."""
    for method in frappe.get_hooks("notification_config") or ():
        config = frappe.get_attr(method)() or {}
        filters = (config.get("for_doctype") or {}).get(doctype)
        if isinstance(filters, dict):
            return filters
    return None
