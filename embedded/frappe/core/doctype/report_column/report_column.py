"""Report Column: its values only, no rules."""

from frappe.model.document import Document


class ReportColumn(Document):
    """One Report Column."""
