"""Note Seen By: its values only, no rules."""

from frappe.model.document import Document


class NoteSeenBy(Document):
    """One Note Seen By."""
