"""Version 1: `/api/resource/<DocType>[/<name>]` and `/api/method/<name>`."""

import frappe
from frappe.api import documents
from werkzeug.routing import Rule


def document_list(doctype: str):
    """A page of documents; 20 unless the client says how many (0: all)."""
    import frappe.client
    from frappe.handler import call_with

    form = frappe.local.form_dict
    form.setdefault("limit_page_length", form.limit or 20)
    return call_with(frappe.client.get_list, {**form, "doctype": doctype})


def handle_rpc_call(method: str):
    import frappe.handler

    frappe.local.form_dict.cmd = method.split("/")[0]
    return frappe.handler.handle()


def create_doc(doctype: str):
    return documents.create(doctype, request_data())


def read_doc(doctype: str, name: str):
    form = frappe.local.form_dict
    if "run_method" in form:
        return execute_doc_method(doctype, name)
    doc = documents.existing(doctype, name)
    doc.check_permission("read")
    doc = documents.readable(doc)
    if frappe.utils.sbool(form.get("expand_links")) is True:
        from frappe.client import expand_links

        return expand_links(doctype, [doc.as_dict(no_nulls=True)])[0]
    return doc


def update_doc(doctype: str, name: str):
    return documents.update(doctype, name, request_data())


def delete_doc(doctype: str, name: str):
    documents.existing(doctype, name, "delete")
    frappe.delete_doc(doctype, name, ignore_missing=False)
    frappe.response.http_status_code = 202
    return "ok"


def execute_doc_method(doctype: str, name: str):
    form = frappe.local.form_dict
    method = form.pop("run_method", None)
    if not isinstance(method, str):
        frappe.throw(frappe._("Invalid request arguments"))
    return documents.run_method(doctype, name, method, form)


def request_data() -> dict:
    """The values sent: `data` (JSON text) of a form or of a JSON body, else the form or the body itself."""
    form = frappe.local.form_dict
    data = form if form.data is None else documents.parse(form.data)
    if not isinstance(data, dict):
        frappe.throw(frappe._("Invalid request arguments"))
    return data


url_rules = [
    Rule("/method/<path:method>", endpoint=handle_rpc_call),
    Rule("/resource/<doctype>", methods=["GET"], endpoint=document_list),
    Rule("/resource/<doctype>", methods=["POST"], endpoint=create_doc),
    Rule("/resource/<doctype>/<path:name>/", methods=["GET"], endpoint=read_doc),
    Rule("/resource/<doctype>/<path:name>/", methods=["PUT"], endpoint=update_doc),
    Rule("/resource/<doctype>/<path:name>/", methods=["DELETE"], endpoint=delete_doc),
    Rule("/resource/<doctype>/<path:name>/", methods=["POST"], endpoint=execute_doc_method),
]
