"""Workspace Link: its values only, no rules."""

from frappe.model.document import Document


class WorkspaceLink(Document):
    """One Workspace Link."""
