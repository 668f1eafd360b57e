"""What every new site holds: the standard roles, Administrator and Guest."""

import frappe
from frappe.core.doctype.file.utils import make_home_folder

STANDARD_ROLES = (
    "Administrator", "System Manager", "Guest", "All", "Desk User", "Report Manager", "Workspace Manager",
)  # fmt: skip

STANDARD_USERS = (
    {"name": "Administrator", "email": "admin@example.com", "is_admin": 1, "roles": ["Administrator"]},
    {"name": "Guest", "email": "guest@example.com", "is_guest": 1, "roles": ["Guest"]},
)


def after_install() -> None:
    """Insert roles and users that are missing; Administrator gets every role and its password."""
    for role in STANDARD_ROLES:
        _insert_if_absent({"doctype": "Role", "role_name": role, "desk_access": role not in ("Guest", "All")})
    for user in STANDARD_USERS:
        _insert_if_absent(
            {
                "doctype": "User",
                **user,
                "first_name": user["name"],
                "enabled": 1,
                "roles": [{"role": role} for role in user["roles"]],
            }
        )
    administrator = frappe.get_doc("User", "Administrator")
    administrator.add_roles(*frappe.get_all("Role", pluck="name"))
    if frappe.conf.get("admin_password"):
        from frappe.utils.password import update_password

        update_password("Administrator", frappe.conf.admin_password)
    make_home_folder()
    frappe.db.commit()


def _insert_if_absent(values: dict) -> None:
    name = values.get("name") or values["role_name"]
    if frappe.db.exists(values["doctype"], name):
        return
    doc = frappe.get_doc(values)
    doc.flags.ignore_links = True
    doc.flags.no_welcome_mail = True
    doc.insert(ignore_permissions=True, ignore_mandatory=True)
