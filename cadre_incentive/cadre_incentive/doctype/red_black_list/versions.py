"""The versions of one board's list for one period, and the lock under which they are decided on."""

import frappe
from frappe import _


def lock_board(board: str) -> dict:
    """Lock the board's row until the transaction ends and return its fields; refuses an unknown board.

    All writers of lists take turns at one row first: locking reads also lock the gaps between rows
    (InnoDB), so that two boards, each locked by itself, could wait for one another.
    """
    frappe.db.get_value("DocType", "Red Black List", "name", for_update=True)
    row = frappe.db.get_value("List Board", board, "*", as_dict=True, for_update=True) if board else None
    if not row:
        frappe.throw(_("List Board {0} does not exist").format(board), frappe.DoesNotExistError)
    return row


def check_board(board: str, period: str) -> str:
    """The board's name; refuses an unknown board, and a disabled one unless there is a list to correct."""
    enabled = frappe.db.get_value("List Board", board, "enabled")
    if enabled is None:
        frappe.throw(_("List Board {0} does not exist").format(board), frappe.DoesNotExistError)
    refuse_disabled(board, enabled, [] if enabled else of_period(board, period))
    return board


def refuse_disabled(board: str, enabled: int, versions: list[dict]) -> None:
    """A disabled board makes no new lists; one that is published there may still be corrected."""
    if not enabled and not published(versions):
        frappe.throw(_("List Board {0} is disabled").format(board))


def of_period(board: str, period: str) -> list[dict]:
    """All versions, the newest first, read as committed by now (locking) rather than as of a snapshot."""
    head = frappe.qb.DocType("Red Black List")
    return (
        frappe.qb.from_(head)
        .select(head.name, head.version, head.docstatus, head.status, head.cutoff, head.input_digest)
        .where(head.board == board)
        .where(head.period == period)
        .orderby(head.version, order=frappe.qb.desc)
        .for_update()
    ).run(as_dict=True)


def published(versions: list[dict]) -> dict | None:
    """The one version in force, if any."""
    return next((v for v in versions if v.docstatus == 1 and v.status == "Published"), None)


def draft(versions: list[dict]) -> dict | None:
    return next((v for v in versions if v.docstatus == 0), None)


def supersede(old: str, new: str) -> tuple[str, str]:
    """Take a published version out of force; returns the (item type, item) that its strikes stand under.

    Written to the row, not saved as a document: a published list refuses every save.
    """
    frappe.db.set_value("Red Black List", old, {"status": "Superseded", "superseded_by": new})
    return frappe.db.get_value("Red Black List", old, ["item_type", "item"])
