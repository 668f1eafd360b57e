"""One workflow action on many documents: each succeeds or fails alone, and the user is told which."""

import frappe
from frappe import _
from frappe.model.workflow import (
    WorkflowStateError,
    apply_workflow,
    get_transitions,
    has_approval_access,
)
from frappe.request_arguments import as_dicts, as_list

IN_THE_REQUEST = 20  # fewer than this many are done at once
LIMIT = 500


@frappe.whitelist()
def bulk_workflow_approval(docnames, doctype: str, action: str) -> None:
    """Apply `action` to documents by name (a list, or JSON); 20 and more in the background, 500 at most.

    The outcome is in the messages. Permissions are those of `apply_workflow`, document by document.
    """
    docnames = as_list(docnames)
    if len(docnames) < IN_THE_REQUEST:
        _bulk_workflow_action(docnames, doctype, action)
    elif len(docnames) <= LIMIT:
        frappe.msgprint(_("Bulk {0} is enqueued in background.").format(action), alert=True)
        frappe.enqueue(
            "frappe.model.workflow_bulk._bulk_workflow_action",
            docnames=docnames,
            doctype=doctype,
            action=action,
            queue="short",
            timeout=1000,
        )
    else:
        frappe.throw(_("Bulk approval only support up to 500 documents."), title=_("Too Many Documents"))


def _bulk_workflow_action(docnames, doctype: str, action: str) -> None:
    failed, done = {}, {}
    frappe.clear_messages()
    for docname in docnames:
        try:
            apply_workflow(frappe.get_doc(doctype, docname), action)
            frappe.db.commit()
            target = done
        except Exception as error:
            messages = [message.get("message") for message in frappe.get_message_log()]
            if not messages:
                messages = [f"{type(error).__name__} : {error}" if error.args else type(error).__name__]
            frappe.db.rollback()
            frappe.log_error(
                title=f"Workflow {action} threw an error for {doctype} {docname}",
                reference_doctype="Workflow",
                reference_name=action,
            )
            frappe.db.commit()
            failed[docname] = messages
            target = None
        if target is done:
            done[docname] = [message.get("message") for message in frappe.get_message_log()]
        frappe.clear_messages()
    indicator = "green" if not failed else "orange" if done else "red"
    _tell(failed, _("Failed Transactions"), doctype, indicator)
    _tell(done, _("Successful Transactions"), doctype, indicator)


def _tell(outcome: dict, title: str, doctype: str, indicator: str) -> None:
    """One message for the user: a line for each document, what it said below."""
    if not outcome:
        return
    lines = [f"<h4>{title}</h4>"]
    for docname, messages in outcome.items():
        said = "".join(f"<div class='small text-muted'>{message}</div>" for message in messages if message)
        link = frappe.utils.get_link_to_form(doctype, docname)
        lines.append(f"<details><summary>{link}</summary>{said}</details>")
    frappe.msgprint("".join(lines), title=_("Workflow Status"), indicator=indicator, is_minimizable=True)


@frappe.whitelist()
def get_common_transition_actions(docs, doctype: str) -> list[str]:
    """Actions that the user may take on every one of `docs` (dicts with `name`, or JSON)."""
    common: list[str] = []
    for position, doc in enumerate(as_dicts(docs)):
        doc = frappe.get_doc(doc.get("doctype") or doctype, doc.get("name"))
        try:
            transitions = get_transitions(doc, raise_exception=True)
        except WorkflowStateError:
            break
        actions = [row.action for row in transitions if has_approval_access(frappe.session.user, doc, row)]
        common = actions if position == 0 else [action for action in common if action in actions]
        if not common:
            return []
    return common
