"""Which Webhooks a document's event sets off; they are sent once the transaction has lasted."""

import frappe

_ALWAYS = ("on_update", "after_insert", "on_submit", "on_cancel", "on_trash")
# A change is none while the document is being made.
_NOT_IN_INSERT = ("on_change", "on_update_after_submit")


def get_all_webhooks() -> dict[str, list]:
    """Enabled Webhooks by DocType."""
    webhooks: dict[str, list] = {}
    for row in frappe.get_all(
        "Webhook",
        fields=["name", "condition", "webhook_docevent", "webhook_doctype", "background_jobs_queue"],
        filters={"enabled": 1},
        order_by="creation asc",
    ):
        webhooks.setdefault(row.webhook_doctype, []).append(row)
    return webhooks


def run_webhooks(doc, method: str) -> None:
    """Note the Webhooks of this event whose condition holds; importing, patching and installing call none."""
    flags = frappe.flags
    if flags.in_import or flags.in_patch or flags.in_install or flags.in_migrate:
        return
    if method not in _ALWAYS and (doc.flags.in_insert or method not in _NOT_IN_INSERT):
        return
    webhooks = frappe.cache.get_value("webhooks", get_all_webhooks).get(doc.doctype)
    for webhook in webhooks or ():
        if webhook.webhook_docevent == method and _is_met(webhook, doc):
            _add_webhook_to_queue(webhook, doc)


def _is_met(webhook, doc) -> bool:
    if not webhook.condition:
        return True
    from frappe.integrations.doctype.webhook.webhook import get_context

    return bool(frappe.safe_eval(webhook.condition, eval_locals=get_context(doc)))


def _add_webhook_to_queue(webhook, doc) -> None:
    """Keep the document's last state in this transaction for each Webhook and document."""
    queue = frappe.local.get("webhook_queue")
    if not queue:
        queue = frappe.local.webhook_queue = {}
        frappe.db.after_commit.add(flush_webhook_execution_queue)
        frappe.db.after_rollback.add(_drop)
    queue[webhook.name, doc.doctype, doc.name] = (webhook, doc)


def _drop() -> None:
    frappe.local.webhook_queue = {}


def flush_webhook_execution_queue() -> None:
    """Hand every noted Webhook to a background job."""
    queue = frappe.local.get("webhook_queue") or {}
    _drop()
    for webhook, doc in queue.values():
        frappe.enqueue(
            "frappe.integrations.doctype.webhook.webhook.enqueue_webhook",
            queue=webhook.background_jobs_queue or "default",
            timeout=600,
            now=frappe.flags.in_test,
            doc=doc.as_dict(convert_dates_to_str=True),
            webhook={"name": webhook.name},
        )
