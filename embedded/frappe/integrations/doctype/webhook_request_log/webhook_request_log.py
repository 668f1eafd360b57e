"""Webhook Request Log: its values only, no rules."""

from frappe.model.document import Document


class WebhookRequestLog(Document):
    """One Webhook Request Log."""
