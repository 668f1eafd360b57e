"""Email Queue Recipient: its values only, no rules."""

from frappe.model.document import Document


class EmailQueueRecipient(Document):
    """One Email Queue Recipient."""
