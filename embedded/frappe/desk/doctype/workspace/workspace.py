"""Workspace: its values only, no rules."""

from frappe.model.document import Document


class Workspace(Document):
    """One Workspace."""
