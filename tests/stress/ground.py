"""What traffic runs over: units, a category, three DocTypes made at run time, a token for each client."""

from __future__ import annotations

from .client import Client, data, make_user, resource
from .traffic import BLACK_UNIT, CATEGORY, COUNTER, PARCEL, ROW, UNIT

ROLES = ("System Manager", "Incentive Administrator", "Duty Officer", "Integrator")
RIGHTS = {"read": 1, "write": 1, "create": 1, "delete": 1}
CLIENTS = 4
# Enough to be judged, all of them late.
LATE_TICKETS = 12


def prepare(admin: Client) -> list[str]:
    """Make everything; returns the tokens ("key:secret") of the clients."""
    for code in (UNIT, BLACK_UNIT):
        data(admin.post(resource("Government Unit"), {"unit_code": code, "unit_name": f"Office {code}"}))
    category = {"category_name": CATEGORY, "time_limit": 5, "time_limit_unit": "Calendar Days"}
    data(admin.post(resource("Problem Category"), category))
    for _ in range(LATE_TICKETS):
        late = {
            "unit": BLACK_UNIT,
            "category": CATEGORY,
            "subject": "Late",
            "reported_on": "2024-09-02 09:00:00",
        }
        data(admin.post(resource("Issue Ticket"), late))
    make_doctypes(admin)
    data(admin.post(resource(COUNTER), {"title": "shared", "number": 0}))
    return [make_user(admin, f"load{n}@example.com", *ROLES) for n in range(CLIENTS)]


def make_doctypes(admin: Client) -> None:
    def field(fieldname: str, fieldtype: str, **more) -> dict:
        return {"fieldname": fieldname, "fieldtype": fieldtype, "label": fieldname.title(), **more}

    def make(name: str, *fields: dict, **more) -> None:
        rights = {**RIGHTS, "submit": more.get("is_submittable", 0)}
        permissions = [] if more.get("istable") else [{"role": "System Manager", **rights}]
        values = {"name": name, "module": "Cadre Incentive", "custom": 1, "fields": fields, **more}
        data(admin.post(resource("DocType"), {**values, "permissions": permissions}))

    make(ROW, field("weight", "Int"), istable=1)
    make(
        PARCEL,
        field("tag", "Data", unique=1, reqd=1),
        field("total", "Int"),
        field("rows", "Table", options=ROW),
        autoname="LP-.######",
        is_submittable=1,
        track_changes=1,
    )
    counter = (field("title", "Data", unique=1, reqd=1), field("number", "Int"))
    make(COUNTER, *counter, autoname="field:title", track_changes=1)
