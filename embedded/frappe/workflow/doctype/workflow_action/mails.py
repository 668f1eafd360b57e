"""The mail on a new workflow state: a button for each action, whose signed link works without signing in."""

import frappe
from frappe import _
from frappe.model.workflow import apply_workflow, get_workflow_name, has_approval_access
from frappe.utils import get_datetime, get_link_to_form, get_url
from frappe.utils.user import get_users_with_role
from frappe.utils.verified_command import get_signed_params, verify_request
from frappe.workflow.doctype.workflow_action.workflow_action import (
    get_doc_workflow_state,
    get_next_possible_transitions,
)

_METHOD = "/api/method/frappe.workflow.doctype.workflow_action.workflow_action."


def send_workflow_action_email(doctype: str, docname: str, workflow_state: str) -> None:
    """Mail everybody who may move the document on; nobody, if it has left the state meanwhile."""
    doc = frappe.get_doc(doctype, docname)
    workflow = get_workflow_name(doctype)
    if not workflow or get_doc_workflow_state(doc) != workflow_state:
        return
    transitions = get_next_possible_transitions(workflow, workflow_state, doc)
    common = get_common_email_args(doc, workflow, workflow_state)
    message = common.pop("message")
    for email, actions in get_users_next_action_data(transitions, doc).items():
        try:
            frappe.sendmail(
                recipients=[email],
                args={"actions": actions, "message": message},
                reference_doctype=doctype,
                reference_name=docname,
                **common,
            )
        except frappe.OutgoingEmailError:
            # the account is broken: the next mail would fail alike
            frappe.log_error("Failed to send workflow action email")
            return


def get_users_next_action_data(transitions, doc) -> dict[str, list]:
    """Actions by the address of each user who may take them and may read the document."""
    found: dict[str, dict] = {}
    for row in transitions:
        for user in get_users_with_role(row.allowed):
            if not has_approval_access(user, doc, row) or not frappe.has_permission(doc=doc, user=user):
                continue
            email = frappe.db.get_value("User", user, "email", cache=True)
            link = get_workflow_action_url(row.action, doc, user)
            found.setdefault(email, {}).setdefault(
                row.action, frappe._dict(action_name=row.action, action_link=link)
            )
    return {email: list(actions.values()) for email, actions in found.items()}


def get_common_email_args(doc, workflow: str, workflow_state: str) -> dict:
    """Subject and message, from the state's Email Template where it names one."""
    states = frappe.get_cached_doc("Workflow", workflow).states
    template = next((row.next_action_email_template for row in states if row.state == workflow_state), None)
    if template:
        from frappe.email.doctype.email_template.email_template import render_email_template

        mail = render_email_template(template, doc)
        subject, message = mail["subject"], mail["message"]
    else:
        subject = _("Workflow Action") + f" on {doc.doctype}: {doc.name}"
        message = get_link_to_form(doc.doctype, doc.name, f"{doc.doctype}: {doc.name}")
    return {
        "template": "workflow_action",
        "header": "Workflow Action",
        "subject": subject,
        "message": message,
    }


def get_workflow_action_url(action: str, doc, user: str) -> str:
    """The signed link behind an action's button."""
    params = {
        "doctype": doc.get("doctype"),
        "docname": doc.get("name"),
        "action": action,
        "current_state": get_doc_workflow_state(doc),
        "user": user,
        "last_modified": doc.get("modified"),
    }
    return get_url(f"{_METHOD}apply_action?{get_signed_params(params)}")


def get_confirm_workflow_action_url(doc, action: str, user: str) -> str:
    """The signed link that confirms it."""
    params = {
        "action": action,
        "doctype": doc.get("doctype"),
        "docname": doc.get("name"),
        "user": user,
    }
    return get_url(f"{_METHOD}confirm_action?{get_signed_params(params)}")


@frappe.whitelist(allow_guest=True)
def apply_action(action, doctype, docname, current_state, user=None, last_modified=None) -> None:
    """The page behind the mail's button: asks for confirmation. Only signed links are answered."""
    if not verify_request():
        return
    doc = frappe.get_doc(doctype, docname)
    state = get_doc_workflow_state(doc)
    if state != current_state:
        person = frappe.db.get_value("User", doc.modified_by, "full_name")
        frappe.respond_as_web_page(
            _("Link Expired"),
            _("Document {0} has been set to state {1} by {2}").format(
                frappe.bold(doc.name), frappe.bold(state), frappe.bold(person)
            ),
            indicator_color="blue",
        )
        return
    changed = last_modified and get_datetime(doc.modified) != get_datetime(last_modified)
    frappe.respond_as_web_page(
        f"{_(doctype)} {docname}",
        _("Document has been modified since this mail was sent.") if changed else "",
        indicator_color="blue",
        primary_action=get_confirm_workflow_action_url(doc, action, user),
        primary_label=f"{_('Confirm')}: {_(action)}",
    )


@frappe.whitelist(allow_guest=True)
def confirm_action(doctype, docname, user, action) -> None:
    """Take the action as the user whom the mail went to. Only signed links are answered."""
    if not verify_request():
        return
    asked_by = frappe.session.user
    if asked_by == "Guest" and user:
        frappe.set_user(user)
    try:
        doc = apply_workflow(frappe.get_doc(doctype, docname), action)
        frappe.db.commit()
        frappe.respond_as_web_page(
            _("Success"),
            _("{0}: {1} is set to state {2}").format(
                doctype, frappe.bold(docname), frappe.bold(get_doc_workflow_state(doc))
            ),
            indicator_color="green",
        )
    finally:
        if asked_by == "Guest":
            frappe.set_user(asked_by)
