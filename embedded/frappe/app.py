"""The WSGI application: one request, from finding its site to the last header of its answer."""

import os
import time

import frappe
from frappe._local import release_local
from frappe.auth import UNSAFE_HTTP_METHODS, HTTPRequest, validate_auth
from frappe.failures import handle_exception, handle_http_exception
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

    return os.path.abspath(_sites_path or default_sites_path())


def _init_site(site: str) -> None:
    frappe.local.serving = True
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
