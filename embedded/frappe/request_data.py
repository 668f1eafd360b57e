"""What a request brings: how large it may be, and its values as `frappe.form_dict`."""

import json

import frappe
from frappe import _
from frappe.utils import cint

DEFAULT_LIMIT = 25 * 1024 * 1024
# A multipart body is larger than its file.
MULTIPART_ALLOWANCE = 64 * 1024


def limit_size(request) -> None:
    """Bodies beyond the site's limit are refused with 413, before they are read."""
    if not request.content_length and "Transfer-Encoding" not in request.headers:
        return
    from frappe.core.api.file import get_max_file_size

    if "/method/upload_file" in request.path or frappe.local.conf.max_file_size is None:
        limit = get_max_file_size()
    else:
        limit = cint(frappe.local.conf.max_file_size) or DEFAULT_LIMIT
    request.max_content_length = limit + MULTIPART_ALLOWANCE
    request.max_form_memory_size = limit
    if (request.content_length or 0) > request.max_content_length:
        from werkzeug.exceptions import RequestEntityTooLarge

        raise RequestEntityTooLarge


def make_form_dict(request) -> None:
    """Query, form or JSON body as a dict. A JSON list becomes `data`; "undefined" in a query is nothing."""
    values = _json_body(request) if request.is_json else _query_and_form(request)
    if isinstance(values, list):
        values = {"data": values}
    if not isinstance(values, dict):
        frappe.throw(_("Invalid request arguments"))
    frappe.local.form_dict = frappe._dict(values)
    frappe.local.form_dict.pop("_", None)


def _query_and_form(request) -> dict:
    values = {key: value for key, value in request.args.items() if value != "undefined"}
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        values.update(request.form.items())
        if not values and not request.files and request.content_length:
            text = request.get_data(as_text=True)
            # a body without a content type, as some old clients send it
            if text[:1] == "{":
                values = _parse(text)
    return values


def _json_body(request):
    text = request.get_data().decode("utf-8", "strict")
    return _parse(text) if text.strip() else dict(request.args)


def _parse(text: str):
    try:
        values = json.loads(text)
        if "\\u" in text:
            text.encode()
            json.dumps(values, ensure_ascii=False).encode()  # half a surrogate pair is no text
    except (ValueError, RecursionError):
        frappe.throw(_("Invalid JSON in the request"))
    return values
