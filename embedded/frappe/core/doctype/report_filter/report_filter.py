"""Report Filter: its values only, no rules."""

from frappe.model.document import Document


class ReportFilter(Document):
    """One Report Filter."""
