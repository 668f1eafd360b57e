"""Number Card: its values only, no rules."""

from frappe.model.document import Document


class NumberCard(Document):
    """One Number Card."""
