"""k and n per unit, counted by the database in one grouped query per call.

The queries keep to what MariaDB, PostgreSQL and SQLite share (CASE, COUNT and DATE), and touch
only columns of one covering index each, so that a month is read from the index alone.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

import frappe
from frappe import _
from frappe.query_builder import Case
from frappe.query_builder.functions import Count, Date

from cadre_incentive.readings.period import Period

ON_TIME = "On-time Rate"
RESOLUTION = "Resolution Rate"
SATISFACTION = "Satisfaction Rate"
METRICS = (ON_TIME, RESOLUTION, SATISFACTION)


class Reading(NamedTuple):
    """A unit's count in a period: k successes (on time, resolved, satisfied) among n ≥ 1 cases."""

    unit: str
    k: int
    n: int


def read(metric: str, period: Period, cutoff: datetime, category: str | None = None) -> list[Reading]:
    """Count a metric for every unit with at least one case in the period, ordered by unit.

    Cohort: tickets by the month of due_on, cancelled ones left out; answers by the month of answered_on.
    cutoff is inclusive to the second and never before the end of the period. category stands for its
    whole subtree. Raises frappe.ValidationError for an unknown metric.
    """
    if metric not in METRICS:
        frappe.throw(_("Unknown metric {0}").format(metric))
    if metric == SATISFACTION:
        table, query = _answers(period)
    else:
        table, query = _tickets(metric, period, cutoff)
    if category:
        query = query.where(table.category.isin(_subtree(category)))
    return sorted(map(Reading._make, query.groupby(table.unit).run()))


def _tickets(metric: str, period: Period, cutoff: datetime):
    ticket = frappe.qb.DocType("Issue Ticket")
    if metric == ON_TIME:
        # The cut-off lies after the month and so after every due date in it: what is on time is also
        # before the cut-off.
        success = Date(ticket.resolved_on) <= ticket.due_on
    else:
        success = ticket.resolved_on < _text(cutoff + timedelta(seconds=1))
    query = (
        frappe.qb.from_(ticket)
        .select(ticket.unit, _counted(success), Count("*"))
        .where(
            (ticket.due_on >= str(period.start))
            & (ticket.due_on < str(period.next_start))
            & (ticket.state != "Cancelled")
        )
    )
    return ticket, query


def _answers(period: Period):
    answer = frappe.qb.DocType("Satisfaction Response")
    satisfied_from = frappe.db.get_single_value("Cadre Incentive Settings", "satisfied_from") or 4
    query = (
        frappe.qb.from_(answer)
        .select(answer.unit, _counted(answer.rating >= int(satisfied_from)), Count("*"))
        .where((answer.answered_on >= _text(period.start)) & (answer.answered_on < _text(period.next_start)))
    )
    return answer, query


def _counted(success) -> Count:
    # COUNT leaves out NULL and is an integer on every database, where SUM is a Decimal on some.
    return Count(Case().when(success, 1))


def _subtree(category: str) -> list[str]:
    """The category and everything below it, by the nested set."""
    bounds = frappe.db.get_value("Problem Category", category, ["lft", "rgt"])
    if not bounds:
        frappe.throw(_("Problem Category {0} does not exist").format(category), frappe.DoesNotExistError)
    lft, rgt = bounds
    return frappe.get_all(
        "Problem Category", filters={"lft": (">=", lft), "rgt": ("<=", rgt)}, pluck="name", order_by="lft asc"
    )


def _text(moment) -> str:
    # Text, so that a database that stores times as text compares them as it orders them.
    return moment.strftime("%Y-%m-%d %H:%M:%S")
