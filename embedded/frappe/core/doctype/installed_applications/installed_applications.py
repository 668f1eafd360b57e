"""Installed Applications: its values only, no rules."""

from frappe.model.document import Document


class InstalledApplications(Document):
    """One Installed Applications."""
