"""What an entry says about strikes: those that stand this year, and under whom they fell (policy E1).

An entry stores them as of publication. Strikes follow from other lists, which may be corrected later: whoever
shows a list in force counts them anew from the ledger. A superseded list keeps what it said.
"""

from collections.abc import Mapping

import frappe
from frappe import _
from frappe.utils import cint, cstr

from cadre_incentive import ledger
from cadre_incentive.readings import Period
from cadre_incentive.scoring import BLACK

# third_strike: the strikes reach the limit of the settings, whatever that is, and the entry is black.
FIELDS = ("strikes", "strike_principals", "third_strike")
NONE = (0, None, 0)
HEAD_FIELDS = ("status", "item_type", "item", "period")


def count(item_type: str, item: str, period: Period, units: dict[str, str | None]) -> dict[str, tuple]:
    """{unit: (strikes, principals, limit reached 0/1)} for {unit: colour}; (0, None, 0) is left out.

    Strikes = those standing on the ledger for the unit, item and calendar year in other periods, + 1
    where the unit is black now. A fixed number of queries, whatever the number of units.
    """
    standing = ledger.strikes_of_year(item_type, item, period.year, except_period=str(period))
    blacks = [unit for unit, colour in units.items() if colour == BLACK]
    in_office = ledger.principals_in_office(blacks, period.start, period.end)
    for unit in blacks:
        standing.setdefault(unit, []).append((in_office.get(unit), 1))
    limit = strike_limit()
    standing = {unit: counts for unit, counts in standing.items() if unit in units}
    names = _names({cadre for counts in standing.values() for cadre, _number in counts if cadre})
    counted = {}
    for unit, counts in standing.items():
        total = sum(number for _cadre, number in counts)
        reached = int(units[unit] == BLACK and total >= limit)
        counted[unit] = (total, _under_whom(counts, names), reached)
    return counted


def update_shown(head: Mapping, rows: list[dict]) -> None:
    """Set the strikes on entries that were read from a list and are to be shown.

    head holds HEAD_FIELDS, rows hold unit and colour. The entries of a superseded list stay as they are.
    """
    if head["status"] == "Superseded":
        return
    units = {row["unit"]: row["colour"] for row in rows}
    counted = count(head["item_type"], head["item"], Period.parse(head["period"]), units)
    for row in rows:
        row.update(zip(FIELDS, counted.get(row["unit"], NONE), strict=True))


def refresh(doc) -> None:
    """Set the strikes on the entries of a loaded list; the caller saves it."""
    units = {row.unit: row.colour for row in doc.entries}
    counted = count(doc.item_type, doc.item, Period.parse(doc.period), units)
    for row in doc.entries:
        row.update(dict(zip(FIELDS, counted.get(row.unit, NONE), strict=True)))


def refresh_stored(name: str, item_type: str, item: str, period: Period) -> None:
    """The same for a draft in the database, touching only the entries that differ."""
    rows = frappe.get_all(
        "Red Black List Entry",
        filters={"parent": name, "parenttype": "Red Black List"},
        fields=["name", "unit", "colour", *FIELDS],
    )
    counted = count(item_type, item, period, {row.unit: row.colour for row in rows})
    for row in rows:
        strikes, principals, reached = counted.get(row.unit, NONE)
        shown = (cint(row.strikes), cstr(row.strike_principals), cint(row.third_strike))
        if shown != (strikes, cstr(principals), reached):
            values = dict(zip(FIELDS, (strikes, principals, reached), strict=True))
            frappe.db.set_value("Red Black List Entry", row.name, values, update_modified=False)


def strike_limit() -> int:
    return cint(frappe.db.get_single_value("Cadre Incentive Settings", "strike_limit")) or 3


def limit_reached() -> str:
    """The mark in words, with the limit that is set."""
    return _("Strike limit of {0} reached (E1)").format(strike_limit())


def _names(cadres: set[str]) -> dict[str, str]:
    if not cadres:
        return {}
    rows = frappe.get_all("Cadre", filters={"name": ("in", sorted(cadres))}, fields=["name", "full_name"])
    return {row.name: row.full_name for row in rows}


def _under_whom(counts: list[tuple[str | None, int]], names: dict[str, str]) -> str:
    merged: dict[str | None, int] = {}
    for cadre, number in counts:
        merged[cadre] = merged.get(cadre, 0) + number
    nobody = _("no principal entered")
    return ", ".join(f"{names.get(c, c) if c else nobody} ×{number}" for c, number in merged.items())
