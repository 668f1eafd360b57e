"""DocField: its values only, no rules."""

from frappe.model.document import Document


class DocField(Document):
    """One DocField."""
