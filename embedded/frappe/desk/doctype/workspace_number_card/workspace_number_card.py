"""Workspace Number Card: its values only, no rules."""

from frappe.model.document import Document


class WorkspaceNumberCard(Document):
    """One Workspace Number Card."""
