"""Exporting records of a DocType and its tables, from the Data Export page."""

import frappe
from frappe import _
from frappe.core.doctype.data_import.exporter import Exporter
from frappe.permissions import can_export
from frappe.request_arguments import as_dict
from frappe.utils import sbool


@frappe.whitelist()
def export_data(
    doctype: str | list | None = None,
    parent_doctype: str | None = None,
    all_doctypes: bool | str | int = True,
    with_data: bool | str | int = False,
    select_columns: str | dict | None = None,
    file_type: str = "CSV",
    template: bool | str | int = False,
    filters: str | dict | list | None = None,
    export_without_column_meta: bool | str | int = True,
) -> None:
    """Answer with a CSV or Excel file of the chosen columns (all of them by default), with or without
    records.

    The header has the fields' labels; Frappe's old template with its notes on each column is not answered.
    Raises PermissionError without the right to export.
    """
    if sbool(template):
        raise NotImplementedError("frappe.core.doctype.data_export.exporter.export_data(template)")
    doctype = doctype[0] if isinstance(doctype, list) else doctype
    if file_type not in ("CSV", "Excel"):
        frappe.throw(_("Unknown file format {0}").format(file_type))
    if not can_export(doctype) and not can_export(doctype, is_owner=True):
        raise frappe.PermissionError(_("You are not allowed to export {} doctype").format(doctype))
    Exporter(
        doctype,
        export_fields=_columns(
            doctype, as_dict(select_columns) if select_columns else None, sbool(all_doctypes)
        ),
        export_data=bool(sbool(with_data)),
        export_filters=frappe.parse_json(filters),
        file_type=file_type,
    ).build_response()


def _columns(doctype: str, selected: dict | None, with_tables) -> dict | str:
    """{DocType: fields, table field: fields}, from {DocType: fields, child DocType: fields}."""
    if not selected and with_tables:
        return "All"
    meta = frappe.get_meta(doctype)
    if not selected:
        return {doctype: ["name", *meta.get_fieldnames_with_value()]}
    columns = {doctype: ["name", *(selected.get(doctype) or [])]}
    for table in meta.get_table_fields():
        if table.options in selected:
            columns[table.fieldname] = selected[table.options]
    return columns
