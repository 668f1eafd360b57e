"""Every field of every DocType, one after the other, with values of another kind."""

from __future__ import annotations

from urllib.parse import quote

from .client import data, resource
from .routes import Request, written
from .town import ADMINISTRATOR, Town

ODD = (
    [5], {"a": 1}, True, -1, 10**30, 1.5, float("nan"), "", "garbage", "2024-13-45", "x" * 5000, "\x00",
    "😀", [{"a": 1}], None, "-999999999", "9999-12-31 23:59:59", "0001-01-01",
)  # fmt: skip
NO_VALUE = ("Section Break", "Column Break", "Tab Break", "HTML", "Button", "Heading", "Fold")


def requests(town: Town, doctype: str, wholesome: dict, odd=ODD) -> list[Request]:
    """A creation and a change for each field and value; `wholesome` are values that could be inserted."""
    meta = data(town.admin.get(f"/api/v2/doctype/{quote(doctype)}/meta"))
    fields = [df["fieldname"] for df in meta["fields"] if df["fieldtype"] not in NO_VALUE]
    if meta.get("issingle"):
        names = [doctype]
    else:
        names = [row["name"] for row in data(town.admin.get(resource(doctype), limit_page_length=1))]
    out = []
    for number, (field, value) in enumerate((field, value) for field in fields for value in odd):
        key = str(meta.get("autoname") or "").removeprefix("field:")
        unique = (
            {key: 1900 + number % 200 if key == "year" else f"{doctype} {number}"} if key in fields else {}
        )
        body = {**unique, **wholesome, field: value}
        if not meta.get("issingle"):
            out.append(written("POST", resource(doctype), body, "json", f"{doctype}.{field}"))
        out += [
            written("PUT", resource(doctype, name), {field: value}, "json", f"{doctype}.{field}")
            for name in names
        ]
    return [request._replace(person=ADMINISTRATOR) for request in out]
