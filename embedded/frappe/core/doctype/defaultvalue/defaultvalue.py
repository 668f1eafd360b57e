"""DefaultValue: its values only, no rules."""

from frappe.model.document import Document


class DefaultValue(Document):
    """One DefaultValue."""
