"""Pages and public files: sign-in, messages, the apps' assets, uploads that are public."""

import os

import frappe
from frappe import _

ASSETS_MAX_AGE = 3600


def get_response(path: str | None = None, http_status_code: int | None = None):
    """The answer to a path outside `/api`. Raises NotFound."""
    from frappe.utils.response import send_file_below
    from werkzeug.exceptions import NotFound
    from werkzeug.utils import redirect

    path = path if path is not None else frappe.local.request.path
    if path == "message":
        message = frappe.local.message or {}
        status = http_status_code or 200
        return message_page(
            message.get("title"), message.get("html"), status, message.get("action"), message.get("label")
        )
    if path.startswith("/assets/"):
        app, _slash, rest = path.removeprefix("/assets/").partition("/")
        if app not in frappe.get_installed_apps():
            raise NotFound
        return send_file_below(frappe.get_app_path(app, "public"), rest, ASSETS_MAX_AGE, uploaded=False)
    if path.startswith("/files/"):
        return send_file_below(frappe.get_site_path("public", "files"), path.removeprefix("/files/"))
    if path.rstrip("/") in ("", "/index", "/app", "/me"):
        if frappe.session.user == "Guest":
            return redirect("/login")
        return render("home.html")
    if path.rstrip("/") == "/printview":
        return print_page()
    if path.rstrip("/") == "/login":
        return render("login.html")
    if path.rstrip("/") == "/update-password":
        return render("update-password.html")
    raise NotFound


def print_page():
    """The print of the document that the request names, for the browser. Raises as `get_print`."""
    from werkzeug.wrappers import Response

    form = frappe.local.form_dict
    page = frappe.get_print(
        form.doctype,
        form.name,
        form.format,
        form.style,
        no_letterhead=form.no_letterhead,
        letterhead=form.letterhead,
    )
    return Response(page, mimetype="text/html")


def message_page(title, html, status: int, action: str | None = None, label: str | None = None):
    """A page with a heading, a text (HTML without anything that runs) and a link to go on by."""
    from frappe.utils import sanitize_html
    from markupsafe import Markup

    text = Markup(sanitize_html(html or "", always_sanitize=True))
    return render(
        "message.html", status, title=title or _("Message"), html=text, action=action or "/", label=label
    )


def render(template: str, status: int = 200, **context):
    """An HTML page from `www/`; one with a form asks for the session's CSRF token."""
    from frappe.sessions import get_csrf_token
    from jinja2 import Environment, FileSystemLoader
    from werkzeug.wrappers import Response

    folder = os.path.join(os.path.dirname(os.path.abspath(frappe.__file__)), "www")
    environment = Environment(loader=FileSystemLoader(folder), autoescape=True)
    user = (frappe.local.get("session") or {}).get("user") or "Guest"
    context.update(_=_, user=user, lang=frappe.local.lang, app_name=_app_title(), csrf_token=get_csrf_token)
    return Response(environment.get_template(template).render(context), status=status, mimetype="text/html")


def _app_title() -> str:
    apps = frappe.get_installed_apps()
    title = frappe.get_hooks("app_title", app_name=apps[-1]) if apps else None
    return _(title[0] if isinstance(title, list) else title) if title else "Frappe"


def respond_as_web_page(
    title,
    html,
    success=None,
    http_status_code=None,
    context=None,
    indicator_color=None,
    primary_action="/",
    primary_label=None,
    fullpage=False,
    width=None,
    template="message",
) -> None:
    """Answer the request with a page that shows a message."""
    frappe.local.message = {"title": title, "html": html, "action": primary_action, "label": primary_label}
    response = frappe.local.response
    response.type = "page"
    response.route = "message"
    if http_status_code:
        response.http_status_code = http_status_code
