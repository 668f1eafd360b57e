"""Version 2: `/api/v2/document/…`, `/api/v2/doctype/…`, `/api/v2/method/…`."""

import frappe
from frappe import _
from frappe.api import documents
from frappe.utils import cint
from werkzeug.routing import Rule


def handle_rpc_call(method: str, doctype: str | None = None):
    """A whitelisted function, or one of the module of a DocType."""
    from frappe.handler import call_with, is_valid_http_method, resolve, run_server_script, server_script_of

    if doctype:
        from frappe.modules.utils import load_doctype_module

        method = f"{load_doctype_module(doctype).__name__}.{method}"
    if script := server_script_of(method):
        return run_server_script(script)
    function = resolve(method)
    frappe.is_whitelisted(function)
    is_valid_http_method(function)
    return call_with(function, frappe.local.form_dict)


def login():
    """Signing in has happened when the request came in."""


def logout():
    frappe.local.login_manager.logout()
    frappe.db.commit()


def upload_file():
    import frappe.handler

    return frappe.handler.upload_file()


def read_doc(doctype: str, name: str):
    doc = documents.existing(doctype, name)
    doc.check_permission("read")
    return documents.readable(doc)


def document_list(doctype: str):
    """A page of documents, and whether there are more."""
    import frappe.client
    from frappe.handler import call_with

    form = frappe.local.form_dict
    limit = cint(form.get("limit") or form.get("limit_page_length") or 20)
    arguments = {
        **form,
        "doctype": doctype,
        "limit_start": form.get("start") or form.get("limit_start"),
        "limit_page_length": limit and limit + 1,
    }
    rows = list(call_with(frappe.client.get_list, arguments))
    frappe.response["has_next_page"] = bool(limit) and len(rows) > limit
    return rows[:limit] if limit else rows


def count(doctype: str) -> int:
    import frappe.client

    form = frappe.local.form_dict
    return frappe.client.get_count(doctype, filters=form.get("filters"))


def create_doc(doctype: str):
    return documents.create(doctype, dict(frappe.local.form_dict))


def update_doc(doctype: str, name: str):
    return documents.update(doctype, name, dict(frappe.local.form_dict))


def delete_doc(doctype: str, name: str):
    import frappe.client

    documents.existing(doctype, name, "delete")
    frappe.client.delete_doc(doctype, name)
    frappe.response.http_status_code = 202
    return "ok"


def get_meta(doctype: str):
    """Meta of a DocType, for signed-in users."""
    if frappe.session.user == "Guest":
        raise frappe.PermissionError
    frappe.only_for("All")
    return frappe.get_meta(doctype).as_dict(no_nulls=True)


def execute_doc_method(doctype: str, name: str, method: str):
    return documents.run_method(doctype, name, method, frappe.local.form_dict)


def run_doc_method(method: str, document, kwargs=None):
    """Call a whitelisted method of a document that the client sends; the answer carries `docs` too."""
    from frappe.handler import call_with, is_valid_http_method

    doc = documents.received(document)
    doc._original_modified = doc.modified
    doc.check_if_latest()
    doc.check_permission("write" if frappe.local.request.method == "POST" else "read")
    doc.is_whitelisted(method)
    bound = getattr(doc, method)
    is_valid_http_method(getattr(bound, "__func__", bound))
    kwargs = documents.parse(kwargs) or {}
    if not isinstance(kwargs, dict):
        frappe.throw(_("Invalid request arguments"))
    answer = call_with(bound, kwargs)
    frappe.response.docs.append(documents.readable(doc))
    return answer


def _run_doc_method():
    from frappe.handler import call_with

    return call_with(run_doc_method, frappe.local.form_dict)


url_rules = [
    Rule("/method/login", endpoint=login),
    Rule("/method/logout", endpoint=logout),
    Rule("/method/ping", endpoint=frappe.ping),
    Rule("/method/upload_file", endpoint=upload_file),
    Rule("/method/<method>", endpoint=handle_rpc_call),
    Rule("/method/run_doc_method", methods=["GET", "POST"], endpoint=_run_doc_method),
    Rule("/method/<doctype>/<method>", endpoint=handle_rpc_call),
    Rule("/document/<doctype>", methods=["GET"], endpoint=document_list),
    Rule("/document/<doctype>", methods=["POST"], endpoint=create_doc),
    Rule("/document/<doctype>/<path:name>/", methods=["GET"], endpoint=read_doc),
    Rule("/document/<doctype>/<path:name>/", methods=["PATCH", "PUT"], endpoint=update_doc),
    Rule("/document/<doctype>/<path:name>/", methods=["DELETE"], endpoint=delete_doc),
    Rule(
        "/document/<doctype>/<path:name>/method/<method>/",
        methods=["GET", "POST"],
        endpoint=execute_doc_method,
    ),
    Rule("/doctype/<doctype>/meta", methods=["GET"], endpoint=get_meta),
    Rule("/doctype/<doctype>/count", methods=["GET"], endpoint=count),
]
