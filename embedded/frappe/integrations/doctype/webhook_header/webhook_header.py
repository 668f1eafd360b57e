"""Webhook Header: its values only, no rules."""

from frappe.model.document import Document


class WebhookHeader(Document):
    """One Webhook Header."""
