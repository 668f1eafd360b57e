"""A list as a file: the columns of a list view or Report Builder as CSV or Excel."""

import json

import frappe
from frappe import _
from frappe.desk.reportview_params import get_form_params
from frappe.model.db_query import DatabaseQuery
from frappe.permissions import can_export
from frappe.utils import cint, format_duration

_TEXTS = ("Data", "Select", "Small Text", "Text")


@frappe.whitelist()
@frappe.read_only()
def export_query():
    """The list that the request describes, as a file (`file_format_type` CSV or Excel) in the response.

    `selected_items`: only these; `add_totals_row`, `translate_values`: "1". Raises PermissionError
    without the
    right to export all rows (or, where that is granted to owners, rows of others).
    """
    from frappe.core.doctype.access_log.access_log import make_access_log
    from frappe.desk.utils import get_csv_bytes, pop_csv_params, provide_binary_file

    form = frappe._dict(frappe.local.form_dict)
    doctype, kind = form.doctype, form.file_format_type
    if kind not in ("CSV", "Excel"):
        frappe.throw(_("Unknown file format {0}").format(kind))
    may_export_all = can_export(doctype)
    if not may_export_all and not can_export(doctype, is_owner=True):
        _refuse(doctype)
    args = get_form_params()
    args.pop("doctype")
    if form.selected_items:
        args.filters = {"name": ("in", json.loads(form.selected_items))}
    make_access_log(doctype=doctype, file_type=kind, report_name=form.report_name, filters=args.filters)

    query = DatabaseQuery(doctype)
    # Frappe adds the owner, by which it decides whose rows may be taken out, and leaves it in the file.
    fields = [*(args.fields or ["name"]), "owner"]
    args.update(fields=fields, limit_page_length=None, limit=None, as_list=True)
    rows = [list(row) for row in query.execute(**args)]
    if not may_export_all and any(row[-1] != frappe.session.user for row in rows):
        _refuse(doctype)
    if cint(form.add_totals_row):
        rows = append_totals_row(rows)

    info = get_field_info(fields, doctype)
    translate = cint(form.translate_values) and frappe.local.lang != "en"
    table = [[_("Sr"), *(field["label"] for field in info)]]
    for number, row in enumerate(rows, 1):
        cells = [_cell(value, field, translate) for value, field in zip(row, info, strict=True)]
        table.append([number, *cells])
    if kind == "CSV":
        content, extension = get_csv_bytes(table, pop_csv_params(form)), "csv"
    else:
        from frappe.utils.xlsxutils import make_xlsx

        content, extension = make_xlsx(table, doctype).getvalue(), "xlsx"
    provide_binary_file(form.title or doctype, extension, content)


def _refuse(doctype: str):
    raise frappe.PermissionError(_("You are not allowed to export {} doctype").format(doctype))


def _cell(value, field: dict, translate):
    from frappe.utils.xlsxutils import handle_html

    if field["fieldtype"] == "Duration" and value:
        return format_duration(value, field["hide_days"])
    if translate and field["translatable"]:
        return _(value)
    return handle_html(value) if isinstance(value, str) else value


def append_totals_row(data) -> list:
    """The rows with one more: sums of the numbers, "Total" in the first column unless that is a number."""
    if not data:
        return data
    rows = [list(row) for row in data]
    totals: list = [""] * len(rows[0])
    for row in rows:
        for i, value in enumerate(row):
            if isinstance(value, (int, float)):
                totals[i] = (totals[i] or 0) + value
    if not isinstance(totals[0], (int, float)):
        totals[0] = "Total"
    return [*rows, totals]


def get_field_info(fields: list[str], doctype: str) -> list[dict]:
    """{name, label, fieldtype, translatable, hide_days} of each column asked for."""
    info = []
    for key in fields:
        try:
            parent, fieldname = parse_field(key)
        except ValueError:
            # an aggregate: `count(name)` is headed "Count"
            function = key.split("(", 1)[0]
            info.append(_info(function, function[0].upper() + function[1:], "Data"))
            continue
        parent = parent or doctype
        df = frappe.get_meta(parent).get_field(fieldname)
        if fieldname == "name" and parent == doctype:
            info.append(_info("name", _("ID", context="Label of name column in report"), "Data", True))
            continue
        label = _(df.label) if df else _(fieldname)
        if parent != doctype:
            label += f" ({_(parent)})"
        translatable = bool(df) and _is_translatable(df)
        info.append(
            _info(fieldname, label, df.fieldtype if df else "Data", translatable, df and df.hide_days)
        )
    return info


def _info(name, label, fieldtype, translatable=False, hide_days=0) -> dict:
    return {
        "name": name,
        "label": label,
        "fieldtype": fieldtype,
        "translatable": translatable,
        "hide_days": hide_days,
    }


def _is_translatable(df) -> bool:
    if df.fieldtype in _TEXTS:
        return bool(df.translatable)
    return df.fieldtype == "Link" and bool(frappe.get_meta(df.options).translated_doctype)


def parse_field(field: str) -> tuple[str | None, str]:
    """(DocType or None, fieldname) of a column. Raises ValueError for an aggregate."""
    key = field.split(" as ", 1)[0]
    if key.lower().startswith(("count(", "sum(", "avg(")):
        raise ValueError(field)
    if "." in key:
        table, column = key.split(".", 2)[:2]
        return table.strip("`")[3:], column.strip("`")
    return None, key.strip("`")
