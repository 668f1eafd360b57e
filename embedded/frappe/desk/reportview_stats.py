"""Counts beside a list: how often each tag or value occurs among the rows that the user may read."""

import frappe
from frappe import _
from frappe.request_arguments import as_dicts, as_list


@frappe.whitelist()
@frappe.read_only()
def get_sidebar_stats(stats: str, doctype: str, filters: str | list | None = None) -> dict:
    """{"stats": {column: [[value, count]]}}."""
    return {"stats": get_stats(stats, doctype, filters)}


@frappe.whitelist()
@frappe.read_only()
def get_stats(stats: str, doctype: str, filters: str | list | None = None) -> dict:
    """How often each value occurs in the columns `stats` (JSON); tags are counted one by one, none as "No
    Tags"."""
    filters = _parsed(filters)
    results = {}
    existing = _columns(doctype)
    for column in _parsed(stats):
        if column not in existing:
            continue
        counted = _count(doctype, column, [*filters, [column, "!=", ""]])
        if column == "_user_tags":
            counted = scrub_user_tags(counted)
            without = _count(doctype, column, [*filters, [column, "in", ("", ",")]])
            counted.append([_("No Tags"), sum(count for _value, count in without)])
        results[column] = counted
    return results


@frappe.whitelist()
@frappe.read_only()
def get_filter_dashboard_data(stats: str, doctype: str, filters: str | list | None = None) -> dict:
    """{field: [[value, count], …, ["No Data", count]]} for fields given as JSON list of {name, type}."""
    filters, out = _parsed(filters), {}
    existing = _columns(doctype)
    closed = ("Check", "Select", "Date", "Datetime", "Int", "Float", "Currency", "Percent")
    for tag in as_dicts(stats):
        name = tag["name"]
        if name not in existing:
            continue
        counted = []
        if tag["type"] not in ("Date", "Datetime"):
            counted = _count(doctype, name, [*filters, [name, "is", "set"]])
        if counted and tag["type"] not in closed and name != "docstatus":
            empty = _count(doctype, name, [*filters, [name, "is", "not set"]])
            if number := sum(count for _value, count in empty):
                counted.append(["No Data", number])
        out[name] = counted
    return out


def _columns(doctype: str) -> list[str]:
    """Columns of a DocType that the user may read. Raises DoesNotExistError, PermissionError."""
    frappe.get_meta(doctype)
    frappe.has_permission(doctype, "read", throw=True)
    return frappe.db.get_table_columns(doctype)


def _parsed(value) -> list:
    return as_list(value) if value else []


def _count(doctype: str, column: str, filters: list) -> list:
    rows = frappe.get_list(
        doctype,
        fields=[f"`{column}`", "count(*)"],
        filters=filters,
        group_by=f"`tab{doctype}`.`{column}`",
        order_by=None,
        as_list=True,
    )
    return [list(row) for row in rows]


def scrub_user_tags(tagcount) -> list[list]:
    """[[",a,b", 2]] → [["a", 2], ["b", 2]]."""
    counts: dict[str, int] = {}
    for tags, count in tagcount:
        for tag in (tags or "").split(","):
            if tag:
                counts[tag] = counts.get(tag, 0) + count
    return [[tag, count] for tag, count in counts.items()]
