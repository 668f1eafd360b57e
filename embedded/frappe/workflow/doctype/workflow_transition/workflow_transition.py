"""Workflow Transition: its values only, no rules."""

from frappe.model.document import Document


class WorkflowTransition(Document):
    """One Workflow Transition."""
