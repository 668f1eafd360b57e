"""DocType Action: its values only, no rules."""

from frappe.model.document import Document


class DocTypeAction(Document):
    """One DocType Action."""
