"""Note: public, or its writer's own."""

import frappe
from frappe.model.document import Document


class Note(Document):
    """One Note."""


def get_permission_query_conditions(user: str | None = None) -> str:
    """Notes of one's own and public ones."""
    user = frappe.db.escape(user or frappe.session.user, percent=False)
    return f"(`tabNote`.owner = {user} or `tabNote`.public = 1)"


def has_permission(doc, user: str | None = None) -> bool:
    """The same for one note."""
    return bool(doc.public or doc.owner == user)
