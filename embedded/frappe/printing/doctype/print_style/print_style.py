"""Print Style: its values only, no rules."""

from frappe.model.document import Document


class PrintStyle(Document):
    """One Print Style."""
