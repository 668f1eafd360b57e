"""What the list reports share: the present snapshot that a reader may see.

Its figures are those stored, never recomputed; only strikes, which follow from other lists, are counted anew.
"""

import frappe
from frappe import _

from cadre_incentive.access import visible_units
from cadre_incentive.cadre_incentive.doctype.red_black_list.cutoffs import month_of

HEAD_FIELDS = [
    "name",
    "board",
    "period",
    "version",
    "status",
    "docstatus",
    "cutoff",
    "calendar_note",
    "metric",
    "red_line",
    "black_line",
    "minimum_sample",
    "category",
    "track",
    "item_type",
    "item",
]
ENTRY_FIELDS = [
    "parent",
    "idx",
    "unit",
    "unit_name",
    "track",
    "k",
    "n",
    "rate",
    "low",
    "high",
    "rank",
    "colour",
]


def refusal(filters) -> str | None:
    """Why these filters make no sense, or None.

    Reports tell it in their message and do not raise: Frappe v15 starts a timer before a Script Report and
    stops it only after a good end, so fifteen seconds after an error it would make the report a prepared one
    for everybody.
    """
    try:
        validate_filters(filters)
    except frappe.ValidationError as error:
        frappe.clear_last_message()
        return str(error)
    return None


def validate_filters(filters: dict | None) -> frappe._dict:
    """Filters period, board, track, all optional; refuses a malformed period."""
    filters = frappe._dict(filters or {})
    if filters.period:
        month_of(filters.period)
    return filters


def column(fieldname: str, label: str, fieldtype: str, width: int, **more) -> dict:
    """A column of a report; the label is translated already."""
    return {"fieldname": fieldname, "label": label, "fieldtype": fieldtype, "width": width, **more}


def present_lists(filters: dict, **conditions) -> list[dict]:
    """The newest version of each board that the session's user may see, in the filters' period.

    A draft counts as newest for those who may see drafts. Without a period, the latest that has a list.
    """
    wanted = {"status": ("!=", "Superseded"), **conditions}
    if filters.get("board"):
        wanted["board"] = filters["board"]
    period = filters.get("period")
    if not period:
        latest = frappe.get_list(
            "Red Black List", filters=wanted, pluck="period", order_by="period desc", limit=1
        )
        if not latest:
            return []
        period = latest[0]
    rows = frappe.get_list(
        "Red Black List",
        filters={**wanted, "period": period},
        fields=HEAD_FIELDS,
        order_by="board asc, version desc",
        limit_page_length=0,
    )
    newest: dict[str, dict] = {}
    for row in rows:
        newest.setdefault(row.board, row)
    return list(newest.values())


def entries(lists: list[dict], filters: dict, fields: list[str] = ENTRY_FIELDS) -> list[dict]:
    """The entries of lists, in the lists' order, each with its list as `head`.

    A reader whose roles bind him to units sees the rows of these units; whoever reads a published list as
    a document sees all of it.
    """
    heads = {head.name: head for head in lists}
    if not heads:
        return []
    conditions = {"parent": ("in", list(heads)), "parenttype": "Red Black List"}
    if filters.get("track"):
        conditions["track"] = filters["track"]
    rows = frappe.get_all("Red Black List Entry", filters=conditions, fields=fields, order_by="idx asc")
    units = visible_units()
    if units is not None:
        seen = set(units)
        rows = [row for row in rows if row.unit in seen]
    for row in rows:
        row.head = heads[row.parent]
    order = {name: number for number, name in enumerate(heads)}
    return sorted(rows, key=lambda row: order[row.parent])


def message(lists: list[dict]) -> str | None:
    """Where the rows come from: list, state, cut-off, and what to know about the calendar."""
    if not lists:
        return _("There is no list for these filters yet.")
    escape = frappe.utils.escape_html
    lines = []
    for head in lists:
        line = _("{0}: {1}, cut-off {2}").format(
            escape(head.name), _(head.status, context="Red Black List"), str(head.cutoff)[:19]
        )
        if head.calendar_note:
            line += ". " + escape(head.calendar_note)
        lines.append(line)
    return "<br>".join(lines)
