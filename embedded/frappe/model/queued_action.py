"""Actions on a document that a worker carries out, while the document is locked."""

import frappe
from frappe import _
from frappe.utils import file_lock

LOCK_MAY_BE_BROKEN_AFTER = 60 * 60  # seconds


def queue_action(doc, action: str, **kwargs):
    """Lock a document and let a worker call `_<action>` of it, or `action`, after this transaction's commit.

    Raises ValidationError while it is locked; after an hour the message offers to unlock it.
    """
    if hasattr(doc, f"_{action}"):
        action = f"_{action}"
    try:
        doc.lock()
    except frappe.DocumentLockedError:
        unlock = None
        if file_lock.lock_age(doc.get_signature()) > LOCK_MAY_BE_BROKEN_AFTER:
            unlock = {
                "label": "Force Unlock",
                "server_action": "frappe.model.queued_action.unlock_document",
                "hide_on_success": True,
                "args": {"doctype": doc.doctype, "name": doc.name},
            }
        frappe.throw(
            _("This document is currently locked and queued. Please try again after some time."),
            title=_("Document Queued"),
            primary_action=unlock,
        )
    after_commit = kwargs.pop("enqueue_after_commit", None)
    return frappe.enqueue(
        execute_action,
        __doctype=doc.doctype,
        __name=doc.name,
        __action=action,
        enqueue_after_commit=True if after_commit is None else after_commit,
        **kwargs,
    )


def execute_action(__doctype, __name, __action, **kwargs) -> None:
    """What the worker calls: unlock, act; where that fails, undo it and say so in a comment."""
    doc = frappe.get_doc(__doctype, __name)
    doc.unlock()
    try:
        getattr(doc, __action)(**kwargs)
    except Exception:
        frappe.db.rollback()
        if frappe.message_log:
            reason = frappe.message_log[-1].get("message")
        else:
            reason = f"<pre><code>{frappe.utils.escape_html(frappe.get_traceback())}</code></pre>"
        doc.add_comment("Comment", _("Action Failed") + "<br><br>" + reason)
    doc.notify_update()


@frappe.whitelist(methods=["POST", "PUT"])
def unlock_document(doctype: str, name: str) -> None:
    """Take a document's lock away. For who may write it."""
    doc = frappe.get_doc(doctype, name)
    doc.check_permission("write")
    doc.unlock()
    frappe.msgprint(_("Document Unlocked"), alert=True)
