"""What goes back to the client: JSON, files, pages, redirects, errors in the words of the API's version."""

import datetime
import decimal
import json
import mimetypes
import os
import sys
import uuid
from collections.abc import Iterable
from re import Match

import frappe
from frappe import _
from frappe._local import LocalProxy

# Types that a browser would run as a page of this site.
SCRIPTABLE = (".svg", ".html", ".htm", ".xml", ".xhtml", ".mhtml", ".shtml", ".js", ".mjs")


def report_error(status_code: int):
    """The exception being handled as JSON; tracebacks only where the site allows them."""
    from frappe.api import ApiVersion, get_api_version

    kind, error, _traceback = sys.exc_info()
    allow_traceback = (
        _tracebacks_allowed()
        and not frappe.local.flags.disable_traceback
        and (status_code != 404 or bool(frappe.local.conf.logging))
    )
    response = frappe.local.response
    if get_api_version() == ApiVersion.V2:
        described = {"type": kind.__name__}
        if allow_traceback:
            described["exception"] = frappe.utils.get_traceback()
        _take_message_of(error, described)
        response.errors = [described]
    else:
        if allow_traceback:
            traceback = frappe.utils.get_traceback()
            frappe.errprint(traceback)
            response.exception = traceback.splitlines()[-1]
        response["exc_type"] = kind.__name__
    out = build_response("json")
    out.status_code = status_code
    return out


def _tracebacks_allowed() -> bool:
    return bool(frappe.db and frappe.get_system_settings("allow_error_traceback"))


def _take_message_of(error, described: dict) -> None:
    """Move the message that was thrown with the error from the log into its description."""
    log = frappe.local.message_log
    for message in list(log):
        if message.get("__frappe_exc_id") == getattr(error, "__frappe_exc_id", None):
            log.remove(message)
            described.update(
                {
                    key: value
                    for key, value in message.items()
                    if key not in ("raise_exception", "__frappe_exc_id")
                }
            )
            return


def build_response(response_type: str | None = None):
    """A werkzeug Response of what lies in `frappe.response`."""
    makers = {
        "csv": as_csv,
        "txt": as_txt,
        "download": as_raw,
        "json": as_json,
        "pdf": as_pdf,
        "page": as_page,
        "redirect": redirect,
        "binary": as_binary,
    }
    response = frappe.local.response
    if "docs" in response and not response.docs:
        del response["docs"]
    return makers[response.get("type") or response_type]()


def as_json():
    from werkzeug.wrappers import Response

    make_logs()
    content = frappe.local.response
    status = content.pop("http_status_code", None) or 200
    text = json.dumps(content, default=_readable, separators=(",", ":"))
    return Response(text, status=status, mimetype="application/json")


def _readable(obj):
    """Documents come without the fields above the reader's level, whichever method returned them."""
    from frappe.model.document import Document
    from frappe.model.meta import Meta

    if isinstance(obj, Document) and not isinstance(obj, Meta):
        return obj.as_readable_dict()
    return json_handler(obj)


def _attachment(data, mimetype, filename, disposition="attachment"):
    from werkzeug.wrappers import Response

    response = Response(data, mimetype=mimetype)
    response.headers["Content-Disposition"] = content_disposition(filename, disposition)
    return response


def content_disposition(filename: str, disposition: str | None = "attachment") -> str:
    """The header, with names beyond ASCII in the form of RFC 5987."""
    from urllib.parse import quote

    name = os.path.basename(str(filename)).replace("\r", "").replace("\n", "")
    plain = name.encode("ascii", "ignore").decode().replace('"', "").replace("\\", "").strip() or "file"
    extended = "" if plain == name else f"; filename*=UTF-8''{quote(name, safe='')}"
    return f'{disposition or "inline"}; filename="{plain}"{extended}'


def as_csv():
    response = frappe.local.response
    return _attachment(response["result"], "text/csv", f"{response['doctype']}.csv")


def as_txt():
    response = frappe.local.response
    return _attachment(response["result"], "text/plain", f"{response['doctype']}.txt")


def as_raw():
    response = frappe.local.response
    filename = response["filename"]
    kind = response.get("content_type") or mimetypes.guess_type(filename)[0] or "application/octet-stream"
    return _attachment(
        response["filecontent"], kind, filename, response.get("display_content_as") or "attachment"
    )


def as_pdf():
    response = frappe.local.response
    return _attachment(response["filecontent"], "application/pdf", response["filename"], None)


def as_binary():
    response = frappe.local.response
    return _attachment(response["filecontent"], "application/octet-stream", response["filename"])


def as_page():
    from frappe.website.serve import get_response

    response = frappe.local.response
    return get_response(response["route"], http_status_code=response.get("http_status_code"))


def redirect():
    from werkzeug.utils import redirect as to

    return to(frappe.local.response.location)


def make_logs() -> None:
    """Put messages, errors and debug lines of the request into the answer."""
    from frappe.api import ApiVersion, get_api_version

    response, local = frappe.local.response, frappe.local
    if get_api_version() == ApiVersion.V2:
        if local.message_log:
            response["messages"] = local.message_log
        if local.debug_log:
            response["debug"] = [{"message": line} for line in local.debug_log]
        return
    if local.error_log and _tracebacks_allowed():
        response["exc"] = json.dumps([frappe.utils.cstr(entry["exc"]) for entry in local.error_log])
    if local.message_log:
        response["_server_messages"] = json.dumps(
            [json.dumps(message, default=json_handler) for message in local.message_log]
        )
    if local.debug_log:
        response["_debug_messages"] = json.dumps(local.debug_log)
    if local.flags.error_message:
        response["_error_message"] = local.flags.error_message


def download_backup(path: str):
    """A file of `private/backups`, for System Managers."""
    frappe.only_for(("System Manager", "Administrator"))
    return send_private_file(path)


def download_private_file(path: str):
    """A private file that a File document which the user may read stands for. Raises PermissionError."""
    from frappe.core.doctype.file.utils import find_file_by_url

    if frappe.session.user == "Guest" or not find_file_by_url(path, name=frappe.local.form_dict.fid):
        frappe.throw(_("You don't have permission to access this file"), frappe.PermissionError)
    return send_private_file(path.split("/private", 1)[1])


def send_private_file(path: str):
    """A file below the site's `private/`."""
    return send_file_below(frappe.get_site_path("private"), path)


def send_file_below(folder: str, path: str, max_age: int | None = None, uploaded: bool = True):
    """A file below a folder; nothing else, whatever the path says. Raises NotFound.

    What somebody uploaded and a browser would run as a page is sent as a download.
    """
    from werkzeug.exceptions import NotFound
    from werkzeug.utils import send_file

    if "\0" in path:
        raise NotFound
    base = os.path.realpath(folder)
    target = os.path.realpath(os.path.join(base, path.lstrip("/")))
    if not target.startswith(base + os.sep) or not os.path.isfile(target):
        raise NotFound
    response = send_file(
        target,
        frappe.local.request.environ,
        mimetype=mimetypes.guess_type(target)[0] or "application/octet-stream",
        max_age=max_age,
    )
    if max_age is None:
        response.headers["Cache-Control"] = "private, no-cache"
    if uploaded and os.path.splitext(target)[1].lower() in SCRIPTABLE:
        response.headers["Content-Disposition"] = content_disposition(target)
        response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def json_handler(obj):
    """Frappe's JSON for what `json` does not know: dates as text, decimals as floats, documents as dicts."""
    if isinstance(obj, (datetime.date, datetime.datetime, datetime.time)):
        return str(obj)
    if isinstance(obj, datetime.timedelta):
        from frappe.utils._durations import format_timedelta

        return format_timedelta(obj)
    if isinstance(obj, decimal.Decimal):
        return float(obj)
    if type(obj) is LocalProxy:
        return str(obj)
    if hasattr(obj, "as_dict") and hasattr(obj, "doctype"):
        return obj.as_dict(no_nulls=True)
    if isinstance(obj, Iterable):
        return list(obj)
    if isinstance(obj, Match):
        return obj.string
    if isinstance(obj, uuid.UUID):
        return str(obj)
    if isinstance(obj, (type, Exception)) or callable(obj):
        return repr(obj)
    raise TypeError(f"Object of type {type(obj)} with value of {obj!r} is not JSON serializable")
