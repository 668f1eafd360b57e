"""What the workbook shows, read once and set-wise, shaped by pandas, as the session's user may see it.

Shares are 0 to 1 here, because a spreadsheet formats them as percent itself; the documents hold percent.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import frappe
import pandas as pd
from frappe import _
from frappe.query_builder.functions import Sum
from frappe.utils import get_datetime

from cadre_incentive.cadre_incentive.doctype.red_black_list import strikes
from cadre_incentive.readings import Period
from cadre_incentive.workbooks.shown import newest_lists

HEAD_FIELDS = [
    "name", "board", "period", "version", "status", "cutoff", "metric", "red_line", "black_line",
    "minimum_sample", "red_limit", "black_limit", "track", "category", "item_type", "item", "input_digest",
    "calendar_note", "supersedes",
]  # fmt: skip
WHOLES = ["k", "n", "rank"]
SHARES = ["rate", "low", "high"]
TEXTS = ["unit", "unit_name", "track", "colour", "reason"]
ENTRY_FIELDS = ["parent", *TEXTS, *WHOLES, *SHARES]


@dataclass(frozen=True)
class Month:
    """Everything about one month, as tables: lists, entries, the year so far, overdue tickets."""

    period: Period
    cutoff: datetime
    lists: pd.DataFrame
    entries: pd.DataFrame
    trend: pd.DataFrame
    overdue: pd.DataFrame


def read(period: Period) -> Month:
    """Read the newest list of every board, but no draft of a disabled one.

    Refuses (frappe.ValidationError) a month without any list.
    """
    newest = _newest_lists(period)
    lists = newest[newest["period"] == str(period)].reset_index(drop=True)
    if lists.empty:
        frappe.throw(
            _("There is no list for {0} yet: rebuild the boards of that month first.").format(str(period))
        )
    entries = _entries(lists)
    cutoff = max(lists["cutoff"])
    return Month(
        period=period,
        cutoff=cutoff,
        lists=_with_counts(lists, entries),
        entries=entries,
        trend=_trend(newest),
        overdue=_overdue(period, cutoff),
    )


def _newest_lists(period: Period) -> pd.DataFrame:
    """Return the newest version of each board and month of the year up to the period, boards by name."""
    rows = newest_lists(f"{period.year}-01", str(period), HEAD_FIELDS)
    frame = pd.DataFrame([dict(row) for row in rows], columns=HEAD_FIELDS, dtype=object)
    frame["cutoff"] = frame["cutoff"].map(get_datetime).astype(object)
    return frame


def _entries(lists: pd.DataFrame) -> pd.DataFrame:
    # Plain tuples, sorted here: a hundred thousand entries as dictionaries take longer than writing them.
    entry = frappe.qb.DocType("Red Black List Entry")
    rows = (
        frappe.qb.from_(entry)
        .select(*[entry[field] for field in ENTRY_FIELDS])
        .where(entry.parent.isin(list(lists["name"])))
        .where(entry.parenttype == "Red Black List")
        .run()
    )
    frame = pd.DataFrame(list(rows), columns=ENTRY_FIELDS)
    for column in WHOLES:
        frame[column] = frame[column].fillna(0).astype(int)
    for column in SHARES:
        frame[column] = frame[column].astype(float) / 100
    for column in TEXTS:
        frame[column] = frame[column].astype(object).where(frame[column].notna(), "")
    _count_strikes(frame, lists)
    heads = lists[["name", "board", "minimum_sample"]].rename(columns={"name": "parent"})
    frame = frame.merge(heads, on="parent", how="left")
    # Those under the minimum sample have no rank; a column of Int cannot hold nothing, so it holds 0.
    frame["ranked"] = frame["n"] >= frame["minimum_sample"].astype(int)
    frame["order"] = frame["rank"].where(frame["ranked"], len(frame) + 1)
    return frame.sort_values(["board", "track", "order", "unit"], kind="stable").reset_index(drop=True)


def _count_strikes(frame: pd.DataFrame, lists: pd.DataFrame) -> None:
    """Add the strikes as they stand on the ledger now: what the entries store is as of publication."""
    counted = {}
    for head in lists.to_dict("records"):
        mine = frame[frame["parent"] == head["name"]]
        units = dict(zip(mine["unit"], mine["colour"], strict=True))
        found = strikes.count(head["item_type"], head["item"], Period.parse(head["period"]), units)
        counted |= {(head["name"], unit): values for unit, values in found.items()}
    rows = [counted.get(key, strikes.NONE) for key in zip(frame["parent"], frame["unit"], strict=True)]
    for field, values in zip(strikes.FIELDS, zip(*rows, strict=True) if rows else ((), (), ()), strict=True):
        frame[field] = list(values)
    frame["strike_principals"] = frame["strike_principals"].map(lambda text: text or "").astype(object)


def _with_counts(lists: pd.DataFrame, entries: pd.DataFrame) -> pd.DataFrame:
    """Add each list's sums: k, n and the rate of all units together, and how many units stand where."""
    marked = entries.assign(
        red=entries["colour"] == "Red",
        black=entries["colour"] == "Black",
        small=~entries["ranked"],
        units=1,
        third=entries["third_strike"] > 0,
    )
    sums = marked.groupby("parent")[["k", "n", "units", "red", "black", "small", "third"]].sum()
    frame = lists.merge(sums, left_on="name", right_index=True, how="left")
    frame[sums.columns] = frame[sums.columns].fillna(0).astype(int)
    frame["between"] = frame["units"] - frame["red"] - frame["black"] - frame["small"]
    frame["rate"] = (frame["k"] / frame["n"].where(frame["n"] > 0)).astype(float)
    return frame


def _trend(newest: pd.DataFrame) -> pd.DataFrame:
    """Return the rate of all units together: a row per month, a column per board."""
    entry = frappe.qb.DocType("Red Black List Entry")
    rows = (
        frappe.qb.from_(entry)
        .select(entry.parent, Sum(entry.k), Sum(entry.n))
        .where(entry.parent.isin(list(newest["name"])))
        .groupby(entry.parent)
        .run()
    )
    sums = pd.DataFrame([(name, float(k) / float(n)) for name, k, n in rows if n], columns=["name", "rate"])
    frame = newest.merge(sums, on="name", how="left")
    frame["rate"] = frame["rate"].astype(float)
    return frame.pivot(index="period", columns="board", values="rate").sort_index()


def _overdue(period: Period, cutoff: datetime) -> pd.DataFrame:
    """Count the tickets due in the month by unit and category: due, late, open, overdue, share."""
    fields = ["unit", "category", "due_on", "resolved_on"]
    rows = frappe.get_list(
        "Issue Ticket",
        filters=[
            ["due_on", ">=", str(period.start)],
            ["due_on", "<", str(period.next_start)],
            ["state", "!=", "Cancelled"],
        ],
        fields=fields,
        order_by="name asc",
        limit_page_length=0,
    )
    tickets = pd.DataFrame([dict(row) for row in rows], columns=fields, dtype=object)
    due, resolved = (pd.to_datetime(tickets[field], errors="coerce") for field in ("due_on", "resolved_on"))
    # Up to and with the second of the cut-off; where times are kept with microseconds, "<=" would miss it.
    seen = resolved < cutoff.replace(microsecond=0) + timedelta(seconds=1)
    tickets = tickets[["unit", "category"]].assign(
        due=1, on_time=seen & (resolved.dt.normalize() <= due), resolved=seen
    )
    frame = tickets.groupby(["unit", "category"], as_index=False).sum()
    numbers = ["due", "on_time", "resolved"]
    frame[numbers] = frame[numbers].astype(int)
    frame["late"] = frame["resolved"] - frame["on_time"]
    frame["open"] = frame["due"] - frame["resolved"]
    frame["overdue"] = frame["late"] + frame["open"]
    frame["share"] = frame["overdue"] / frame["due"]
    frame = frame[frame["overdue"] > 0].merge(_units(), on="unit", how="left")
    frame = frame.merge(_categories(), on="category", how="left")
    return frame.sort_values(["lft", "overdue", "category"], ascending=[True, False, True]).reset_index(
        drop=True
    )


def _units() -> pd.DataFrame:
    fields = ["name", "unit_name", "track", "lft"]
    rows = frappe.get_all("Government Unit", fields=fields)
    return pd.DataFrame([dict(row) for row in rows], columns=fields).rename(columns={"name": "unit"})


def _categories() -> pd.DataFrame:
    fields = ["name", "parent_problem_category"]
    rows = frappe.get_all("Problem Category", fields=fields)
    frame = pd.DataFrame([dict(row) for row in rows], columns=fields)
    return frame.rename(columns={"name": "category", "parent_problem_category": "category_parent"})
