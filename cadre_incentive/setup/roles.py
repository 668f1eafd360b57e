"""The roles of the app: seeded if absent, never changed afterwards."""

import frappe

INCENTIVE_ADMINISTRATOR = "Incentive Administrator"
UNIT_STAFF = "Unit Staff"
UNIT_PRINCIPAL = "Unit Principal"
DISCIPLINE_OFFICER = "Discipline Officer"
DUTY_OFFICER = "Duty Officer"
SUPERVISION_OFFICER = "Supervision Officer"
ASSESSMENT_OFFICER = "Assessment Officer"
READER = "Inspection and Audit Reader"
CADRE = "Cadre"
LEADER = "Leader"
INTEGRATOR = "Integrator"

ROLES = (
    INCENTIVE_ADMINISTRATOR,
    UNIT_STAFF,
    UNIT_PRINCIPAL,
    DISCIPLINE_OFFICER,
    DUTY_OFFICER,
    SUPERVISION_OFFICER,
    ASSESSMENT_OFFICER,
    READER,
    CADRE,
    LEADER,
    INTEGRATOR,
)
# The interface user speaks REST only.
WITHOUT_DESK = frozenset({INTEGRATOR})


def seed_roles() -> None:
    """Insert the roles that are absent."""
    present = set(frappe.get_all("Role", filters={"name": ("in", ROLES)}, pluck="name"))
    for role in ROLES:
        if role not in present:
            desk_access = int(role not in WITHOUT_DESK)
            frappe.get_doc({"doctype": "Role", "role_name": role, "desk_access": desk_access}).insert(
                ignore_permissions=True
            )


def close_desk() -> None:
    """Take the desk from the roles that are not for people.

    Frappe itself makes the roles that a DocType names, with the desk, while it installs the app;
    so this runs once after the installation and leaves an administrator's later choice alone.
    """
    for role in sorted(WITHOUT_DESK):
        doc = frappe.get_doc("Role", role)
        if doc.desk_access:
            doc.desk_access = 0
            doc.save(ignore_permissions=True)
