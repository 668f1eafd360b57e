"""DocType Link: its values only, no rules."""

from frappe.model.document import Document


class DocTypeLink(Document):
    """One DocType Link."""
