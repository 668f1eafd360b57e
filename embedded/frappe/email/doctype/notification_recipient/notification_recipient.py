"""Notification Recipient: its values only, no rules."""

from frappe.model.document import Document


class NotificationRecipient(Document):
    """One Notification Recipient."""
