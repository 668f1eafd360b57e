"""A stored list as others read it: one JSON object, or a short table for the terminal."""

import json

import frappe
from frappe import _

from cadre_incentive.scoring import wilson

SHOWN = ["unit", "unit_name", "track", "k", "n", "rank", "colour", "strikes", "third_strike", "reason"]
# Ties at the cut can make a list long; the terminal shows its beginning, --json all of it.
MOST_LINES = 40


def entries_of(name: str) -> list[dict]:
    """The entries in the list's order; rate, low, high as unrounded shares in 0–1, None for nothing."""
    rows = frappe.get_all(
        "Red Black List Entry",
        filters={"parent": name, "parenttype": "Red Black List"},
        fields=SHOWN,
        order_by="idx asc",
    )
    for row in rows:
        row.k, row.n, row.strikes = int(row.k), int(row.n), int(row.strikes or 0)
        row.rate = row.k / row.n
        row.low, row.high = wilson(row.k, row.n)
        row.rank, row.colour, row.track = row.rank or None, row.colour or None, row.track or None
    return rows


def as_json(name: str) -> str:
    """{"period", "board", "entries": […]} on one line."""
    board, period = frappe.db.get_value("Red Black List", name, ["board", "period"])
    keys = ("unit", "track", "k", "n", "rate", "low", "high", "rank", "colour", "strikes", "reason")
    entries = [{key: row[key] for key in keys} for row in entries_of(name)]
    return json.dumps({"period": period, "board": board, "entries": entries}, ensure_ascii=False)


def as_table(name: str) -> str:
    """Head line, notes, and the red and black entries; the other units are only counted."""
    head = frappe.db.get_value(
        "Red Black List",
        name,
        ["board", "period", "version", "status", "cutoff", "calendar_note", "units_count", "ranked_count"],
        as_dict=True,
    )
    lines = [
        _("{0} {1} v{2} ({3}), cut-off {4}: {5} units, {6} ranked").format(
            head.board,
            head.period,
            head.version,
            _(head.status),
            str(head.cutoff)[:19],
            head.units_count,
            head.ranked_count,
        )
    ]
    if head.calendar_note:
        lines.append("  " + head.calendar_note)
    listed = sorted((row for row in entries_of(name) if row.colour), key=lambda row: row.colour, reverse=True)
    for row in listed[:MOST_LINES]:
        lines.append(
            f"  {_(row.colour):<6} {row.unit:<20} {row.track or '-':<20} {row.k:>5}/{row.n:<5} "
            f"{100 * row.rate:5.1f} % [{100 * row.low:5.1f}, {100 * row.high:5.1f}] #{row.rank}"
            + (f"  {_('strikes')}: {row.strikes}" if row.strikes else "")
            + (" !" if row.third_strike else "")
        )
    if len(listed) > MOST_LINES:
        lines.append("  " + _("… and {0} more").format(len(listed) - MOST_LINES))
    if not listed:
        lines.append("  " + _("no red and no black entries"))
    return "\n".join(lines)
