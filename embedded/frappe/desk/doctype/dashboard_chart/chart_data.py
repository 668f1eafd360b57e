"""The numbers of a chart, in the shape that the desk draws."""

import datetime

import frappe
from frappe import _
from frappe.model import default_fields
from frappe.utils import cint, format_date, get_datetime, getdate, now_datetime, nowdate
from frappe.utils.dateutils import (
    get_dates_from_timegrain,
    get_from_date_from_timespan,
    get_period,
    get_period_beginning,
)

_FUNCTIONS = {"Sum": "sum", "Count": "count", "Average": "avg"}
_INTERVALS = ("Daily", "Weekly", "Monthly", "Quarterly", "Yearly")


def get_chart_config(chart, filters: list, timespan: str, timegrain: str, from_date, to_date) -> dict:
    """Sum, count or average for each period up to `to_date` (now, by default)."""
    if timegrain not in _INTERVALS:
        frappe.throw(_("Unknown interval {0}").format(timegrain))
    if not from_date:
        from_date = get_period_beginning(get_from_date_from_timespan(to_date, timespan), timegrain)
    to_date = to_date or now_datetime()
    doctype, date = chart.document_type, _column(chart, chart.based_on)
    value = _column(chart, chart.value_based_on) if chart.value_based_on else "1"
    rows = frappe.get_list(
        doctype,
        fields=[date, f"sum({value})", "count(*)"],
        filters=[
            *filters,
            [doctype, chart.based_on, ">=", getdate(from_date).strftime("%Y-%m-%d")],
            [doctype, chart.based_on, "<=", to_date],
        ],
        group_by=date,
        order_by=date,
        as_list=True,
        parent_doctype=chart.parent_document_type,
    )
    result = get_result(rows, timegrain, from_date, to_date, chart.chart_type)
    labels = [get_period(period, timegrain) for period, _value in result]
    if timegrain in ("Daily", "Weekly"):
        labels = [format_date(label, parse_day_first=True) for label in labels]
    return {"labels": labels, "datasets": [{"name": chart.name, "values": [value for _p, value in result]}]}


def get_result(data, timegrain: str, from_date, to_date, chart_type: str) -> list[list]:
    """[[last day of period, value]] from [(date, sum, count)] in order of their dates."""
    result = [[date, 0] for date in get_dates_from_timegrain(from_date, to_date, timegrain)]
    rows = iter(data or ())
    row = next(rows, None)
    for period in result:
        total, count = 0, 0
        while row is not None and getdate(row[0]) <= period[0]:
            total += cint(row[1])
            count += cint(row[2])
            row = next(rows, None)
        if chart_type == "Count":
            period[1] = count
        elif chart_type == "Average":
            period[1] = total / count if count else 0
        else:
            period[1] = total
    return result


def get_heatmap_chart_config(chart, filters: list, heatmap_year) -> dict:
    """{labels: [], dataPoints: {seconds since 1970 of a day's document: value}} of a year."""
    year = cint(heatmap_year) or getdate(nowdate()).year
    doctype, date = chart.document_type, _column(chart, chart.based_on)
    value = _column(chart, chart.value_based_on) if chart.value_based_on else "1"
    rows = frappe.get_list(
        doctype,
        fields=[f"min({date}) as day", f"{get_aggregate_function(chart.chart_type)}({value}) as value"],
        filters=[
            *filters,
            [doctype, chart.based_on, ">", f"{year}-01-01"],
            [doctype, chart.based_on, "<", f"{year + 1}-01-01"],
        ],
        group_by=f"date({date})",
        order_by=f"{date} asc",
        as_list=True,
        parent_doctype=chart.parent_document_type,
    )
    points = {int(get_datetime(day).replace(tzinfo=datetime.timezone.utc).timestamp()): v for day, v in rows}
    return {"labels": [], "dataPoints": points}


def get_group_by_chart_config(chart, filters: list) -> dict | None:
    """Sum, count or average for each value of a field, the greatest first; None where there is nothing."""
    group = _column(chart, chart.group_by_based_on)
    based_on = chart.aggregate_function_based_on
    value = _column(chart, based_on) if based_on else "1"
    rows = frappe.get_list(
        chart.document_type,
        fields=[f"{group} as name", f"{get_aggregate_function(chart.group_by_type)}({value}) as count"],
        filters=filters,
        parent_doctype=chart.parent_document_type,
        group_by=group,
        order_by="count desc",
    )
    if not rows:
        return None
    return {
        "labels": [row.get("name", "Not Specified") for row in rows],
        "datasets": [{"name": chart.name, "values": [row["count"] for row in rows]}],
    }


def get_aggregate_function(chart_type: str) -> str:
    """The SQL function behind Sum, Count and Average. Raises ValidationError for another."""
    if chart_type not in _FUNCTIONS:
        frappe.throw(_("Invalid aggregate function"))
    return _FUNCTIONS[chart_type]


def _column(chart, fieldname: str) -> str:
    """A field of the chart's DocType as SQL. Raises DataError for what is none."""
    meta = frappe.get_meta(chart.document_type)
    if not (fieldname in default_fields or meta.has_field(fieldname)):
        frappe.throw(_("Field not permitted in query") + f": {fieldname}", frappe.DataError)
    return f"`tab{chart.document_type}`.`{fieldname}`"
