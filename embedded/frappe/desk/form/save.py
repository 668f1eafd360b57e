"""Saving, submitting and cancelling from a form: the answer carries the document and what hangs on it."""

import json

import frappe
from frappe import _
from frappe.desk.form.load import get_docinfo, run_onload
from frappe.model.docstatus import DocStatus

_STATUS = {
    "Save": DocStatus.draft(),
    "Submit": DocStatus.submitted(),
    "Update": DocStatus.submitted(),
    "Cancel": DocStatus.cancelled(),
}


@frappe.whitelist(methods=["POST", "PUT"])
def savedocs(doc: str | dict, action: str):
    """Save a form's document; `action` is Save, Submit, Update (of a submitted one) or Cancel.

    A new document comes back with its name and, as `localname`, the one the form had given it.
    Raises what saving raises, ValidationError for another action.
    """
    from frappe.api.documents import received

    if action not in _STATUS:
        frappe.throw(_("Invalid action {0}").format(action))
    values = json.loads(doc) if isinstance(doc, str) else doc
    doc = received(values)
    set_local_name(doc, values)
    doc.docstatus = _STATUS[action]
    if doc.docstatus.is_submitted():
        doc.submit()
    else:
        doc.save()
    run_onload(doc)
    send_updated_docs(doc)
    frappe.msgprint(_("Saved"), indicator="green", alert=True)


@frappe.whitelist(methods=["POST", "PUT"])
def cancel(
    doctype: str, name: str, workflow_state_fieldname: str | None = None, workflow_state: str | None = None
):
    """Cancel a submitted document. Raises what cancelling raises."""
    doc = frappe.get_doc(doctype, name)
    doc.check_permission("cancel")
    if workflow_state_fieldname and workflow_state:
        if workflow_state_fieldname != _workflow_field(doc):
            frappe.throw(_("{0} is not the workflow state field").format(workflow_state_fieldname))
        doc.set(workflow_state_fieldname, workflow_state)
    doc.cancel()
    send_updated_docs(doc)
    frappe.msgprint(_("Cancelled"), indicator="red", alert=True)


def _workflow_field(doc) -> str | None:
    workflow = doc.meta.get_workflow()
    return frappe.db.get_value("Workflow", workflow, "workflow_state_field") if workflow else None


def send_updated_docs(doc) -> None:
    """Put the document as it is stored now, and its docinfo, into the answer."""
    localname = doc.get("localname")
    doc.apply_fieldlevel_read_permissions()
    get_docinfo(doc)
    out = doc.as_dict()
    if localname:
        out["localname"] = localname
    frappe.response.docs.append(out)


def set_local_name(doc, values: dict) -> None:
    """Names that a form gave to new documents and rows are only its own: they become `localname`."""
    is_new = values.get("__islocal")
    for row in (doc, *doc.get_all_children()):
        if is_new or row.get("__islocal"):
            row.localname = row.name
            row.name = None
    if values.get("__newname"):
        doc.name = values["__newname"]
