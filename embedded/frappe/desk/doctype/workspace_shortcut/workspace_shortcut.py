"""Workspace Shortcut: its values only, no rules."""

from frappe.model.document import Document


class WorkspaceShortcut(Document):
    """One Workspace Shortcut."""
