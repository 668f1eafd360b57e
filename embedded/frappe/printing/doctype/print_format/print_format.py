"""Print Format: its values only, no rules."""

from frappe.model.document import Document


class PrintFormat(Document):
    """One Print Format."""
