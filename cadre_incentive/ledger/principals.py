"""Who answered for a unit in a period."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

import frappe
from frappe.utils import getdate


def principals_in_office(units: Iterable[str], start: date, end: date) -> dict[str, str]:
    """{unit: cadre} in office for most days of start…end (both included); ties go to the later one.

    A unit without any term on file in these days is left out. One query for all units.
    """
    units = list(units)
    if not units:
        return {}
    terms = frappe.get_all(
        "Government Unit Principal",
        filters={"parenttype": "Government Unit", "parent": ("in", units), "from_date": ("<=", end)},
        fields=["parent", "cadre", "from_date", "to_date"],
        order_by="from_date asc, idx asc",
    )
    # Days first, then the latest day in office within the period: that decides a tie.
    held: dict[str, dict[str, tuple[int, date]]] = defaultdict(dict)
    for term in terms:
        first = max(getdate(term.from_date), start)
        last = min(getdate(term.to_date), end) if term.to_date else end
        if first > last:
            continue
        days, _last = held[term.parent].get(term.cadre, (0, last))
        held[term.parent][term.cadre] = (days + (last - first).days + 1, last)
    return {unit: max(cadres, key=cadres.get) for unit, cadres in held.items()}
