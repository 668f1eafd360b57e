"""Take the demo data away again, and nothing else."""

from collections.abc import Callable

import frappe
from frappe import _

from cadre_incentive.cadre_incentive.doctype.problem_category import limits
from cadre_incentive.setup import demo_story as story
from cadre_incentive.setup import demo_users


def clear(progress: Callable[[int, int], None] | None = None) -> list[str]:
    """Remove the demo county with all that was posted for it; return what was done, as sentences.

    Rows are deleted without asking their documents: published lists and ledger entries, which nobody may
    delete, are made up here. Refuses (frappe.ValidationError) where real tickets stand on demo units.
    """
    if not frappe.db.exists("Government Unit", story.ROOT[0]):
        return [_("There is no demo data.")]
    units = frappe.get_all("Government Unit", filters={"name": ["in", _codes()]}, pluck="name")
    _check_real_tickets(units)
    demo_users.clear()
    boards = [board["board_name"] for board in story.BOARDS]
    lists = frappe.get_all("Red Black List", filters={"board": ["in", boards]}, pluck="name")
    tickets = frappe.get_all("Issue Ticket", filters={"source": story.MARK}, pluck="name")
    marked = {"description": story.MARK}
    steps = [
        ("Red Black List Entry", {"parent": ["in", lists]}),
        ("Version", {"ref_doctype": "Red Black List", "docname": ["in", lists]}),
        ("Red Black List", {"name": ["in", lists]}),
        ("Merit Ledger Entry", {"item": ["in", [*boards, story.WORK_ITEM]]}),
        ("List Board", {"name": ["in", boards]}),
        ("Key Work Item", {"name": story.WORK_ITEM}),
        ("Satisfaction Response", {"unit": ["in", units]}),
        ("Issue Ticket", {"source": story.MARK}),
        ("Government Unit Principal", {"parent": ["in", units]}),
        ("Cadre", {"unit": ["in", units]}),
        ("Government Unit", {"name": ["in", units]}),
        ("Problem Category", marked),
        ("Assessment Track", marked),
    ]
    for done, (doctype, filters) in enumerate(steps, start=1):
        frappe.db.delete(doctype, filters)
        if progress:
            progress(done, len(steps))
    limits.forget()
    frappe.db.commit()
    frappe.clear_cache()
    return [_("Demo data cleared: {0} units, {1} tickets.").format(len(units), len(tickets))]


def _codes() -> list[str]:
    return [story.ROOT[0], *(code for code, _name in story.GROUPS), *(unit[0] for unit in story.UNITS)]


def _check_real_tickets(units: list[str]) -> None:
    real = frappe.db.count("Issue Ticket", {"unit": ["in", units], "source": ["!=", story.MARK]})
    if real:
        frappe.throw(_("{0} tickets of other sources stand on demo units: move them first.").format(real))
