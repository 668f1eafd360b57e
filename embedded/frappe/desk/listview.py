"""What a list view shows besides its rows: its settings, groups with counts."""

import frappe
from frappe import _
from frappe.api.documents import parse
from frappe.model import default_fields
from frappe.request_arguments import as_dict

_GROUPS = 50


@frappe.whitelist()
def get_list_settings(doctype: str):
    """The List View Settings of a DocType, None where there are none."""
    if not frappe.db.exists("List View Settings", doctype):
        return None
    return frappe.get_cached_doc("List View Settings", doctype)


@frappe.whitelist(methods=["POST", "PUT"])
def set_list_settings(doctype: str, values: str | dict) -> None:
    """Save the List View Settings of a DocType, with the user's own rights."""
    if frappe.db.exists("List View Settings", doctype):
        doc = frappe.get_doc("List View Settings", doctype)
    else:
        doc = frappe.new_doc("List View Settings", name=doctype)
    meta, values = doc.meta, as_dict(values)
    doc.update({key: value for key, value in values.items() if meta.has_field(key)})
    doc.save()


@frappe.whitelist()
def get_group_by_count(doctype: str, current_filters: str, field: str) -> list[dict]:
    """[{name, count}], the most frequent first, of a field's values (or of `assigned_to`) among readable
    rows."""
    filters = parse(current_filters)
    if field == "assigned_to":
        return _count_assigned(doctype, filters)
    if not frappe.get_meta(doctype).has_field(field) and field not in default_fields:
        frappe.throw(_("Field does not belong to doctype"))
    groups = frappe.get_list(
        doctype,
        filters=filters,
        group_by=f"`tab{doctype}`.`{field}`",
        fields=["count(*) as count", f"`{field}` as name"],
        order_by="count desc",
    )
    if field == "owner":
        groups.sort(key=lambda group: group.name != frappe.session.user)
    return groups[:_GROUPS]


def _count_assigned(doctype: str, filters) -> list[dict]:
    names = frappe.get_list(doctype, filters=filters, pluck="name", limit_page_length=0)
    return frappe.get_all(
        "ToDo",
        fields=["allocated_to as name", "count(*) as count"],
        filters={
            "status": ("!=", "Cancelled"),
            "reference_type": doctype,
            "reference_name": ("in", names),
            "allocated_to": ("is", "set"),
        },
        group_by="allocated_to",
        order_by="count desc",
        limit_page_length=_GROUPS,
    )
