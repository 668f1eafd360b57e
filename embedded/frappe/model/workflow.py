"""Workflows: which state a document is in, who may move it where, and what a move does.

A DocType has at most one active Workflow. Its name is cached by DocType ("" where there is none), so that
a document without a workflow costs no query.
"""

import frappe
from frappe import _
from frappe.model.docstatus import DocStatus
from frappe.utils import cint

# What `frappe.model.workflow` answers besides; the bulk calls lie in a file of their own.
_BULK = ("bulk_workflow_approval", "_bulk_workflow_action", "get_common_transition_actions")

# A step that saving took by itself: the state to show is the first of that docstatus.
_DOCSTATUS_OF_ACTION = {"submit": "1", "update_after_submit": "1", "cancel": "2"}


class WorkflowStateError(frappe.ValidationError):
    """The document has no workflow state."""


class WorkflowTransitionError(frappe.ValidationError):
    """The action does not lead out of this state for this user."""


class WorkflowPermissionError(frappe.ValidationError):
    """The state was changed without a transition that the user may take."""


def get_workflow_name(doctype: str) -> str:
    """Name of the active Workflow of a DocType, "" if there is none."""
    name = frappe.cache.hget("workflow", doctype)
    if name is None:
        if (frappe.flags.in_install or frappe.flags.in_migrate) and not frappe.db.table_exists("Workflow"):
            return ""
        filters = {"document_type": doctype, "is_active": 1}
        name = frappe.db.get_value("Workflow", filters, "name") or ""
        frappe.cache.hset("workflow", doctype, name)
    return name


def get_workflow(doctype: str):
    """The active Workflow of a DocType; a cached document, not to be changed."""
    return frappe.get_cached_doc("Workflow", get_workflow_name(doctype))


@frappe.whitelist()
def get_transitions(doc, workflow=None, raise_exception: bool = False) -> list[dict]:
    """Transitions that the session's user may take from the document's stored state.

    `doc` is a Document, a dict or JSON. Needs `read`. A document without state raises WorkflowStateError.
    """
    from frappe.model.document import Document

    doc = _stored(doc)
    if doc.is_new():
        return []
    doc.check_permission("read")
    if not isinstance(workflow, Document):  # a client's own idea of the workflow does not count
        workflow = get_workflow(doc.doctype)
    state = doc.get(workflow.workflow_state_field)
    if not state:
        if raise_exception:
            raise WorkflowStateError
        frappe.throw(_("Workflow State not set"), WorkflowStateError)
    roles = frappe.get_roles()
    return [
        row.as_dict()
        for row in workflow.transitions
        if row.state == state and row.allowed in roles and is_transition_condition_satisfied(row, doc)
    ]


def _stored(doc):
    from frappe.model.document import Document

    if not isinstance(doc, Document):
        doc = frappe.get_doc(frappe.parse_json(doc))
        doc.load_from_db()
    return doc


def get_workflow_safe_globals() -> dict:
    """What a condition sees beside `doc`: two reading calls, the session, and times."""
    utils = frappe.utils
    return {
        "frappe": frappe._dict(
            db=frappe._dict(get_value=frappe.db.get_value, get_list=frappe.db.get_list),
            session=frappe.session,
            utils=frappe._dict(
                now_datetime=utils.now_datetime,
                add_to_date=utils.add_to_date,
                get_datetime=utils.get_datetime,
                now=utils.now,
            ),
        )
    }


def is_transition_condition_satisfied(transition, doc) -> bool:
    """Whether the transition's condition holds for the document; always, without one."""
    if not transition.condition:
        return True
    return frappe.safe_eval(transition.condition, get_workflow_safe_globals(), {"doc": doc.as_dict()})


@frappe.whitelist()
def apply_workflow(doc, action: str):
    """Take the transition `action` of the stored document and save, submit or cancel it; returns it.

    Raises WorkflowTransitionError for an action that the user may not take here, ValidationError where
    self-approval is not allowed, and what saving raises.
    """
    doc = frappe.get_doc(frappe.parse_json(doc))
    doc.load_from_db()
    workflow = get_workflow(doc.doctype)
    # Two transitions of one name may leave a state, for different roles or conditions: the last one counts.
    possible = [row for row in get_transitions(doc, workflow) if row.action == action]
    if not possible:
        frappe.throw(_("Not a valid Workflow Action"), WorkflowTransitionError)
    transition = possible[-1]
    if not has_approval_access(frappe.session.user, doc, transition):
        frappe.throw(_("Self approval is not allowed"))

    state = next(row for row in workflow.states if row.state == transition.next_state)
    doc.set(workflow.workflow_state_field, transition.next_state)
    if state.update_field:
        doc.set(state.update_field, state.update_value)
    _save_as(doc, state)
    doc.add_comment("Workflow", _(state.state))
    return doc


def _save_as(doc, state) -> None:
    """Save, submit or cancel, as the docstatus of the new state demands."""
    draft, submitted, cancelled = DocStatus.draft(), DocStatus.submitted(), DocStatus.cancelled()
    step = (doc.docstatus, DocStatus(cint(state.doc_status)))
    if step in ((draft, draft), (submitted, submitted)):
        doc.save()
    elif step == (draft, submitted):
        doc.submit()
    elif step == (submitted, cancelled):
        doc.cancel()
    else:
        frappe.throw(_("Illegal Document Status for {0}").format(state.state))


def has_approval_access(user: str, doc, transition) -> bool:
    """Whether `user` is somebody else than the document's owner, or self-approval is allowed."""
    return bool(user == "Administrator" or transition.get("allow_self_approval") or user != doc.get("owner"))


@frappe.whitelist()
def can_cancel_document(doctype: str) -> bool:
    """Whether the form shows Cancel: no transition leads into a cancelled state."""
    frappe.has_permission(doctype, "read", throw=True)
    workflow = get_workflow(doctype)
    cancelled = {row.state for row in workflow.states if row.doc_status == "2"}
    return not any(row.next_state in cancelled for row in workflow.transitions)


def validate_workflow(doc) -> None:
    """Give a new document the first state; refuse a changed state that no transition of the user explains."""
    workflow = get_workflow(doc.doctype)
    if not workflow.states:
        return
    field, first = workflow.workflow_state_field, workflow.states[0].state
    before = doc.get_doc_before_save()
    if not doc.get(field):
        doc.set(field, first)
    wanted = doc.get(field)
    current = (before and before.get(field)) or first
    if current not in {row.state for row in workflow.states}:
        frappe.throw(
            _("{0} is not a valid Workflow State. Please update your Workflow and try again.").format(
                frappe.bold(current)
            )
        )
    if current == wanted:
        return
    if not before or not any(row.next_state == wanted for row in get_transitions(before)):
        frappe.throw(
            _("Workflow State transition not allowed from {0} to {1}").format(
                frappe.bold(current), frappe.bold(wanted)
            ),
            WorkflowPermissionError,
        )


def set_workflow_state_on_action(doc, workflow_name: str, action: str) -> None:
    """Submitted or cancelled past the workflow: show the first state of the new docstatus."""
    workflow = get_workflow(doc.doctype)
    field = workflow.workflow_state_field
    if any(row.state == doc.get(field) and doc.docstatus == cint(row.doc_status) for row in workflow.states):
        return
    for row in workflow.states:
        if row.doc_status == _DOCSTATUS_OF_ACTION[action]:
            doc.set(field, row.state)
            return


def get_workflow_field_value(workflow_name: str, field: str):
    """A property of a Workflow."""
    return frappe.get_cached_value("Workflow", workflow_name, field)


def get_workflow_state_field(workflow_name: str) -> str:
    """The field that holds the state."""
    return get_workflow_field_value(workflow_name, "workflow_state_field")


def send_email_alert(workflow_name: str):
    """Whether a new state is mailed to those who may act next."""
    return get_workflow_field_value(workflow_name, "send_email_alert")


def __getattr__(name):
    if name in _BULK:
        from frappe.model import workflow_bulk

        return getattr(workflow_bulk, name)
    if name.startswith("__"):
        raise AttributeError(name)
    raise NotImplementedError(f"frappe.model.workflow.{name}")
