"""View Log: its values only, no rules."""

from frappe.model.document import Document


class ViewLog(Document):
    """One View Log."""
