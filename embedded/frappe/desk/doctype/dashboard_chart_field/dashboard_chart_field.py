"""Dashboard Chart Field: its values only, no rules."""

from frappe.model.document import Document


class DashboardChartField(Document):
    """One Dashboard Chart Field."""
