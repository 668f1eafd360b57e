"""Data Import Log: what became of one document of an import."""

from frappe.model.document import Document


class DataImportLog(Document):
    """Written by the import."""
