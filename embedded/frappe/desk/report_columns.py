"""Columns that a user adds to a report, and reports saved with such columns (Custom Report)."""

import json

import frappe
from frappe import _
from frappe.request_arguments import as_dict, as_list


def resolve_custom_report(doc):
    """(the Report that is run, columns, filters): a Custom Report's reference with what was saved, or
    `doc` itself.


    Rights are asked for on the reference. Raises ValidationError for reports that refer in a circle.
    """
    columns, filters, seen, first = [], {}, set(), doc
    while doc.report_type == "Custom Report":
        if doc.name in seen or not doc.reference_report:
            frappe.throw(_("{0} refers to no report").format(frappe.bold(first.name)))
        seen.add(doc.name)
        saved = json.loads(doc.json or "{}")
        columns, filters = columns or saved.get("columns") or [], filters or saved.get("filters") or {}
        doc = frappe.get_doc("Report", doc.reference_report)
    return doc, columns, filters


def with_custom_columns(columns: list, saved: list, added: list) -> list:
    """The columns of a report: those saved with it, if any, and those added now, each behind its neighbour.

    Of those saved only what the report still shows to this user, or what is fetched over a link.
    """
    if saved:
        known = {column.fieldname for column in columns}
        columns = [frappe._dict(c) for c in saved if c.get("fieldname") in known or c.get("link_field")]
    columns = list(columns)
    for column in added or ():
        columns.insert(int(column.get("insert_after_index") or 0) + 1, frappe._dict(column))
    return columns


def fill_custom_columns(columns: list, known: set[str], rows: list) -> None:
    """Fill the columns that the report itself does not have: a field of the document behind `link_field`.

    Values come only from documents, and fields, that the user may read.
    """
    for column in columns:
        if column.get("fieldname") in known or not column.get("link_field"):
            continue
        link = column["link_field"]
        link = link if isinstance(link, str) else link.get("fieldname")
        doctype, fieldname = column.get("doctype"), column["fieldname"].split("-")[0]
        names = {row.get(link) for row in rows if isinstance(row, dict) and row.get(link)}
        values = values_of(doctype, fieldname, names)
        for row in rows:
            if isinstance(row, dict) and row.get(link):
                row[column["fieldname"]] = values.get(row[link])


def values_of(doctype: str, fieldname: str, names=None) -> dict:
    """{name: value} of one field of documents that the user may read. Raises PermissionError, DataError."""
    frappe.has_permission(doctype, "read", throw=True)
    if fieldname != "name" and not frappe.get_meta(doctype).has_field(fieldname):
        frappe.throw(_("Field not permitted in query") + f": {fieldname}", frappe.DataError)
    filters = {"name": ("in", sorted(names))} if names is not None else {}
    rows = frappe.get_list(doctype, filters=filters, fields=["name", fieldname], limit_page_length=0)
    return {row.name: row.get(fieldname) for row in rows}


@frappe.whitelist()
def get_data_for_custom_field(doctype: str, field: str, names: str | list | None = None) -> dict:
    """{name: value} of one field of documents that the user may read."""
    return values_of(doctype, field, as_list(names) if names else None)


@frappe.whitelist(methods=["POST", "PUT"])
def save_report(reference_report: str, report_name: str, columns: str | list, filters: str | dict) -> str:
    """Save a report with the user's columns and filters as a Custom Report; returns its name.

    One that exists is changed with the user's own rights. Raises PermissionError as running the report does.
    """
    from frappe.desk.query_report import get_report_doc

    reference = get_report_doc(reference_report)
    saved = json.dumps({"columns": as_list(columns), "filters": as_dict(filters)})
    found = {"report_name": report_name, "is_standard": "No", "report_type": "Custom Report"}
    if name := frappe.db.exists("Report", found):
        report = frappe.get_doc("Report", name)
        report.json = saved
        report.save()
        frappe.msgprint(_("Report updated successfully"))
        return report.name
    report = frappe.get_doc(
        {
            "doctype": "Report",
            **found,
            "json": saved,
            "ref_doctype": reference.ref_doctype,
            "reference_report": reference.name,
            "roles": [{"role": row.role} for row in reference.roles],
        }
    )
    # Whoever may run the report may keep his own view of it; the controller asks for more.
    report.flags.ignore_validate = True
    report.insert(ignore_permissions=True)
    frappe.msgprint(_("{0} saved successfully").format(_(report.name)))
    return report.name
