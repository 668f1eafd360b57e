"""Running reports: script reports of apps and query reports, in the shape that Frappe's desk reads."""

import json
import os

import frappe
from frappe import _
from frappe.desk.report_columns import (
    fill_custom_columns,
    get_data_for_custom_field,
    resolve_custom_report,
    save_report,
    with_custom_columns,
)
from frappe.desk.report_export import build_xlsx_data, export_query
from frappe.desk.report_rows import (
    add_total_row,
    get_column_as_dict,
    get_columns_dict,
    get_filtered_data,
    normalize_result,
    without_hidden_columns,
)
from frappe.request_arguments import as_dicts
from frappe.utils import cint, sbool

__all__ = [
    "add_total_row",
    "background_enqueue_run",
    "build_xlsx_data",
    "export_query",
    "generate_report_result",
    "get_columns_dict",
    "get_data_for_custom_field",
    "get_report_doc",
    "get_script",
    "run",
    "save_report",
]


def get_report_doc(report_name):
    """The Report, if the user may run it. Raises PermissionError, ValidationError if it is disabled."""
    own = frappe.get_doc("Report", report_name)
    doc, columns, filters = resolve_custom_report(own)
    doc.custom_columns, doc.custom_filters = columns, filters
    if doc is not own:
        doc.custom_report, doc.is_custom_report = own.name, True
        doc.prepared_report = own.prepared_report
    if not own.is_permitted() or not doc.is_permitted():
        frappe.throw(
            _("You don't have access to Report: {0}").format(_(doc.name)), frappe.PermissionError
        )  # fmt: skip
    if not frappe.has_permission(doc.ref_doctype, "report"):
        frappe.throw(
            _("You don't have permission to get a report on: {0}").format(_(doc.ref_doctype)),
            frappe.PermissionError,
        )
    if doc.disabled:
        frappe.throw(_("Report {0} is disabled").format(_(report_name)))
    return doc


def get_report_result(report, filters):
    """What the report itself gives: columns, rows, message, chart, summary, whether to skip the total."""
    if report.report_type == "Query Report":
        return report.execute_query_report(filters)
    if report.report_type == "Script Report":
        return report.execute_script_report(filters)
    raise NotImplementedError(report.report_type)


@frappe.read_only()
def generate_report_result(
    report, filters=None, user=None, custom_columns=None, is_tree=False, parent_field=None
):
    """Run a Report document: {result, columns, message, chart, report_summary, skip_total_row, …}."""
    user = user or frappe.session.user
    filters = filters or []
    if isinstance(filters, str):
        filters = json.loads(filters)
    found = list(get_report_result(report, filters) or [])
    columns, result, message, chart, summary, skip_total_row = (found + [None] * 6)[:6]
    columns = [get_column_as_dict(column) for column in (columns or [])]
    result = normalize_result(result, columns)
    columns = without_hidden_columns(report.ref_doctype, columns, result, user)
    known, added = {column.fieldname for column in columns}, as_dicts(custom_columns or [])
    columns = with_custom_columns(columns, report.get("custom_columns"), added)
    fill_custom_columns(columns, known, result)
    if result:
        result = get_filtered_data(report.ref_doctype, columns, result, user)
    if cint(report.add_total_row) and result and not skip_total_row:
        result = add_total_row(result, columns, is_tree=is_tree, parent_field=parent_field)
    return {
        "result": result,
        "columns": columns,
        "message": message,
        "chart": chart,
        "report_summary": summary,
        "skip_total_row": skip_total_row or 0,
        "status": None,
        "execution_time": frappe.cache.hget("report_execution_time", report.name) or 0,
    }


@frappe.whitelist()
@frappe.read_only()
def run(
    report_name,
    filters=None,
    user=None,
    ignore_prepared_report=False,
    custom_columns=None,
    is_tree=False,
    parent_field=None,
    are_default_filters=True,
):
    """Run a report by its name. Filters are a dict, or JSON of one. Raises PermissionError as
    `get_report_doc`, and if a filter links to a document that the user may not read."""
    user = user or frappe.session.user
    if user != frappe.session.user:
        frappe.only_for("System Manager")
    if isinstance(filters, str):
        filters = json.loads(filters)
    validate_filters_permissions(report_name, filters, user)
    report = get_report_doc(report_name)
    if sbool(are_default_filters) and report.custom_filters:
        filters = report.custom_filters
    if report.prepared_report and not sbool(ignore_prepared_report):
        raise NotImplementedError("Prepared Report")
    try:
        result = generate_report_result(report, filters, user, custom_columns, is_tree, parent_field)
    except Exception:
        frappe.log_error("Report Error")
        raise
    result["add_total_row"] = report.add_total_row and not result.get("skip_total_row", False)
    if sbool(are_default_filters) and report.custom_filters:
        result["custom_filters"] = report.custom_filters
    return result


def validate_filters_permissions(report_name, filters=None, user=None):
    """Raise ValidationError for a link filter of the Report whose document the user may not read."""
    if not filters:
        return
    report = frappe.get_doc("Report", report_name)
    for field in report.get("filters") or []:
        if field.fieldname not in filters or field.fieldtype != "Link":
            continue
        name = filters[field.fieldname]
        if not any(
            frappe.has_permission(field.options, ptype=ptype, doc=name, user=user)
            for ptype in ("read", "select")
        ):
            frappe.throw(_("You do not have permission to access {0}: {1}.").format(field.options, name))


@frappe.whitelist()
def get_script(report_name):
    """The report's own JavaScript (its filters and buttons), from the app's folder."""
    report = get_report_doc(report_name)
    module = report.module or frappe.db.get_value("DocType", report.ref_doctype, "module")
    folder = os.path.join(frappe.get_module_path(module), "report", frappe.scrub(report.name))
    path = os.path.join(folder, f"{frappe.scrub(report.name)}.js")
    script = report.get("javascript")
    if os.path.exists(path):
        with open(path, encoding="utf-8") as f:
            script = f.read()
    return {
        "script": script or f"frappe.query_reports['{report_name}']={{}}",
        "html_format": None,
        "execution_time": frappe.cache.hget("report_execution_time", report_name) or 0,
        "filters": report.get("filters"),
        "custom_report_name": report.get("custom_report"),
    }


@frappe.whitelist(methods=["POST", "PUT"])
def background_enqueue_run(report_name: str, filters=None, user=None):
    """Prepared Reports are not answered: every report runs at once."""
    get_report_doc(report_name)
    raise NotImplementedError("frappe.desk.query_report.background_enqueue_run")
