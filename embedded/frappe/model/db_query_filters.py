"""One filter as one condition, with Frappe's treatment of NULL.

An absent value counts as the zero of its type: empty text, 0, the first of all days. So `!=` and `<` find
rows without a value too, unlike in SQL, and `=` with an empty text finds them as well.
"""

import datetime

import frappe
from frappe.database.utils import FallBackDateTimeStr, NestedSetHierarchy
from frappe.utils import (
    cstr,
    flt,
    get_datetime,
    get_filter,
    get_time,
    get_timespan_date_range,
    getdate,
    nowdate,
)
from frappe.utils.data import sanitize_column

_NUMBERS = ("Check", "Float", "Int", "Currency", "Percent")
_FIRST_MOMENT = "'0001-01-01 00:00:00'"
_FIRST_DAY = "'0001-01-01'"
_TIMESPANS = {
    "1 week": "week",
    "1 month": "month",
    "3 months": "quarter",
    "6 months": "6 months",
    "1 year": "year",
}
_PERIODS = {"previous": "last", "next": "next"}


def _quote(value) -> str:
    return frappe.db.escape(cstr(value), percent=False)


class FilterConditions:
    """Part of DatabaseQuery."""

    def filter_conditions(self, filters) -> list[str]:
        conditions = []
        for each in filters:
            if isinstance(each, str):
                sanitize_column(each)
                self.check_filtered_field(self.doctype, each)
                conditions.append(each)
            else:
                conditions.append(self.prepare_filter_condition(each))
        return conditions

    def prepare_filter_condition(self, each) -> str:
        """A filter (3 or 4 parts, or a dict of one) as SQL; a filter on a child table joins it."""
        f = get_filter(self.doctype, each)
        table = f"`tab{f.doctype}`"
        if table not in self.tables:
            self.append_table(table)
        self.check_filtered_field(f.doctype, f.fieldname)
        column = f.fieldname if "ifnull(" in f.fieldname else f"{table}.`{f.fieldname}`"
        operator = f.operator.lower()
        df = frappe.get_meta(f.doctype).get_field(f.fieldname)
        is_number = f.fieldname in ("idx", "docstatus") or (df is not None and df.fieldtype in _NUMBERS)
        nullable = not is_number and f.fieldname not in ("name", "modified", "creation")

        if operator in NestedSetHierarchy:
            names = self._hierarchy(df.options if df else f.doctype, f.value, operator)
            operator, value, fallback = (
                ("not in" if operator.startswith("not") else "in"),
                _listed(names),
                "''",
            )
        elif operator in ("in", "not in"):
            if operator == "in":
                nullable = nullable and (not f.value or any(v is None or v == "" for v in f.value))
            values = f.value or ""
            values = values.split(",") if isinstance(values, str) else values
            value, fallback = _listed([cstr(v).strip() for v in values]), "''"
        elif operator == "is":
            is_set = f.value == "set"
            # MariaDB takes an empty text for 0 beside a number: 0 is not set, but is not found as such.
            empty = "0" if is_number and is_set else "''"
            operator, value, fallback, nullable = ("!=" if is_set else "="), empty, empty, not is_set
        else:
            operator, value, fallback, nullable = self._compared(f, df, operator, nullable, is_number)

        is_given = bool(f.value) and f.operator.lower() in ("=", "like")
        if self.ignore_ifnull or not nullable or is_given or "ifnull(" in column.lower():
            return f"{column} {operator} {value}"
        return f"ifnull({column}, {fallback}) {operator} {value}"

    def _compared(self, f, df, operator, nullable, is_number):
        """(operator, value, fallback, whether NULL must be thought of) of a comparison with one value."""
        fieldtype = df.fieldtype if df else None
        is_stamp = f.fieldname in ("creation", "modified")
        is_dated = is_stamp or fieldtype in ("Date", "Datetime")
        if operator in ("previous", "next", "timespan"):
            operator, f.value = "between", get_date_range(operator, f.value)
        if operator in (">", ">=") and is_dated:
            nullable = False  # no value is never greater than a value

        if operator in (">", "<", ">=", "<=") and is_stamp:
            return operator, _quote(_moment_text(f.value)), _FIRST_MOMENT, False
        if operator == "between" and is_dated:
            return operator, get_between_date_filter(f.value, df), _FIRST_MOMENT, False
        if operator == "between":
            return operator, " and ".join(_quote(v) for v in f.value[:2]), "''", nullable
        if type(f.value).__name__ == "Column":  # frappe.query_builder.Column, without importing PyPika
            self.check_filtered_field(f.doctype, f.value.name)
            return operator, f"`tab{f.doctype}`.`{f.value.name}`", "''", False
        if fieldtype == "Date":
            return operator, _quote(frappe.db.format_date(f.value)), _FIRST_DAY, nullable
        if fieldtype == "Datetime" or isinstance(f.value, datetime.datetime):
            return operator, _quote(_moment_text(f.value)), _FIRST_MOMENT, nullable
        if fieldtype == "Time":
            clock = get_time(f.value)
            return operator, _quote(clock.isoformat()), "'00:00:00'", nullable
        if operator in ("like", "not like"):
            text = "" if f.value is None else f.value
            return (
                operator,
                _quote(text.replace("\\", "\\\\") if isinstance(text, str) else text),
                "''",
                nullable,
            )
        if isinstance(f.value, str) and not is_number:
            return operator, _quote(f.value), "''", nullable
        if f.fieldname == "name" or (operator == "=" and fieldtype in ("Link", "Data")):
            # Frappe compares with two quotation marks where the value is missing: nothing is found.
            value = f.value or "''"
            return operator, _quote(value) if isinstance(value, str) else value, "''", nullable
        return operator, flt(f.value), 0, nullable

    @staticmethod
    def _hierarchy(doctype, name, operator):
        from frappe.database.conditions import hierarchy_nodes

        if not name:
            return []
        nodes = hierarchy_nodes(doctype, name, operator)
        return [cstr(node).strip() for node in nodes]


def _listed(values) -> str:
    return f"({', '.join(_quote(value) for value in values)})" if values else "('')"


def _moment_text(value) -> str:
    """A moment in the form in which it is stored; the first of all for no value."""
    if not value:
        return FallBackDateTimeStr[:19]
    return get_datetime(value).isoformat(" ")


def get_between_date_filter(value, df=None) -> str:
    """`'from' AND 'to'`: for a Datetime, bare days reach from the first to the last moment; a missing end is
    today."""
    ends = list(value) if isinstance(value, (list, tuple)) else []
    first = ends[0] if ends else nowdate()
    last = ends[1] if len(ends) > 1 else nowdate()
    if (df and df.fieldtype or "Datetime") == "Datetime":
        first = _end_of(first, datetime.time())
        last = _end_of(last, datetime.time(23, 59, 59, 999999))
        return f"{_quote(_moment_text(first))} AND {_quote(_moment_text(last))}"
    return f"{_quote(getdate(first).isoformat())} AND {_quote(getdate(last).isoformat())}"


def _end_of(value, clock):
    if isinstance(value, str):
        value = get_datetime(value) if " " in value.strip() else getdate(value)
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return datetime.datetime.combine(value, clock)
    return value


def get_date_range(operator: str, value: str):
    """The days of `timespan`, `previous` or `next`."""
    if operator != "timespan":
        value = f"{_PERIODS[operator]} {_TIMESPANS[value]}"
    return get_timespan_date_range(value)
