"""Rebuild and publish red/black lists from the desk, the phone or another system (policy E1)."""

import frappe
from frappe import _

from cadre_incentive.cadre_incentive.doctype.red_black_list import rebuild as lists
from cadre_incentive.setup import roles

REBUILDERS = ("System Manager", roles.INCENTIVE_ADMINISTRATOR, roles.ASSESSMENT_OFFICER)
PUBLISHERS = ("System Manager", roles.INCENTIVE_ADMINISTRATOR)


@frappe.whitelist(methods=["POST"])
def rebuild(period: str, board: str | None = None, cutoff: str | None = None) -> list[dict]:
    """Rebuild one board's list of a month ("YYYY-MM"), or those of every enabled board.

    Returns [{"board", "name", "error"}]. With one board its error is raised; with several, a board that
    fails is reported and logged and the others go on. Raises frappe.PermissionError, and
    frappe.ValidationError for a malformed or future period.
    """
    _only_for(REBUILDERS)
    if board:
        return [{"board": board, "name": lists.rebuild(board, period, cutoff), "error": None}]
    lists.cutoffs.parse_period(period)
    return [outcome._asdict() for outcome in lists.rebuild_boards(lists.enabled_boards(), period, cutoff)]


@frappe.whitelist(methods=["POST"])
def publish(name: str) -> str:
    """Publish a draft list; strikes are posted in the same transaction. Returns its name."""
    _only_for(PUBLISHERS)
    return lists.publish(name)


def _only_for(allowed: tuple[str, ...]) -> None:
    if frappe.session.user != "Administrator" and set(allowed).isdisjoint(frappe.get_roles()):
        frappe.throw(
            _("This needs one of the roles {0}").format(", ".join(_(role) for role in allowed)),
            frappe.PermissionError,
        )
