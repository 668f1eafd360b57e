"""DocType State: its values only, no rules."""

from frappe.model.document import Document


class DocTypeState(Document):
    """One DocType State."""
