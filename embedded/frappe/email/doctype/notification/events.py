"""Which Notifications a document's event sets off."""

import frappe

_EVENTS = {"on_update": "Save", "after_insert": "New", "on_submit": "Submit", "on_cancel": "Cancel"}


def run_notifications(doc, method: str) -> None:
    """Evaluate the enabled Notifications of the DocType that name this event; each once in a save.

    Importing, patching and installing send nothing.
    """
    flags = frappe.flags
    if (flags.in_import and flags.mute_emails) or flags.in_patch or flags.in_install:
        return
    alerts = frappe.cache.hget("notifications", doc.doctype, lambda: _enabled(doc.doctype))
    if not alerts:
        return
    event = _EVENTS.get(method)
    if method == "on_change" and not (doc.flags.in_insert or doc.flags.in_delete):
        event = "Value Change"
    if doc.flags.notifications_executed is None:
        doc.flags.notifications_executed = []
    from frappe.email.doctype.notification.notification import evaluate_alert

    for alert in alerts:
        wanted = (event and alert.event == event) or (alert.event == "Method" and alert.method == method)
        if wanted and alert.name not in doc.flags.notifications_executed:
            evaluate_alert(doc, alert.name, alert.event)
            doc.flags.notifications_executed.append(alert.name)


def _enabled(doctype: str) -> list:
    return frappe.get_all(
        "Notification",
        filters={"enabled": 1, "document_type": doctype},
        fields=["name", "event", "method"],
        order_by="creation asc",
    )
