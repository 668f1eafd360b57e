"""Letter Head: its values only, no rules."""

from frappe.model.document import Document


class LetterHead(Document):
    """One Letter Head."""
