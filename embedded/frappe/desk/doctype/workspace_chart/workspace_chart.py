"""Workspace Chart: its values only, no rules."""

from frappe.model.document import Document


class WorkspaceChart(Document):
    """One Workspace Chart."""
