"""Installed Application: its values only, no rules."""

from frappe.model.document import Document


class InstalledApplication(Document):
    """One Installed Application."""
