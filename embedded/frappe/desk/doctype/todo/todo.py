"""ToDo: its values only, no rules."""

from frappe.model.document import Document


class ToDo(Document):
    """One ToDo."""
