"""The red/black lists as they stand: every entry with its numbers, colour, strikes and reason (E1)."""

from frappe import _

from cadre_incentive.cadre_incentive.report import snapshot
from cadre_incentive.scoring import BLACK, RED

CHARTED = 20
STRIKE_FIELDS = ["strikes", "third_strike", "strike_principals", "reason"]


def execute(filters=None):
    filters = snapshot.validate_filters(filters)
    lists = snapshot.present_lists(filters)
    data = get_data(lists, filters)
    return get_columns(), data, snapshot.message(lists), get_chart(data), get_summary(data)


def get_columns() -> list[dict]:
    return [
        _column("board", "Board", "Link", 160, options="List Board"),
        _column("status", "Status", "Data", 90),
        _column("track", "Track", "Link", 120, options="Assessment Track"),
        _column("rank", "Rank", "Int", 60),
        _column("unit", "Unit", "Link", 110, options="Government Unit"),
        _column("unit_name", "Unit Name", "Data", 160),
        _column("colour", "Colour", "Data", 70),
        _column("k", "k", "Int", 60),
        _column("n", "n", "Int", 60),
        _column("rate", "Rate", "Percent", 80),
        _column("low", "Lower Bound", "Percent", 100),
        _column("high", "Upper Bound", "Percent", 100),
        _column("strikes", "Strikes", "Int", 70),
        _column("third_strike", "Third Strike", "Check", 90),
        _column("strike_principals", "Under Principals", "Data", 160),
        _column("reason", "Reason", "Data", 420),
        _column("list", "List", "Link", 180, options="Red Black List"),
    ]


def get_data(lists: list[dict], filters: dict) -> list[dict]:
    rows = snapshot.entries(lists, filters, snapshot.ENTRY_FIELDS + STRIKE_FIELDS)
    return [
        {
            **{field: row[field] for field in snapshot.ENTRY_FIELDS if field not in ("parent", "idx")},
            **{field: row[field] for field in STRIKE_FIELDS},
            "rank": row["rank"] or None,
            "colour": _(row.colour) if row.colour else None,
            "is_red": row.colour == RED,
            "is_black": row.colour == BLACK,
            "board": row["head"].board,
            "status": _(row["head"].status),
            "list": row["head"].name,
        }
        for row in rows
    ]


def get_chart(data: list[dict]) -> dict | None:
    """The listed units, black ones first, with both ends of their interval."""
    listed = [row for row in data if row["is_black"]] + [row for row in data if row["is_red"]]
    if not listed:
        return None
    listed = listed[:CHARTED]
    ends = (("low", _("Lower Bound")), ("rate", _("Rate")), ("high", _("Upper Bound")))
    return {
        "type": "bar",
        "data": {
            "labels": [row["unit_name"] or row["unit"] for row in listed],
            "datasets": [
                {"name": name, "values": [round(float(row[end]), 1) for row in listed]} for end, name in ends
            ],
        },
    }


def get_summary(data: list[dict]) -> list[dict]:
    def card(label, value, indicator):
        return {"label": label, "value": value, "datatype": "Int", "indicator": indicator}

    return [
        card(_("Units"), len(data), "Blue"),
        card(_("Ranked Units"), sum(bool(row["rank"]) for row in data), "Blue"),
        card(_("Red"), sum(row["is_red"] for row in data), "Red"),
        card(_("Black"), sum(row["is_black"] for row in data), "Grey"),
        card(_("Third Strike"), sum(bool(row["third_strike"]) for row in data), "Orange"),
    ]


def _column(fieldname: str, label: str, fieldtype: str, width: int, **more) -> dict:
    return {"fieldname": fieldname, "label": _(label), "fieldtype": fieldtype, "width": width, **more}
