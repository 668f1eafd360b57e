"""Webhook Request Log: what was sent, and what came back."""

import frappe
from frappe.model.document import Document
from frappe.utils import add_days, now_datetime


class WebhookRequestLog(Document):
    """One try."""

    @staticmethod
    def clear_old_logs(days: int = 30) -> None:
        """Delete tries that are older."""
        frappe.db.delete("Webhook Request Log", {"modified": ("<", add_days(now_datetime(), -days))})
