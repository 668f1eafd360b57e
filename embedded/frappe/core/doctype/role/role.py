"""Role: what permissions are granted to."""

import frappe
from frappe import _
from frappe.model.document import Document

STANDARD_ROLES = ("Administrator", "System Manager", "Script Manager", "All", "Guest")


class Role(Document):
    """A name that users hold and permissions are given to."""

    def before_rename(self, old: str, new: str, merge: bool = False) -> None:
        if old in STANDARD_ROLES:
            frappe.throw(_("Standard roles cannot be renamed"))

    def validate(self) -> None:
        if self.disabled:
            if self.name in STANDARD_ROLES:
                frappe.throw(_("Standard roles cannot be disabled"))
            frappe.db.delete("Has Role", {"role": self.name})

    def on_update(self) -> None:
        """Administrator holds every role, and whoever holds this one may gain or lose the desk."""
        frappe.cache.delete_value("roles")
        frappe.local.role_permissions.clear()


def get_users(role: str) -> list[str]:
    """Enabled users that hold a role."""
    users = frappe.get_all("Has Role", {"role": role, "parenttype": "User"}, pluck="parent")
    return frappe.get_all("User", {"name": ("in", users), "enabled": 1}, pluck="name") if users else []
