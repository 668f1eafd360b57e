"""Data Export: its values only, no rules."""

from frappe.model.document import Document


class DataExport(Document):
    """One Data Export."""
