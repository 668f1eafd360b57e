"""One process of test_race.py: `race_worker.py SITE ACTION [BOARD [GO_FILE]]`, run inside sites/.

Prints one line of JSON. Actions that race say "ready" first and start when GO_FILE appears, so that the
start of the interpreter does not decide who meets whom.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from pathlib import Path

import frappe

PERIOD = "2024-09"
# Long enough for the other process to walk into the critical section, if nothing keeps it out.
MEANWHILE = 0.5


def setup() -> None:
    """Two boards of one work item, one unit that is black on both."""
    from cadre_incentive.tests.counts import file_tickets
    from cadre_incentive.tests.factories import make_board, make_category, make_unit, make_work_item

    category, item, unit = make_category("Lamps"), make_work_item("Light"), make_unit("U1")
    make_board("First", category=category, work_item=item)
    make_board("Second", category=category, work_item=item, metric="Resolution Rate")
    file_tickets(unit, category, 4, 20)
    frappe.db.commit()


def spoil(board: str) -> None:
    """A board whose rules no form would have let in."""
    frappe.db.set_value("List Board", board, "black_line", 99)
    frappe.db.commit()


def disable(board: str) -> None:
    frappe.db.set_value("List Board", board, "enabled", 0)
    frappe.db.commit()


def forget_calendar() -> None:
    frappe.delete_doc("Holiday Calendar", "2024", force=True)
    frappe.db.commit()


def correct() -> None:
    """The unit turns out well after all."""
    from cadre_incentive.tests.counts import file_tickets

    unit, category = frappe.get_doc("Government Unit", "U1"), frappe.get_doc("Problem Category", "Lamps")
    file_tickets(unit, category, 400, 400)
    frappe.db.commit()


def rebuild(board: str, slowly: bool = False) -> str:
    from cadre_incentive import readings
    from cadre_incentive.cadre_incentive.doctype.red_black_list import rebuild as lists

    if slowly:
        readings.read = _slow(readings.read)
    (outcome,) = lists.rebuild_boards([board], PERIOD, commit=True)
    return outcome.name or outcome.error


def publish(board: str, slowly: bool = False) -> str:
    from cadre_incentive.cadre_incentive.doctype.red_black_list import rebuild as lists
    from cadre_incentive.ledger import strikes

    if slowly:
        strikes._open_strikes = _slow(strikes._open_strikes)
    (outcome,) = lists.publish_boards([board], PERIOD)
    return outcome.name or outcome.error


def publish_and_die(board: str) -> None:
    """Publish, and be killed when the old version is superseded and nothing is posted yet."""
    from cadre_incentive import ledger

    def die(*_args, **_kwargs):
        assert frappe.db.count("Red Black List", {"status": "Superseded"}) == 1
        os.kill(os.getpid(), signal.SIGKILL)

    ledger.settle_strikes = die
    publish(board)


def show() -> dict:
    """All lists by name, the strikes by unit, and the entries of the ledger."""
    lists = frappe.get_all(
        "Red Black List", fields=["name", "docstatus", "status", "superseded_by"], order_by="name asc"
    )
    posted = frappe.get_all(
        "Merit Ledger Entry", fields=["party", "quantity", "period"], order_by="creation asc"
    )
    return {
        "lists": {row.name: [row.docstatus, row.status, row.superseded_by] for row in lists},
        "entries": frappe.db.count("Red Black List Entry"),
        "posted": [[row.party, row.quantity] for row in posted],
    }


def _slow(function):
    def slowly(*args, **kwargs):
        answer = function(*args, **kwargs)
        time.sleep(MEANWHILE)
        return answer

    return slowly


def main(site: str, action: str, board: str | None = None, go: str | None = None) -> None:
    frappe.init(site=site)
    frappe.connect()
    try:
        arguments = [board] if board else []
        if go:
            print("ready", flush=True)
            while not Path(go).exists():
                time.sleep(0.005)
            arguments.append(True)
        print(json.dumps(globals()[action](*arguments)), flush=True)
    finally:
        frappe.destroy()


if __name__ == "__main__":
    main(*sys.argv[1:])
