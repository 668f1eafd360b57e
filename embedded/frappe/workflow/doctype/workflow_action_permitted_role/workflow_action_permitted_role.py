"""Workflow Action Permitted Role: its values only, no rules."""

from frappe.model.document import Document


class WorkflowActionPermittedRole(Document):
    """One Workflow Action Permitted Role."""
