"""Trees of the desk: children of a node, a whole tree, new nodes."""

import frappe
from frappe import _
from frappe.handler import call_with, is_valid_http_method


@frappe.whitelist()
def get_all_nodes(doctype: str, label: str, parent: str, tree_method: str, **filters) -> list[dict]:
    """[{parent, data}] of a node and of everything below it, as the whitelisted `tree_method` gives
    children."""
    method = frappe.get_attr(tree_method)
    if method not in frappe.whitelisted:
        frappe.throw(_("Not Permitted"), frappe.PermissionError)
    frappe.is_whitelisted(method)
    if frappe.local.get("request"):
        is_valid_http_method(method)
    for key in ("cmd", "data"):
        filters.pop(key, None)
    data = call_with(method, {"doctype": doctype, "parent": parent, **filters})
    out = [{"parent": label, "data": data}]
    filters.pop("is_root", None)
    seen, waiting = {parent}, [row.get("value") for row in data if row.get("expandable")]
    while waiting:
        node = waiting.pop()
        if node in seen:
            continue
        seen.add(node)
        data = call_with(method, {"doctype": doctype, "parent": node, "is_root": False, **filters})
        out.append({"parent": node, "data": data})
        waiting += [row.get("value") for row in data if row.get("expandable")]
    return out


@frappe.whitelist()
def get_children(doctype: str, parent: str = "", **filters) -> list[dict]:
    """[{value, title, expandable}] of the children that the user may read; those of "" are the roots."""
    return _get_children(doctype, parent)


def _get_children(doctype: str, parent: str = "", ignore_permissions: bool = False) -> list[dict]:
    meta = frappe.get_meta(doctype)
    parent_field = parent_field_of(doctype)
    if not (meta.has_field(parent_field) and meta.has_field("is_group")):
        frappe.throw(_("{0} is not a tree").format(_(doctype)))
    belongs = [parent_field, "=", parent] if parent else [parent_field, "is", "not set"]
    return frappe.get_list(
        doctype,
        fields=["name as value", f"{meta.get('title_field') or 'name'} as title", "is_group as expandable"],
        filters=[belongs, ["docstatus", "<", 2]],
        order_by="name",
        ignore_permissions=ignore_permissions,
    )


def parent_field_of(doctype: str) -> str:
    """The Link field that names a node's parent."""
    return frappe.get_meta(doctype).get("nsm_parent_field") or f"parent_{frappe.scrub(doctype)}"


@frappe.whitelist(methods=["POST", "PUT"])
def add_node() -> None:
    """Insert a node from the request's arguments: doctype, parent, is_root and the DocType's fields."""
    doc = frappe.get_doc(make_tree_args(**frappe.form_dict))
    doc.save()


def make_tree_args(**kwarg) -> frappe._dict:
    """The arguments of a request as values of a new document."""
    from frappe.api.documents import clean

    doctype = kwarg.get("doctype")
    if not isinstance(doctype, str):
        frappe.throw(frappe._("Invalid request arguments"))
    field = parent_field_of(doctype)
    values = clean(
        doctype, {key: value for key, value in kwarg.items() if key not in ("cmd", "doctype", "parent")}
    )
    values[field] = kwarg.get("parent") or kwarg.get(field)
    if values[field] == doctype or str(kwarg.get("is_root")).lower() in ("true", "1"):
        values[field] = None
    values.pop("is_root", None)
    return frappe._dict(values, doctype=doctype)
