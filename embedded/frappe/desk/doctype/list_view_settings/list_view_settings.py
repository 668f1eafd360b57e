"""List View Settings: its values only, no rules."""

from frappe.model.document import Document


class ListViewSettings(Document):
    """One List View Settings."""
