"""What is asked about users as a group."""

import frappe
from frappe.utils._user_rights import UserPermissions  # noqa: F401


def get_users_with_role(role: str) -> list[str]:
    """Enabled users that hold a role, Administrator not among them."""
    user, has_role = frappe.qb.DocType("User"), frappe.qb.DocType("Has Role")
    return (
        frappe.qb.from_(user)
        .join(has_role)
        .on((has_role.parent == user.name) & (has_role.parenttype == "User"))
        .select(user.name)
        .where((has_role.role == role) & (user.enabled == 1) & (user.name != "Administrator"))
        .orderby(user.name)
        .distinct()
        .run(pluck=True)
    )
