"""Access Log: who took which data out, by export or print."""

import frappe
from frappe.model.document import Document
from frappe.utils import cstr


class AccessLog(Document):
    """One export or print."""


def make_access_log(
    doctype=None,
    document=None,
    method=None,
    file_type=None,
    report_name=None,
    filters=None,
    page=None,
    columns=None,
) -> None:
    """Log that the session's user takes data out; kept though the request only reads."""
    frappe.get_doc(
        doctype="Access Log",
        user=frappe.session.user,
        export_from=doctype,
        reference_document=document,
        file_type=file_type,
        report_name=report_name,
        page=page,
        method=method,
        filters=cstr(filters) or None,
        columns=columns,
    ).db_insert()
    frappe.local.flags.commit = True
