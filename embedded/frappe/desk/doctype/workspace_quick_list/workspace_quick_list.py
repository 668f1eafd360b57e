"""Workspace Quick List: its values only, no rules."""

from frappe.model.document import Document


class WorkspaceQuickList(Document):
    """One Workspace Quick List."""
