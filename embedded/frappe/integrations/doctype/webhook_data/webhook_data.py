"""Webhook Data: its values only, no rules."""

from frappe.model.document import Document


class WebhookData(Document):
    """One Webhook Data."""
