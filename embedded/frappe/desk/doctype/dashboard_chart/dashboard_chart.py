"""Dashboard Chart: its values only, no rules."""

from frappe.model.document import Document


class DashboardChart(Document):
    """One Dashboard Chart."""
