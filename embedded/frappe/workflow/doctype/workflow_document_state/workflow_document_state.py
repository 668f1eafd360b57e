"""Workflow Document State: its values only, no rules."""

from frappe.model.document import Document


class WorkflowDocumentState(Document):
    """One Workflow Document State."""
