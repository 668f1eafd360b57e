"""Dashboard Chart: numbers over time or by group, over the documents that the reader may read."""

import json

import frappe
from frappe import _
from frappe.api.documents import parse
from frappe.desk.doctype.dashboard_chart.chart_data import (
    get_chart_config,
    get_group_by_chart_config,
    get_heatmap_chart_config,
)
from frappe.model.document import Document
from frappe.model.naming import append_number_if_name_exists
from frappe.permissions import get_doctypes_with_read
from frappe.request_arguments import as_dict
from frappe.utils import get_datetime


class DashboardChart(Document):
    """One Dashboard Chart."""

    def validate(self):
        if self.chart_type == "Report":
            if not self.report_name:
                frappe.throw(_("Report Name is required"))
        elif self.chart_type != "Custom":
            self._check_document_type()
        if self.get("custom_options"):
            try:
                json.loads(self.custom_options)
            except ValueError as error:
                frappe.throw(_("Invalid json added in the custom options: {0}").format(error))

    def _check_document_type(self):
        if not self.document_type:
            frappe.throw(_("Document type is required to create a dashboard chart"))
        if frappe.get_meta(self.document_type).istable and not self.parent_document_type:
            frappe.throw(_("Parent document type is required to create a dashboard chart"))
        if self.chart_type == "Group By":
            if not self.group_by_based_on:
                frappe.throw(_("Group By field is required to create a dashboard chart"))
            if self.group_by_type in ("Sum", "Average") and not self.aggregate_function_based_on:
                frappe.throw(_("Aggregate Function field is required to create a dashboard chart"))
        elif not self.based_on:
            frappe.throw(_("Time series based on is required to create a dashboard chart"))


def get_permission_query_conditions(user=None) -> str:
    """Charts over DocTypes and reports that the user may read."""
    user = user or frappe.session.user
    if user == "Administrator" or "System Manager" in frappe.get_roles(user):
        return ""
    from frappe.boot import get_allowed_report_names

    def listed(names) -> str:
        return ", ".join(frappe.db.escape(name, percent=False) for name in sorted(names)) or "''"

    return (
        "(`tabDashboard Chart`.`chart_type` in ('Count', 'Sum', 'Average', 'Group By')"
        f" and `tabDashboard Chart`.`document_type` in ({listed(get_doctypes_with_read())})"
        " or `tabDashboard Chart`.`chart_type` = 'Report'"
        f" and `tabDashboard Chart`.`report_name` in ({listed(get_allowed_report_names())}))"
    )


def has_permission(doc, ptype=None, user=None) -> bool:
    """Who has one of the chart's roles; where it names none, who may read what it shows."""
    roles = frappe.get_roles(user)
    if "System Manager" in roles:
        return True
    if doc.get("roles"):
        return any(row.role in roles for row in doc.roles)
    if doc.chart_type == "Report":
        from frappe.boot import get_allowed_report_names

        return doc.report_name in get_allowed_report_names()
    return doc.document_type in get_doctypes_with_read()


@frappe.whitelist()
def get(
    chart_name: str | None = None,
    chart: str | dict | None = None,
    no_cache=None,
    filters: str | list | dict | None = None,
    from_date: str | None = None,
    to_date: str | None = None,
    timespan: str | None = None,
    time_interval: str | None = None,
    heatmap_year: str | int | None = None,
    refresh=None,
):
    """{labels, datasets: [{name, values}]} ({labels: [], dataPoints} of a heatmap) of a chart by name or
    by its
    properties, over the documents that the user may read. Raises PermissionError."""
    if chart_name:
        chart = frappe.get_doc("Dashboard Chart", chart_name)
        chart.check_permission("read")
    else:
        chart = frappe._dict(as_dict(chart))
    timespan = timespan or chart.timespan
    start, end = None, None
    if timespan == "Select Date Range":
        start = get_datetime(from_date or chart.from_date)
        end = get_datetime(to_date or chart.to_date)
    conditions = parse(filters) or parse(chart.filters_json) or []
    if isinstance(conditions, dict):
        conditions = [[chart.document_type, key, "=", value] for key, value in conditions.items()]
    conditions = [*conditions, [chart.document_type, "docstatus", "<", 2]]
    if chart.chart_type == "Group By":
        return get_group_by_chart_config(chart, conditions)
    if chart.type == "Heatmap":
        return get_heatmap_chart_config(chart, conditions, heatmap_year or chart.heatmap_year)
    interval = time_interval or chart.time_interval
    return get_chart_config(chart, conditions, timespan, interval, start, end)


@frappe.whitelist(methods=["POST", "PUT"])
def create_dashboard_chart(args: str | dict):
    """Insert a chart, with the user's own rights."""
    from frappe.api.documents import clean

    args = as_dict(args)
    doc = frappe.new_doc("Dashboard Chart")
    doc.update(clean("Dashboard Chart", args))
    if isinstance(args.get("custom_options"), (dict, list)):
        doc.custom_options = json.dumps(args["custom_options"])
    if frappe.db.exists("Dashboard Chart", doc.chart_name):
        doc.chart_name = append_number_if_name_exists("Dashboard Chart", doc.chart_name)
    return doc.insert()
