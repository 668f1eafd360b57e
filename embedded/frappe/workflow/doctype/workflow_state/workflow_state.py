"""Workflow State: its values only, no rules."""

from frappe.model.document import Document


class WorkflowState(Document):
    """One Workflow State."""
