"""Print Settings: its values only, no rules."""

from frappe.model.document import Document


class PrintSettings(Document):
    """One Print Settings."""
