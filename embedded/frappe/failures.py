"""What a request is answered that failed: JSON for programs, a page for people, and what is kept of it."""

import json
import sqlite3

import frappe
from frappe import _
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request, Response

# What this host does not answer, texts that are no JSON and values beyond what numbers and texts can hold.
CANNOT_BE_ANSWERED = (
    NotImplementedError,
    UnicodeError,
    OverflowError,
    RecursionError,
    json.JSONDecodeError,
)


def wants_json(request: Request) -> bool:
    """Whether an error is told as JSON: under `/api` unless only HTML is taken; to scripts elsewhere."""
    accept = request.headers.get("Accept") or ""
    if request.path.startswith("/api/") or request.path == "/api":
        return not accept.startswith("text") or "json" in accept or "*/*" in accept.split(",")[0]
    return (
        frappe.local.get("is_ajax")
        or "application/json" in accept
        or bool((frappe.local.get("form_dict") or {}).get("cmd") and not accept.startswith("text"))
    )


def handle_http_exception(error: HTTPException, request: Request) -> Response:
    """An error of the HTTP layer (unknown address, wrong verb, body too large)."""
    if error.response is not None:
        return error.response
    if not frappe.local.get("initialised") or not wants_json(request):
        return page(error.name, error.description, error.code) or error.get_response(request.environ)
    error.http_status_code = error.code
    return handle_exception(error)


def handle_exception(error: Exception) -> Response:
    """The answer to an exception that reached the top; unforeseen ones are kept in the Error Log."""
    from frappe.utils.response import report_error

    request = frappe.local.request
    status = status_of(error)
    if not frappe.local.session or not frappe.local.session.get("user"):
        frappe.local.session = frappe._dict(user="Guest", data=frappe._dict())
    if type(error) is frappe.AuthenticationError and frappe.local.get("login_manager"):
        frappe.local.login_manager.clear_cookies()
    if status >= 500 and not isinstance(error, frappe.SessionStopped):
        _keep_in_error_log(error)
        if _stumbled_over_arguments(error):
            status = 417
    if isinstance(error, frappe.Redirect):
        from werkzeug.utils import redirect

        return redirect(frappe.local.flags.redirect_location, status)
    # What should have been the answer is none, and may be what could not be written as JSON.
    for key in ("data", "docs"):
        (frappe.local.response or {}).pop(key, None)
    try:
        if wants_json(request):
            return report_error(status)
        title, text = _words(status)
        return page(title, text, status) or Response(text, status=status)
    except Exception:
        frappe.logger().error("error could not be reported", exc_info=True)
        return Response('{"exc_type":"InternalError"}', status=500, mimetype="application/json")


def status_of(error: Exception) -> int:
    """The HTTP status of an exception: its own; 503 while another writer holds the database; else 500."""
    if isinstance(error, (frappe.QueryTimeoutError, frappe.QueryDeadlockError)):
        return 503
    if isinstance(error, CANNOT_BE_ANSWERED):
        return 417
    return getattr(error, "http_status_code", 500)


def _stumbled_over_arguments(error: Exception) -> bool:
    """Whether one of the host's own calls could not make sense of what it was given.

    Frappe answers 500 to such nonsense; here it is the client's mistake, kept in the Error Log all the same.
    An error with an app's code on its way is the app's, and stays 500.
    """
    if not isinstance(error, (TypeError, ValueError, AttributeError, LookupError, sqlite3.Error)):
        return False
    apps = set(frappe.get_installed_apps()) - {"frappe"}
    frame = error.__traceback__
    while frame:
        if frame.tb_frame.f_globals.get("__name__", "").split(".")[0] in apps:
            return False
        frame = frame.tb_next
    return True


def _keep_in_error_log(error: Exception) -> None:
    from frappe.utils.error import log_error_snapshot

    if not frappe.local.get("db"):
        return
    try:
        log_error_snapshot(error)
        frappe.db.commit()
    except Exception:
        frappe.logger().error("Error Log could not be written", exc_info=True)
        frappe.db.rollback()


def _words(status: int) -> tuple[str, str]:
    return {
        401: (_("Session Expired"), _("Your session has expired, please login again to continue.")),
        403: (_("Not Permitted"), _("You do not have enough permissions to complete the action")),
        404: (_("Not Found"), _("The resource you are looking for is not available")),
        429: (_("Too Many Requests"), _("Too Many Requests")),
        503: (_("Updating"), _("The system is being updated. Please refresh again after a few moments.")),
    }.get(status, (_("Server Error"), _("The request could not be completed.")))


def page(title: str, text: str, status: int) -> Response | None:
    if not frappe.local.get("initialised"):
        return None

    from frappe.website.serve import message_page

    return message_page(title, text, status)
