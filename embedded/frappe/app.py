"""The WSGI application: one request, from finding its site to the last header of its answer."""

import json
import os
import sqlite3
import time

import frappe
from frappe import _
from frappe._local import release_local
from frappe.auth import UNSAFE_HTTP_METHODS, HTTPRequest, validate_auth
from frappe.request_data import limit_size, make_form_dict
from frappe.response_headers import finish_headers, request_id
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.wrappers import Request, Response
from werkzeug.wsgi import ClosingIterator

_site: str | None = None
_sites_path: str | None = os.environ.get("SITES_PATH")


def application(environ, start_response):
    """PEP 3333. What a method adds to `frappe.request.after_response` runs when the answer is sent."""
    request = Request(environ)
    response = respond(request)
    later = request.after_response
    answer = response(environ, start_response)
    if frappe.local.get("initialised") and later._functions:
        return ClosingIterator(answer, [lambda: finish(later)])
    finish(later)
    return answer


def respond(request: Request) -> Response:
    """Serve a request; always answers. Unsafe methods commit if they succeed, all else is rolled back."""
    started = time.perf_counter()
    release_local(frappe.local)
    request.after_response = frappe.utils.CallbackManager()
    request.id = request_id(request)
    try:
        init_request(request)
        validate_auth()
        response = dispatch(request)
        sync_database(request)
    except HTTPException as error:
        roll_back()
        response = handle_http_exception(error, request)
    except Exception as error:
        roll_back()
        response = handle_exception(error)
    try:
        for hook in frappe.get_hooks("after_request") if frappe.local.get("initialised") else ():
            frappe.call(frappe.get_attr(hook), response=response, request=request)
    except Exception:
        frappe.logger().error("after_request hook failed", exc_info=True)
    finish_headers(request, response)
    log_request(request, response, time.perf_counter() - started)
    return response


def init_request(request: Request) -> None:
    """Site, database, form, session."""
    local = frappe.local
    local.request = request
    site = _site or _site_of(request)
    _init_site(site)
    local.request = request
    local.is_ajax = request.headers.get("X-Requested-With") == "XMLHttpRequest"
    if not local.conf.db_name:
        raise NotFound
    frappe.cache.refresh()

    from frappe.database.pool import borrow

    local.db = borrow()
    if local.conf.maintenance_mode:
        if not local.conf.allow_reads_during_maintenance or request.method in UNSAFE_HTTP_METHODS:
            raise frappe.SessionStopped("Session Stopped")
        frappe.flags.read_only = True
    limit_size(request)
    make_form_dict(request)
    if request.method != "OPTIONS":
        local.http_request = HTTPRequest()
    else:
        local.session = frappe._dict(user="Guest", data=frappe._dict())
    for hook in frappe.get_hooks("before_request"):
        frappe.call(frappe.get_attr(hook))


def _site_of(request: Request) -> str:
    """The site a request is meant for: by header, by host name, else the bench's default."""
    for name in (request.headers.get("X-Frappe-Site-Name"), request.host.split(":")[0]):
        if name and _is_site(name):
            return name
    default = frappe.get_common_site_config(_sites_folder()).default_site
    if default and _is_site(default):
        return default
    raise NotFound


def _is_site(name: str) -> bool:
    safe = all(char.isalnum() or char in "._-" for char in name) and not name.startswith(".")
    return safe and os.path.isfile(os.path.join(_sites_folder(), name, "site_config.json"))


def _sites_folder() -> str:
    from frappe._site import default_sites_path

    return _sites_path or default_sites_path()


def _init_site(site: str) -> None:
    frappe.init(site, sites_path=_sites_folder(), force=True)


def dispatch(request: Request) -> Response:
    """The answer of whatever the path names."""
    from frappe.rate_limiter import apply
    from frappe.utils.response import build_response, download_backup, download_private_file

    apply()
    path = request.path
    if request.method == "OPTIONS":
        return Response()
    if frappe.local.form_dict.cmd and not path.startswith("/api/"):
        from frappe.handler import handle

        return handle() or build_response("json")
    if path.startswith("/api/") or path == "/api":
        from frappe.api import handle

        return handle(request)
    if path.startswith("/backups/"):
        return download_backup(path)
    if path.startswith("/private/files/"):
        return download_private_file(path)
    if request.method in ("GET", "HEAD", "POST"):
        from frappe.website.serve import get_response

        return get_response(path)
    raise NotFound


def sync_database(request: Request) -> None:
    """Commit what an unsafe method did, roll back a safe one, note that the session was used."""
    if request.method in UNSAFE_HTTP_METHODS or frappe.local.flags.commit:
        frappe.db.commit()
    else:
        frappe.db.rollback()
    if session := frappe.local.get("session_obj"):
        session.update()


def roll_back() -> None:
    if frappe.local.get("db"):
        frappe.db.rollback()


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
        return _page(error.name, error.description, error.code) or error.get_response(request.environ)
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
    try:
        if wants_json(request):
            return report_error(status)
        title, text = _words(status)
        return _page(title, text, status) or Response(text, status=status)
    except Exception:
        frappe.logger().error("error could not be reported", exc_info=True)
        return Response('{"exc_type":"InternalError"}', status=500, mimetype="application/json")


# What this host does not answer, texts that are no JSON and values beyond what numbers and texts can hold.
CANNOT_BE_ANSWERED = (
    NotImplementedError,
    UnicodeError,
    OverflowError,
    RecursionError,
    json.JSONDecodeError,
)


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


def _page(title: str, text: str, status: int) -> Response | None:
    if not frappe.local.get("initialised"):
        return None
    from frappe.website.serve import message_page

    return message_page(title, text, status)


def log_request(request: Request, response: Response, seconds: float) -> None:
    from frappe.request_log import write

    if frappe.local.get("initialised"):
        write(request, response, seconds)


def finish(later) -> None:
    """After the answer: deferred work, then the connection goes back and the thread forgets the request."""
    from frappe.database.pool import give_back

    try:
        later.run()
    except Exception:
        frappe.logger().error("after_response failed", exc_info=True)
    db = frappe.local.get("db")
    if db is not None:
        frappe.local.db = None
        give_back(db)
    release_local(frappe.local)


def preload() -> None:
    """Import what requests need, before the first one comes."""
    import importlib

    for name in (
        "frappe.api.v1",
        "frappe.api.v2",
        "frappe.client",
        "frappe.core.doctype.user.user",
        "frappe.database.pool",
        "frappe.handler",
        "frappe.model.db_query",
        "frappe.rate_limiter",
        "frappe.request_log",
        "frappe.utils.password",
        "frappe.utils.response",
        "frappe.website.serve",
    ):
        importlib.import_module(name)
