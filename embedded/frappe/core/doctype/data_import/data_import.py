"""Data Import: its values only, no rules."""

from frappe.model.document import Document


class DataImport(Document):
    """One Data Import."""
