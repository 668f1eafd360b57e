"""Notification Subscribed Document: its values only, no rules."""

from frappe.model.document import Document


class NotificationSubscribedDocument(Document):
    """One Notification Subscribed Document."""
