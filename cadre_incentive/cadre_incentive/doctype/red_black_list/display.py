"""A stored list as others read it: one JSON object, or a short table for the terminal."""

import json
from unicodedata import category, east_asian_width

import frappe
from frappe import _

from cadre_incentive.cadre_incentive.doctype.red_black_list import strikes
from cadre_incentive.scoring import wilson

SHOWN = ["unit", "unit_name", "track", "k", "n", "rank", "colour", *strikes.FIELDS, "reason"]
# Ties at the cut can make a list long; the terminal shows its beginning, --json all of it.
MOST_LINES = 40


def entries_of(name: str) -> list[dict]:
    """The entries in the list's order; rate, low, high as unrounded shares in 0–1, None for nothing.

    Strikes are those that stand on the ledger now; a superseded list has those that it was published with.
    """
    rows = frappe.get_all(
        "Red Black List Entry",
        filters={"parent": name, "parenttype": "Red Black List"},
        fields=SHOWN,
        order_by="idx asc",
    )
    head = frappe.db.get_value("Red Black List", name, strikes.HEAD_FIELDS, as_dict=True)
    strikes.update_shown(head, rows)
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
            _(head.status, context="Red Black List"),
            str(head.cutoff)[:19],
            head.units_count,
            head.ranked_count,
        )
    ]
    if head.calendar_note:
        lines.append("  " + head.calendar_note)
    listed = sorted((row for row in entries_of(name) if row.colour), key=lambda row: row.colour, reverse=True)
    mark = strikes.limit_reached()
    lines += _aligned([_cells(row, mark) for row in listed[:MOST_LINES]])
    if len(listed) > MOST_LINES:
        lines.append("  " + _("… and {0} more").format(len(listed) - MOST_LINES))
    if not listed:
        lines.append("  " + _("no red and no black entries"))
    return "\n".join(map(_harmless, lines))


def _cells(row: dict, mark: str) -> list[str]:
    interval = f"[{100 * row.low:.1f}, {100 * row.high:.1f}]"
    struck = f"{_('strikes')}: {row.strikes}" if row.strikes else ""
    if row.third_strike:
        struck += f", {mark}"
    name = row.unit_name if row.unit_name != row.unit else ""
    counts = f"{row.k}/{row.n}"
    return [
        _(row.colour, context="Red Black List Entry"),
        row.unit,
        name,
        row.track or "",
        counts,
        f"{100 * row.rate:.1f} %",
        interval,
        struck,
    ]


def _aligned(rows: list[list[str]]) -> list[str]:
    """Lines with the cells of a column below one another; empty columns are left out."""
    columns = [column for column in zip(*rows, strict=True) if any(column)]
    widths = [max(map(_width, column)) for column in columns]
    return [
        "  "
        + "  ".join(
            cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in zip(*columns, strict=True)
    ]


def _harmless(line: str) -> str:
    """The line without control characters: a name must not clear the screen of whoever reads it."""
    return "".join("\N{REPLACEMENT CHARACTER}" if category(letter) == "Cc" else letter for letter in line)


def _width(text: str) -> int:
    """Columns that a terminal gives to a text: Chinese characters take two."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
