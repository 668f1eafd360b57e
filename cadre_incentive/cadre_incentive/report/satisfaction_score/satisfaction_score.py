"""Satisfaction of the units as the satisfaction boards saw it: k of n, rate and interval, together (A4)."""

from datetime import datetime

from frappe import _
from frappe.utils import get_datetime

from cadre_incentive import readings
from cadre_incentive.cadre_incentive.report import snapshot
from cadre_incentive.readings import Period

METRIC = "Satisfaction Rate"
CHARTED = 30


def execute(filters=None):
    if refusal := snapshot.refusal(filters):
        return get_columns(), [], refusal
    filters = snapshot.validate_filters(filters)
    lists = snapshot.present_lists(filters, metric=METRIC)
    data = get_data(lists, filters)
    return get_columns(), data, snapshot.message(lists), get_chart(data), get_summary(data)


def get_columns() -> list[dict]:
    return [
        snapshot.column("board", _("Board"), "Link", 160, options="List Board"),
        snapshot.column("track", _("Track"), "Link", 120, options="Assessment Track"),
        snapshot.column("rank", _("Rank", context="Red Black List Entry"), "Int", 60),
        snapshot.column("unit", _("Unit"), "Link", 110, options="Government Unit"),
        snapshot.column("unit_name", _("Unit Name"), "Data", 160),
        snapshot.column("k", _("Satisfied"), "Int", 80),
        snapshot.column("n", _("Answers"), "Int", 80),
        snapshot.column("rate", _("Satisfaction Rate"), "Percent", 110),
        snapshot.column("low", _("Lower Bound"), "Percent", 100),
        snapshot.column("high", _("Upper Bound"), "Percent", 100),
        snapshot.column("mark", _("Mark"), "Data", 240),
        snapshot.column("responses", _("Answers on File Now"), "Int", 130),
        snapshot.column("status", _("Status"), "Data", 90),
    ]


def get_data(lists: list[dict], filters: dict) -> list[dict]:
    on_file = {head.name: _responses(head) for head in lists}
    return [
        {
            **{
                field: row[field] for field in ("track", "unit", "unit_name", "k", "n", "rate", "low", "high")
            },
            "rank": row["rank"] or None,
            "board": row["head"].board,
            "status": _(row["head"].status, context="Red Black List"),
            "mark": mark(row, row["head"]),
            "responses": on_file[row.parent].get(row.unit, 0),
        }
        for row in snapshot.entries(lists, filters)
    ]


def mark(entry: dict, head: dict) -> str | None:
    """What the figure allows to say; None where the unit is past a line but beyond the list's length."""
    if entry["n"] < head["minimum_sample"]:
        return _("sample too small, not ranked")
    if entry["colour"]:
        return _(entry["colour"], context="Red Black List Entry")
    if entry["low"] < head["red_line"] and entry["high"] >= head["black_line"]:
        return _("not significant")
    return None


def get_chart(data: list[dict]) -> dict | None:
    ranked = sorted((row for row in data if row["rank"]), key=lambda row: -row["rate"])[:CHARTED]
    if not ranked:
        return None
    return {
        "type": "bar",
        "data": {
            "labels": [row["unit_name"] or row["unit"] for row in ranked],
            "datasets": [
                {"name": _("Satisfaction Rate"), "values": [round(float(row["rate"]), 1) for row in ranked]}
            ],
        },
    }


def get_summary(data: list[dict]) -> list[dict]:
    small = sum(row["rank"] is None for row in data)
    return [
        {"label": _("Units"), "value": len(data), "datatype": "Int", "indicator": "Blue"},
        {
            "label": _("Answers"),
            "value": sum(row["n"] for row in data),
            "datatype": "Int",
            "indicator": "Blue",
        },
        {
            "label": _("Satisfied"),
            "value": sum(row["k"] for row in data),
            "datatype": "Int",
            "indicator": "Green",
        },
        {"label": _("sample too small, not ranked"), "value": small, "datatype": "Int", "indicator": "Grey"},
    ]


def _responses(head: dict) -> dict[str, int]:
    """Answers on file now, by unit: where it differs from n, the snapshot is older than the records."""
    cutoff: datetime = get_datetime(head["cutoff"])
    rows = readings.read(METRIC, Period.parse(head["period"]), cutoff, head["category"])
    return {row.unit: row.n for row in rows}
