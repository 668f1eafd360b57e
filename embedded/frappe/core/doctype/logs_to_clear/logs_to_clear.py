"""Logs To Clear: how long the records of a log are kept."""

from frappe.model.document import Document


class LogsToClear(Document):
    """A row of Log Settings."""
