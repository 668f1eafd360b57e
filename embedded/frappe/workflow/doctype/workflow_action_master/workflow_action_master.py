"""Workflow Action Master: its values only, no rules."""

from frappe.model.document import Document


class WorkflowActionMaster(Document):
    """One Workflow Action Master."""
