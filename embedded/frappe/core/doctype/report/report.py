"""Report: its values only, no rules."""

from frappe.model.document import Document


class Report(Document):
    """One Report."""
