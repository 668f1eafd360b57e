"""Who listens to a document's events beside its controller and hooks.

Workflows, Notifications, Webhooks and Server Scripts are documents of administrators. The DocTypes that
have any are kept in one cached set, so that all others pay one look-up per event and no query.
"""

import frappe

_CACHE_KEY = "observed_doctypes"
# What is kept of each kind, under Frappe's keys.
_CACHED = (_CACHE_KEY, "notifications", "webhooks", "server_script_map")
_NOBODY: frozenset = frozenset()
_SOURCES = (
    ("Notification", "document_type", {"enabled": 1}),
    ("Webhook", "webhook_doctype", {"enabled": 1}),
    ("Server Script", "reference_doctype", {"disabled": 0}),
    ("Workflow", "document_type", {"is_active": 1}),
)


def observed_doctypes() -> frozenset:
    """DocTypes whose events somebody observes; nobody, while the site is being installed."""
    known = frappe.local.cache.get(_CACHE_KEY)  # this is asked for at every event of every document
    if known is not None:
        return known
    if frappe.flags.in_install or frappe.flags.in_install_db or _tables_are_missing():
        return _NOBODY
    known = frappe.cache.get_value(_CACHE_KEY)
    if known is None:
        known = _read()
        frappe.cache.set_value(_CACHE_KEY, known)
    frappe.local.cache[_CACHE_KEY] = known
    return known


def _read() -> frozenset:
    return frozenset(
        doctype
        for source, field, filters in _SOURCES
        for doctype in frappe.get_all(source, filters=filters, pluck=field, distinct=True, order_by=None)
        if doctype
    )


def _tables_are_missing() -> bool:
    """A site of an older version is being migrated, and has not come to these tables yet."""
    if not (frappe.flags.in_migrate or frappe.flags.in_patch):
        return False
    return not all(frappe.db.table_exists(source) for source, _field, _filters in _SOURCES)


def forget_observers() -> None:
    """Read anew who listens: now, and again when the transaction ends (others may have read meanwhile)."""

    def forget():
        frappe.local.cache.pop(_CACHE_KEY, None)
        frappe.cache.delete_value(list(_CACHED))

    forget()
    frappe.db.after_commit.add(forget)
    frappe.db.after_rollback.add(forget)


def tell(doc, method: str) -> None:
    """Run what observes `doc`'s DocType, in Frappe's order."""
    from frappe.core.doctype.server_script.server_script_utils import run_server_script_for_doc_event
    from frappe.email.doctype.notification.events import run_notifications
    from frappe.integrations.doctype.webhook import run_webhooks

    if method in ("on_update", "on_cancel", "on_trash", "on_update_after_submit"):
        from frappe.workflow.doctype.workflow_action.workflow_action import process_workflow_actions

        process_workflow_actions(doc, method)
    run_notifications(doc, method)
    run_webhooks(doc, method)
    run_server_script_for_doc_event(doc, method)
