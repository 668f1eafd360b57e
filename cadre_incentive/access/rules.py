"""The condition of each DocType: a function of the user, None where the roles alone decide."""

import frappe

from cadre_incentive.access.conditions import Both, Condition, Either, one_of
from cadre_incentive.access.units import visible_units
from cadre_incentive.setup import roles

SEE_DRAFTS = frozenset(
    {
        "System Manager",
        roles.INCENTIVE_ADMINISTRATOR,
        roles.ASSESSMENT_OFFICER,
        roles.SUPERVISION_OFFICER,
        roles.LEADER,
    }
)
UNIT_ROLES = frozenset({roles.UNIT_STAFF, roles.UNIT_PRINCIPAL})


def cadre(user: str) -> Condition | None:
    """The cadres of the visible units for a unit's people; for a cadre, his or her own record."""
    units = visible_units(user, "Cadre")
    if units is None:
        return None
    own = one_of("user", [user])
    return Either(one_of("unit", units), own) if _holds_unit_role(user) else own


def record_of_unit(doctype: str):
    """Records whose field `unit` is a visible unit."""

    def condition(user: str) -> Condition | None:
        units = visible_units(user, doctype)
        return None if units is None else one_of("unit", units)

    return condition


def merit_ledger_entry(user: str) -> Condition | None:
    """Entries about the visible units for a unit's people; for a cadre, those about himself or herself."""
    units = visible_units(user, "Merit Ledger Entry")
    if units is None:
        return None
    own = frappe.get_all("Cadre", filters={"user": user}, pluck="name")
    about_self = Both(one_of("party_type", ["Cadre"]), one_of("party", own))
    if not _holds_unit_role(user):
        return about_self
    return Either(Both(one_of("party_type", ["Government Unit"]), one_of("party", units)), about_self)


def red_black_list(user: str) -> Condition | None:
    """Drafts only for those who make, check and decide; what is published, for every role."""
    if user == "Administrator" or SEE_DRAFTS & set(frappe.get_roles(user)):
        return None
    return one_of("docstatus", [1])


def _holds_unit_role(user: str) -> bool:
    return bool(UNIT_ROLES & set(frappe.get_roles(user)))


RULES = {
    "Cadre": cadre,
    "Issue Ticket": record_of_unit("Issue Ticket"),
    "Merit Ledger Entry": merit_ledger_entry,
    "Red Black List": red_black_list,
    "Satisfaction Response": record_of_unit("Satisfaction Response"),
}
# Rows of these tables can be listed by themselves: Frappe asks then for the right to read the parent's
# DocType, not for the rule of the parent.
TABLES = {"Red Black List Entry": "Red Black List"}
