"""Users of the demo county: one for each role, with passwords made anew whenever they are asked for."""

import secrets

import frappe
from frappe import _
from frappe.utils.password import update_password

from cadre_incentive.setup import demo_story as story
from cadre_incentive.setup import roles

DOMAIN = "demo.example"
# account, role, unit whose subtree the user sees (None: what the role allows)
USERS = (
    ("admin", roles.INCENTIVE_ADMINISTRATOR, None),
    ("leader", roles.LEADER, None),
    ("assessment", roles.ASSESSMENT_OFFICER, None),
    ("supervision", roles.SUPERVISION_OFFICER, None),
    ("discipline", roles.DISCIPLINE_OFFICER, None),
    ("duty", roles.DUTY_OFFICER, None),
    ("audit", roles.READER, None),
    ("principal", roles.UNIT_PRINCIPAL, "DEMO-200"),
    ("staff", roles.UNIT_STAFF, "DEMO-210"),
    ("cadre", roles.CADRE, None),
    ("integrator", roles.INTEGRATOR, None),
)


def load() -> list[dict]:
    """Insert the users that are absent and give each a new random password.

    Returns [{"user", "password", "role", "unit"}]. Refuses (frappe.ValidationError) on a site without the
    demo county: such passwords do not belong beside real records.
    """
    if not frappe.db.exists("Government Unit", story.ROOT[0]):
        frappe.throw(_("There is no demo data."))
    made = []
    for account, role, unit in USERS:
        name = f"{account}@{DOMAIN}"
        if not frappe.db.exists("User", name):
            _insert(name, role, unit)
        password = secrets.token_urlsafe(9)
        update_password(name, password)
        made.append({"user": name, "password": password, "role": role, "unit": unit or ""})
    frappe.db.commit()
    return made


def _insert(name: str, role: str, unit: str | None) -> None:
    user = frappe.get_doc(
        {
            "doctype": "User",
            "email": name,
            "first_name": _(role),
            "send_welcome_email": 0,
            "enabled": 1,
            "language": "zh",
            "roles": [{"role": role}],
        }
    )
    user.flags.no_welcome_mail = True
    user.insert(ignore_permissions=True)
    if unit:
        frappe.get_doc(
            {"doctype": "User Permission", "user": name, "allow": "Government Unit", "for_value": unit}
        ).insert(ignore_permissions=True)


def clear() -> None:
    """Delete the demo users with their User Permissions; does not commit."""
    for name in frappe.get_all("User", filters={"name": ["like", f"%@{DOMAIN}"]}, pluck="name"):
        frappe.db.delete("User Permission", {"user": name})
        frappe.delete_doc("User", name, ignore_permissions=True, force=True)
