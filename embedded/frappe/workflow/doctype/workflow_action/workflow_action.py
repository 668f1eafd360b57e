"""Workflow Action: that a document waits for people of some roles, and the mail that tells them."""

import frappe
from frappe.model.document import Document
from frappe.model.workflow import (
    get_workflow_name,
    get_workflow_state_field,
    is_transition_condition_satisfied,
    send_email_alert,
)

DOCTYPE = "Workflow Action"
_MAILS = ("apply_action", "confirm_action", "send_workflow_action_email")


class WorkflowAction(Document):
    """One waiting document: which roles may move it on, and who did."""


def on_doctype_update() -> None:
    frappe.db.add_index(DOCTYPE, ["reference_name", "reference_doctype", "status"])


def get_permission_query_conditions(user: str | None = None) -> str:
    """Open actions of the user's roles, or addressed to the user."""
    user = user or frappe.session.user
    if user == "Administrator":
        return ""
    roles = ", ".join(frappe.db.escape(role) for role in frappe.get_roles(user))
    return (
        "(`tabWorkflow Action`.`name` in (select `parent` from `tabWorkflow Action Permitted Role`"
        f" where `role` in ({roles})) or `tabWorkflow Action`.`user` = {frappe.db.escape(user)})"
        " and `tabWorkflow Action`.`status` = 'Open'"
    )


def has_permission(doc, user: str) -> bool:
    """Whether the user holds one of the roles that the document waits for."""
    if user == "Administrator":
        return True
    return not {row.role for row in doc.permitted_roles}.isdisjoint(frappe.get_roles(user))


def process_workflow_actions(doc, state: str) -> None:
    """After a save: complete what the document waited for, and note what it waits for now.

    On `on_trash` its actions go. With `send_email_alert` those who may act are mailed after the commit.
    """
    workflow = get_workflow_name(doc.get("doctype"))
    if not workflow:
        return
    if state == "on_trash":
        clear_workflow_actions(doc.get("doctype"), doc.get("name"))
        return
    if is_workflow_action_already_created(doc):
        return
    update_completed_workflow_actions(doc, workflow, get_doc_workflow_state(doc))
    transitions = get_next_possible_transitions(workflow, get_doc_workflow_state(doc), doc)
    if not transitions:
        return
    create_workflow_actions_for_roles(sorted({row.allowed for row in transitions}), doc)
    if send_email_alert(workflow):
        frappe.enqueue(
            "frappe.workflow.doctype.workflow_action.mails.send_workflow_action_email",
            queue="short",
            doctype=doc.doctype,
            docname=doc.name,
            workflow_state=get_doc_workflow_state(doc),
            enqueue_after_commit=True,
            now=frappe.flags.in_test,
        )


def get_doc_workflow_state(doc) -> str | None:
    """The document's state."""
    return doc.get(get_workflow_state_field(get_workflow_name(doc.get("doctype"))))


def is_workflow_action_already_created(doc):
    """Whether the document's waiting in this state has been noted."""
    return frappe.db.exists(
        DOCTYPE,
        {
            "reference_name": doc.get("name"),
            "reference_doctype": doc.get("doctype"),
            "workflow_state": get_doc_workflow_state(doc),
        },
    )


def get_next_possible_transitions(workflow_name: str, state: str, doc) -> list:
    """Transitions out of a state whose condition holds; those into an optional state do not count."""
    workflow = frappe.get_cached_doc("Workflow", workflow_name)
    optional = {row.state for row in workflow.states if row.is_optional_state}
    return [
        row
        for row in workflow.transitions
        if row.state == state
        and row.next_state not in optional
        and is_transition_condition_satisfied(row, doc)
    ]


def update_completed_workflow_actions(
    doc, workflow: str, workflow_state: str, user: str | None = None
) -> None:
    """Complete the open action that a role of the user's, allowed to come into this state, has answered."""
    user = user or frappe.session.user
    transitions = frappe.get_cached_doc("Workflow", workflow).transitions
    allowed = {row.allowed for row in transitions if row.next_state == workflow_state}
    allowed &= set(frappe.get_roles(user))
    if not allowed:
        return
    reference = {"reference_doctype": doc.get("doctype"), "reference_name": doc.get("name")}
    open_names = frappe.get_all(DOCTYPE, filters={**reference, "status": "Open"}, pluck="name")
    rows = frappe.get_all(
        "Workflow Action Permitted Role",
        filters={"parent": ("in", open_names or [""]), "role": ("in", sorted(allowed))},
        fields=["parent", "role"],
        order_by="role asc",
        limit=1,
    )
    done = {"status": "Completed", "completed_by": user}
    if rows:
        frappe.db.set_value(
            DOCTYPE, rows[0].parent, {**done, "completed_by_role": rows[0].role}, update_modified=False
        )
        return
    # Actions that name a user instead of roles.
    frappe.db.delete(DOCTYPE, {**reference, "status": "Open", "user": ("!=", user)})
    frappe.db.set_value(DOCTYPE, {**reference, "status": "Open", "user": user}, done, update_modified=False)


def create_workflow_actions_for_roles(roles, doc) -> None:
    """Note that the document waits for people of these roles."""
    frappe.get_doc(
        {
            "doctype": DOCTYPE,
            "reference_doctype": doc.get("doctype"),
            "reference_name": doc.get("name"),
            "workflow_state": get_doc_workflow_state(doc),
            "status": "Open",
            "permitted_roles": [{"role": role} for role in roles],
        }
    ).insert(ignore_permissions=True)


def clear_workflow_actions(doctype: str, name: str) -> None:
    """Forget what a document waited for."""
    if doctype and name:
        reference = {"reference_doctype": doctype, "reference_name": name}
        for action in frappe.get_all(DOCTYPE, filters=reference, pluck="name"):
            frappe.db.delete("Workflow Action Permitted Role", {"parent": action})
        frappe.db.delete(DOCTYPE, reference)


def __getattr__(name):
    if name in _MAILS:
        from frappe.workflow.doctype.workflow_action import mails

        return getattr(mails, name)
    if name.startswith("__"):
        raise AttributeError(name)
    raise NotImplementedError(f"frappe.workflow.doctype.workflow_action.workflow_action.{name}")
