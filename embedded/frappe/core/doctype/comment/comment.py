"""Comment: its values only, no rules."""

from frappe.model.document import Document


class Comment(Document):
    """One Comment."""
