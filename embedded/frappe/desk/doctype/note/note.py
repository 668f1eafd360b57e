"""Note: its values only, no rules."""

from frappe.model.document import Document


class Note(Document):
    """One Note."""
