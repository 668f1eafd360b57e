"""What the list and report views change: bulk deletion, saved Report Builder reports."""

import json

import frappe
from frappe import _

_AT_ONCE = 10


@frappe.whitelist(methods=["POST", "DELETE"])
def delete_items():
    """Delete the documents `form_dict.items` (JSON) of `form_dict.doctype`, each for itself.

    More than ten are deleted by a job. What cannot be deleted is named in a message and stays.
    """
    form = frappe.form_dict
    doctype = form.get("doctype")
    frappe.has_permission(doctype, "delete", throw=True)
    items = sorted(json.loads(form.get("items") or "[]"), reverse=True)
    if len(items) > _AT_ONCE:
        frappe.enqueue("frappe.desk.reportview_bulk.delete_bulk", doctype=doctype, items=items)
    else:
        delete_bulk(doctype, items)


def delete_bulk(doctype: str, items: list[str]) -> None:
    """Delete with the session user's rights; commits each. Repeats while that helps: one may hold another."""
    while items:
        left = [name for name in items if not _delete(doctype, name)]
        if not left:
            frappe.msgprint(_("Deleted all documents successfully"), title=_("Bulk Operation Successful"))
            return
        if len(left) == len(items):
            frappe.msgprint(
                _("Failed to delete {0} documents: {1}").format(len(left), ", ".join(left)),
                title=_("Bulk Operation Failed"),
            )
            return
        frappe.clear_messages()
        items = left


def _delete(doctype: str, name: str) -> bool:
    try:
        frappe.delete_doc(doctype, name)
    except Exception:
        frappe.db.rollback()
        return False
    frappe.db.commit()
    return True


@frappe.whitelist(methods=["POST", "PUT"])
def save_report(name: str, doctype: str, report_settings: str) -> str:
    """Save a Report Builder report; others' reports only with the right to write them. Returns its name."""
    frappe.has_permission(doctype, "report", throw=True)
    if frappe.db.exists("Report", name):
        report = _own_builder_report(name, "write", _("Standard Reports cannot be edited"))
    else:
        report = frappe.new_doc("Report", report_name=name, ref_doctype=doctype)
    report.report_type = "Report Builder"
    report.json = report_settings
    report.save(ignore_permissions=True)
    frappe.msgprint(_("Report {0} saved").format(frappe.bold(report.name)), indicator="green", alert=True)
    return report.name


@frappe.whitelist(methods=["POST", "DELETE"])
def delete_report(name: str) -> None:
    """Delete a Report Builder report; others' reports only with the right to delete them."""
    report = _own_builder_report(name, "delete", _("Standard Reports cannot be deleted"))
    report.delete(ignore_permissions=True)
    frappe.msgprint(_("Report {0} deleted").format(frappe.bold(report.name)), indicator="green", alert=True)


def _own_builder_report(name: str, ptype: str, refusal: str):
    report = frappe.get_doc("Report", name)
    if report.is_standard == "Yes":
        frappe.throw(refusal)
    if report.report_type != "Report Builder":
        frappe.throw(_("Only reports of type Report Builder can be edited"))
    if report.owner != frappe.session.user and not report.has_permission(ptype):
        frappe.throw(_("Insufficient Permissions for editing Report"), frappe.PermissionError)
    return report
