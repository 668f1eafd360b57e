"""Deleted Document: its values only, no rules."""

from frappe.model.document import Document


class DeletedDocument(Document):
    """One Deleted Document."""
