"""Users of the demo county: one for each role, with random passwords that are told again when asked for.

The passwords lie readable in the site's private folder: they open nothing but a county that does not exist.
"""

import json
import os
import secrets
from pathlib import Path

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
    """Insert the users that are absent, each with a random password; those that are there stay as they are.

    Returns [{"user", "password", "role", "unit"}], the passwords as this function set them. Refuses
    (frappe.ValidationError) on a site without the demo county: such passwords do not belong beside real
    records.
    """
    if not frappe.db.exists("Government Unit", story.ROOT[0]):
        frappe.throw(_("There is no demo data."))
    told = _told()
    passwords = {}
    for account, role, unit in USERS:
        name = f"{account}@{DOMAIN}"
        absent = not frappe.db.exists("User", name)
        if absent:
            _insert(name, role, unit)
        passwords[name] = told.get(name)
        if absent or not passwords[name]:
            passwords[name] = secrets.token_urlsafe(9)
            update_password(name, passwords[name])
    if passwords != told:
        _tell(passwords)
    frappe.db.commit()
    return [
        {"user": name, "password": passwords[name], "role": role, "unit": unit or ""}
        for account, role, unit in USERS
        for name in (f"{account}@{DOMAIN}",)
    ]


def _file() -> Path:
    return Path(frappe.get_site_path("private", "demo-passwords.json"))


def _told() -> dict[str, str]:
    return json.loads(_file().read_text()) if _file().exists() else {}


def _tell(passwords: dict[str, str]) -> None:
    """Write the file for its owner alone, whole or not at all."""
    part = _file().with_suffix(".part")
    part.unlink(missing_ok=True)
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
        json.dump(passwords, handle)
    part.replace(_file())


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
    _file().unlink(missing_ok=True)
