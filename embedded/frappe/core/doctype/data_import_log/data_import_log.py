"""Data Import Log: its values only, no rules."""

from frappe.model.document import Document


class DataImportLog(Document):
    """One Data Import Log."""
