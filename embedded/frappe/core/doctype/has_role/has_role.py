"""Has Role: its values only, no rules."""

from frappe.model.document import Document


class HasRole(Document):
    """One Has Role."""
