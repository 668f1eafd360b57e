"""The units that a user may see."""

import frappe

from cadre_incentive.setup import roles

SEE_ALL = frozenset(
    {
        "System Manager",
        roles.INCENTIVE_ADMINISTRATOR,
        roles.DISCIPLINE_OFFICER,
        roles.DUTY_OFFICER,
        roles.SUPERVISION_OFFICER,
        roles.ASSESSMENT_OFFICER,
        roles.READER,
        roles.LEADER,
        roles.INTEGRATOR,
    }
)


def visible_units(user: str | None = None, doctype: str | None = None) -> list[str] | None:
    """Codes of the units whose records `user` (by default the session's) may see; None means all.

    Whoever holds none of the roles that see everything sees the units that User Permission assigns,
    with all units below them, and nothing where none is assigned. A User Permission that applies to
    one DocType only counts for that `doctype`.
    """
    user = user or frappe.session.user
    if user == "Administrator" or SEE_ALL & set(frappe.get_roles(user)):
        return None
    assigned = frappe.get_all(
        "User Permission",
        filters={"user": user, "allow": "Government Unit"},
        fields=["for_value", "apply_to_all_doctypes", "applicable_for", "hide_descendants"],
    )
    assigned = [row for row in assigned if row.apply_to_all_doctypes or row.applicable_for == doctype]
    units = {row.for_value for row in assigned if row.hide_descendants}
    units.update(_subtrees([row.for_value for row in assigned if not row.hide_descendants]))
    return sorted(units)


def _subtrees(tops: list[str]) -> set[str]:
    """The units `tops` and everything below them."""
    if not tops:
        return set()
    bounds = frappe.get_all("Government Unit", filters={"name": ("in", tops)}, fields=["lft", "rgt"])
    if not bounds:
        return set()
    unit = frappe.qb.DocType("Government Unit")
    inside = [unit.lft.between(row.lft, row.rgt) for row in bounds]
    condition = inside[0]
    for more in inside[1:]:
        condition |= more
    return {row[0] for row in frappe.qb.from_(unit).select(unit.name).where(condition).run()}
