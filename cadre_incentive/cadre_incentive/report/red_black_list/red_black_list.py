"""The red/black lists as they stand: every entry with its numbers, colour, strikes and reason (E1)."""

from itertools import groupby

from frappe import _

from cadre_incentive.cadre_incentive.doctype.red_black_list import strikes
from cadre_incentive.cadre_incentive.report import snapshot
from cadre_incentive.scoring import BLACK, RED

CHARTED = 20
SHOWN_FIELDS = [*strikes.FIELDS, "reason"]


def execute(filters=None):
    if refusal := snapshot.refusal(filters):
        return get_columns(), [], refusal
    filters = snapshot.validate_filters(filters)
    lists = snapshot.present_lists(filters)
    data = get_data(lists, filters)
    return get_columns(), data, snapshot.message(lists), get_chart(data), get_summary(data)


def get_columns() -> list[dict]:
    return [
        snapshot.column("board", _("Board"), "Link", 160, options="List Board"),
        snapshot.column("status", _("Status"), "Data", 90),
        snapshot.column("track", _("Track"), "Link", 120, options="Assessment Track"),
        snapshot.column("rank", _("Rank", context="Red Black List Entry"), "Int", 60),
        snapshot.column("unit", _("Unit"), "Link", 110, options="Government Unit"),
        snapshot.column("unit_name", _("Unit Name"), "Data", 160),
        snapshot.column("colour", _("Colour", context="Red Black List Entry"), "Data", 70),
        snapshot.column("k", "k", "Int", 60),
        snapshot.column("n", "n", "Int", 60),
        snapshot.column("rate", _("Rate"), "Percent", 80),
        snapshot.column("low", _("Lower Bound"), "Percent", 100),
        snapshot.column("high", _("Upper Bound"), "Percent", 100),
        snapshot.column("strikes", _("Strikes"), "Int", 70),
        snapshot.column("third_strike", _("Strike Limit Reached"), "Check", 110),
        snapshot.column("strike_principals", _("Under Principals"), "Data", 160),
        snapshot.column("reason", _("Reason", context="Red Black List Entry"), "Data", 420),
        snapshot.column("list", _("List", context="Red Black List"), "Link", 180, options="Red Black List"),
    ]


def get_data(lists: list[dict], filters: dict) -> list[dict]:
    rows = snapshot.entries(lists, filters, snapshot.ENTRY_FIELDS + SHOWN_FIELDS)
    for _name, mine in groupby(rows, key=lambda row: row["parent"]):
        mine = list(mine)
        strikes.update_shown(mine[0]["head"], mine)
    return [
        {
            **{field: row[field] for field in snapshot.ENTRY_FIELDS if field not in ("parent", "idx")},
            **{field: row[field] for field in SHOWN_FIELDS},
            "rank": row["rank"] or None,
            "colour": _(row.colour, context="Red Black List Entry") if row.colour else None,
            "is_red": row.colour == RED,
            "is_black": row.colour == BLACK,
            "board": row["head"].board,
            "status": _(row["head"].status, context="Red Black List"),
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
        card(_("Red", context="Red Black List Entry"), sum(row["is_red"] for row in data), "Red"),
        card(_("Black", context="Red Black List Entry"), sum(row["is_black"] for row in data), "Grey"),
        card(_("Strike Limit Reached"), sum(bool(row["third_strike"]) for row in data), "Orange"),
    ]
