"""DocPerm: its values only, no rules."""

from frappe.model.document import Document


class DocPerm(Document):
    """One DocPerm."""
