"""A report as a file: what the desk shows of it, as CSV or Excel."""

import datetime

import frappe
from frappe import _
from frappe.api.documents import parse
from frappe.utils import cint, cstr, format_duration

_EXCEL_TYPES = (
    str, bool, int, float, type(None), datetime.datetime, datetime.date, datetime.time, datetime.timedelta,
)  # fmt: skip
_EXPORTED = "CSV", "Excel"


@frappe.whitelist()
def export_query():
    """The report of `form_dict` (report_name, filters, visible_idx, include_filters, include_indentation)
    as a
    file: `file_format_type` CSV or Excel. Raises PermissionError as `run`, and without the right to
    export."""
    from frappe.core.doctype.access_log.access_log import make_access_log
    from frappe.desk.query_report import run
    from frappe.desk.utils import get_csv_bytes, pop_csv_params, provide_binary_file
    from frappe.permissions import can_export

    form = frappe._dict(frappe.local.form_dict)
    name, kind = form.report_name, form.file_format_type or "CSV"
    about = frappe.get_cached_value("Report", name, "ref_doctype")
    if not about:
        frappe.throw(frappe._("Report {0} not found").format(name), frappe.DoesNotExistError)
    can_export(about, raise_exception=True)
    if kind not in _EXPORTED:
        frappe.throw(_("Unknown file format {0}").format(kind))
    data = frappe._dict(
        run(name, form.filters, custom_columns=_parsed(form.custom_columns), are_default_filters=False)
    )
    data.filters = _parsed(form.applied_filters) or {}
    format_duration_fields(data)
    make_access_log(report_name=name, file_type=kind, filters=form.filters)
    rows, widths = build_xlsx_data(
        data, _parsed(form.visible_idx) or [], form.include_indentation, form.include_filters
    )
    if kind == "CSV":
        content, extension = get_csv_bytes(rows, pop_csv_params(form)), "csv"
    else:
        from frappe.utils.xlsxutils import make_xlsx

        content, extension = make_xlsx(rows, "Query Report", column_widths=widths).getvalue(), "xlsx"
    provide_binary_file(name, extension, content)


def _parsed(value):
    return parse(value) if value else value


def format_duration_fields(data) -> None:
    """Write durations as people read them."""
    for i, column in enumerate(data.columns):
        if column.get("fieldtype") != "Duration":
            continue
        for row in data.result:
            key = column.get("fieldname") if isinstance(row, dict) else i
            if row[key]:
                row[key] = format_duration(row[key])


def build_xlsx_data(
    data, visible_idx, include_indentation=False, include_filters=False, ignore_visible_idx=False
):
    """(rows with the header first, widths of the columns). `visible_idx`: which rows are shown; empty
    means all.

    With filters they stand above the header, parted by an empty row.
    """
    shown = None if ignore_visible_idx or len(visible_idx) in (0, len(data.result)) else set(visible_idx)
    rows: list[list] = []
    if cint(include_filters):
        for name, value in (data.filters or {}).items():
            if value:
                text = ", ".join(map(cstr, value)) if isinstance(value, list) else cstr(value)
                rows.append([cstr(name), text])
        rows.append([])
    columns = [column for column in data.columns if not column.get("hidden")]
    rows.append([_(column.get("label")) for column in columns])
    for index, row in enumerate(data.result):
        if shown is None or index in shown:
            rows.append(
                _cells(row, columns, cint(include_indentation)) if isinstance(row, dict) else row or []
            )
    return rows, [cint(column.get("width")) / 10 for column in columns]


def _cells(row: dict, columns: list, indented) -> list:
    cells = []
    for column in columns:
        value = row.get(column.get("fieldname"), row.get(column.get("label"), ""))
        cells.append(value if isinstance(value, _EXCEL_TYPES) else cstr(value))
    if indented and "indent" in row:
        cells[0] = "    " * cint(row["indent"]) + cstr(cells[0])
    return cells
