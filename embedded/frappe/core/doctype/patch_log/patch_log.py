"""Patch Log: its values only, no rules."""

from frappe.model.document import Document


class PatchLog(Document):
    """One Patch Log."""
