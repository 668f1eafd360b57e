"""Activity Log: who signed in, out, or tried to."""

import frappe
from frappe.model.document import Document


class ActivityLog(Document):
    """Written by the host only."""


def add_authentication_log(subject: str, user: str, operation="Login", status="Success") -> None:
    """Keep that somebody signed in, or failed to."""
    log = frappe.get_doc(
        doctype="Activity Log",
        user=user,
        status=status,
        subject=subject,
        operation=operation,
        ip_address=frappe.local.request_ip,
    )
    log.insert(ignore_permissions=True, ignore_links=True)


def on_doctype_update() -> None:
    frappe.db.add_index("Activity Log", ["user", "creation"])
