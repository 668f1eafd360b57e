"""Black List Strikes: one per unit, work item and period (policy E1, 单项工作)."""

from collections import defaultdict
from typing import NamedTuple

import frappe

from cadre_incentive.ledger.entries import post, reverse
from cadre_incentive.ledger.principals import principals_in_office
from cadre_incentive.readings import Period

STRIKE = "Black List Strike"


class _OpenStrike(NamedTuple):
    """A strike that nobody has reversed: the entry, the list behind it, the principal it fell under."""

    name: str
    list: str | None
    principal: str | None


def settle_strikes(
    item_type: str, item: str, period: str, voucher: str | None = None
) -> dict[str, list[str]]:
    """Bring the ledger in line with the published lists of an item and period; idempotent.

    A unit is to hold one strike if any published, not superseded list of any board with this item and
    period has it black, and none otherwise; only the difference is posted or reversed. A strike whose
    voucher is no longer such a list, while another one is, moves to that one under the same principal.
    voucher is the list whose publishing causes the reversals. Returns {"posted": units, "reversed":
    units, "moved": units}.

    The caller publishes in the same transaction, so a strike and the list behind it stand or fall
    together.
    """
    # Two boards of one item may be published at once: whoever comes second waits here and then reads
    # what the first one posted.
    frappe.db.get_value(item_type, item, "name", for_update=True)
    wanted = _black_units(item_type, item, period)
    open_entries = _open_strikes(item_type, item, period)

    surplus = sorted(set(open_entries) - set(wanted))
    moved = sorted(
        unit for unit, entry in open_entries.items() if unit in wanted and entry.list not in wanted[unit]
    )
    by = {"voucher_no": voucher} if voucher else {}
    for unit in [*surplus, *moved]:
        reverse(open_entries[unit].name, **by)
    missing = sorted(set(wanted) - set(open_entries))
    month = Period.parse(period)
    principals = principals_in_office(missing, month.start, month.end)
    principals |= {unit: open_entries[unit].principal for unit in moved}
    for unit in [*missing, *moved]:
        post(
            STRIKE,
            "Government Unit",
            unit,
            item_type=item_type,
            item=item,
            period=period,
            principal=principals.get(unit),
            voucher_type="Red Black List",
            voucher_no=wanted[unit][0],
        )
    return {"posted": missing, "reversed": surplus, "moved": moved}


def strikes_of_year(
    item_type: str, item: str, year: int, except_period: str | None = None
) -> dict[str, list[tuple[str | None, int]]]:
    """Strikes that stand for an item in a calendar year: {unit: [(principal or None, count), …]}.

    The year is that of the period, not of the posting date; principals come in the order of their first
    strike. One query for all units.
    """
    entry = frappe.qb.DocType("Merit Ledger Entry")
    rows = (
        frappe.qb.from_(entry)
        .select(entry.party, entry.principal, entry.period, entry.quantity)
        .where(entry.kind == STRIKE)
        .where(entry.party_type == "Government Unit")
        .where(entry.item_type == item_type)
        .where(entry.item == item)
        .where(entry.period >= f"{year:04}-01")
        .where(entry.period <= f"{year:04}-12")
        .orderby(entry.period)
    ).run()
    totals: dict[str, dict[str | None, int]] = defaultdict(lambda: defaultdict(int))
    for unit, principal, period, quantity in rows:
        if period != except_period:
            totals[unit][principal or None] += int(quantity)
    standing = {
        unit: [(principal, count) for principal, count in by_principal.items() if count]
        for unit, by_principal in totals.items()
    }
    return {unit: counts for unit, counts in standing.items() if counts}


def _black_units(item_type: str, item: str, period: str) -> dict[str, list[str]]:
    """{unit: the lists in force that have it black, the earliest first}, of all boards."""
    head = frappe.qb.DocType("Red Black List")
    row = frappe.qb.DocType("Red Black List Entry")
    query = (
        frappe.qb.from_(head)
        .inner_join(row)
        .on(row.parent == head.name)
        .select(row.unit, head.name)
        .where(head.docstatus == 1)
        .where(head.status == "Published")
        .where(head.item_type == item_type)
        .where(head.item == item)
        .where(head.period == period)
        .where(row.colour == "Black")
        .orderby(head.published_on)
        .orderby(head.name)
        .for_update()
    )
    units: dict[str, list[str]] = defaultdict(list)
    for unit, name in query.run():
        units[unit].append(name)
    return units


def _open_strikes(item_type: str, item: str, period: str) -> dict[str, _OpenStrike]:
    """{unit: its strike for this item and period that nobody has reversed}."""
    entry = frappe.qb.DocType("Merit Ledger Entry")
    rows = (
        frappe.qb.from_(entry)
        .select(entry.name, entry.party, entry.quantity, entry.reverses, entry.voucher_no, entry.principal)
        .where(entry.kind == STRIKE)
        .where(entry.party_type == "Government Unit")
        .where(entry.item_type == item_type)
        .where(entry.item == item)
        .where(entry.period == period)
        .for_update()
    ).run()
    reversed_ones = {reverses for _name, _party, _quantity, reverses, *_rest in rows if reverses}
    return {
        party: _OpenStrike(name, voucher, principal)
        for name, party, quantity, reverses, voucher, principal in rows
        if quantity > 0 and not reverses and name not in reversed_ones
    }
