"""Methods called by name: `/api/method/<name>`, `cmd=<name>`, and the short names of old clients."""

import contextlib
import inspect
import os
from functools import lru_cache
from mimetypes import guess_type

import frappe
from frappe import _, is_whitelisted, ping
from frappe.core.doctype.server_script.server_script_utils import get_server_script_map
from frappe.request_arguments import check_names
from frappe.utils import cint

# What users without the desk, and guests where the site lets them, may upload.
ALLOWED_MIMETYPES = (
    "image/png",
    "image/jpeg",
    "application/pdf",
    "application/msword",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.ms-excel",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.oasis.opendocument.text",
    "application/vnd.oasis.opendocument.spreadsheet",
    "text/plain",
    "video/quicktime",
    "video/mp4",
    "text/csv",
)


def handle():
    """Call the method that `form_dict.cmd` names; its answer goes into `frappe.response.message`."""
    from werkzeug.wrappers import Response

    cmd = frappe.local.form_dict.cmd
    data = execute_cmd(cmd) if cmd != "login" else None
    if isinstance(data, Response):
        return data
    if data is not None:
        frappe.response["message"] = data
    return None


def execute_cmd(cmd: str):
    """Call a whitelisted method by its dotted or short name with the request's arguments."""
    if script := server_script_of(cmd):
        return run_server_script(script)
    method = resolve(cmd)
    if method is not run_doc_method:
        is_whitelisted(method)
        is_valid_http_method(method)
    return call_with(method, frappe.local.form_dict)


def server_script_of(cmd: str) -> str | None:
    """Name of the Server Script that answers a method's name."""
    return get_server_script_map().get("_api", {}).get(cmd)


def run_server_script(name: str):
    """What a Server Script of type API answers: its flags, None where it has written the response itself."""
    return frappe.get_doc("Server Script", name).execute_method() or None


def resolve(cmd: str):
    """The function a name stands for, after `override_whitelisted_methods`. Raises ValidationError."""
    overrides = frappe.get_hooks("override_whitelisted_methods", {}).get(cmd)
    cmd = overrides[-1] if overrides else cmd
    try:
        method = get_attr(cmd)
        if not callable(method):
            raise TypeError(_("{0} is not a function").format(cmd))
    except Exception as error:
        frappe.throw(_("Failed to get method for command {0} with {1}").format(cmd, error))
    return method


def call_with(method, values: dict):
    """Call with those of the values it takes."""
    return method(**fitting(method, values))


def fitting(method, values: dict) -> dict:
    """Those of the values that a function takes. One that is missing is the client's mistake, not a crash."""
    arguments = frappe.get_newargs(method, values)
    check_names(arguments)
    for name in _required(method):
        if name not in arguments:
            frappe.throw(_("Missing argument: {0}").format(name), frappe.FrappeTypeError)
    return arguments


def _required(method) -> tuple:
    """Names of the parameters without a default."""
    function = getattr(method, "__func__", None)
    return _required_of(function)[1:] if function else _required_of(method)


@lru_cache(maxsize=2048)
def _required_of(function) -> tuple:
    return tuple(
        name
        for name, parameter in inspect.signature(function).parameters.items()
        if parameter.default is parameter.empty
        and parameter.kind not in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)
    )


def get_attr(cmd: str):
    """A function by its dotted name, or by the short names of this module."""
    if "." in cmd:
        return frappe.get_attr(cmd)
    return SHORT_NAMES[cmd]


def is_valid_http_method(method) -> None:
    """Raise PermissionError unless the method may be called by the request's HTTP method."""
    verb = frappe.local.request.method
    if verb not in frappe.allowed_http_methods_for_whitelisted_func.get(method, ()):
        throw_permission_error()


def throw_permission_error():
    frappe.throw(_("Not permitted"), frappe.PermissionError)


@frappe.whitelist(allow_guest=True)
def version() -> str:
    """The version of the framework."""
    return frappe.__version__


@frappe.whitelist(allow_guest=True)
def logout():
    """End the session; the answer says who one is now."""
    frappe.local.login_manager.logout()
    frappe.db.commit()
    frappe.local.response.update(message="No App", home_page="/login", full_name="Guest")


@frappe.whitelist(allow_guest=True)
def web_logout():
    """End the session and show a page that says so."""
    logout()
    frappe.respond_as_web_page(
        _("Logged Out"), _("You have been successfully logged out"), indicator_color="green"
    )


@frappe.whitelist(allow_guest=True)
def upload_file():
    """Store the file of a multipart form as a File, attached to a document that the user may write."""
    form = frappe.local.form_dict
    is_guest = frappe.session.user == "Guest"
    if is_guest and not frappe.get_system_settings("allow_guests_to_upload_files"):
        raise frappe.PermissionError
    if not is_guest:
        check_write_permission(form.doctype, form.docname)

    is_private, file_url, filename, content = form.is_private, form.file_url, form.file_name, None
    if form.library_file_name:
        frappe.has_permission("File", doc=form.library_file_name, throw=True)
        library = frappe.db.get_value(
            "File", form.library_file_name, ["is_private", "file_url", "file_name"], as_dict=True
        )
        if not library:
            frappe.throw(
                _("File {0} does not exist").format(form.library_file_name), frappe.DoesNotExistError
            )
        is_private, file_url, filename = library.is_private, library.file_url, library.file_name
    if "file" in frappe.local.request.files:
        upload = frappe.local.request.files["file"]
        content, filename = upload.stream.read(), upload.filename
    kind = guess_type(filename or "")[0]
    if content is not None and kind not in ALLOWED_MIMETYPES and (is_guest or not _is_desk_user()):
        frappe.throw(_("You can only upload JPG, PNG, PDF, TXT, CSV or Microsoft documents."))

    frappe.local.uploaded_file_url = file_url
    frappe.local.uploaded_file = content
    frappe.local.uploaded_filename = filename
    if form.method:
        method = frappe.get_attr(form.method)
        is_whitelisted(method)
        is_valid_http_method(method)
        return call_with(method, {})
    if content is None and not file_url:
        frappe.throw(_("No file attached"), frappe.MandatoryError)
    return frappe.get_doc(
        {
            "doctype": "File",
            "attached_to_doctype": form.doctype or None,
            "attached_to_name": form.docname or None,
            "attached_to_field": form.fieldname or None,
            "folder": form.folder or "Home",
            "file_name": filename,
            "file_url": file_url,
            "is_private": cint(is_private),
            "content": content,
        }
    ).save(ignore_permissions=is_guest)


def _is_desk_user() -> bool:
    return frappe.get_cached_value("User", frappe.session.user, "user_type") == "System User"


def check_write_permission(doctype: str | None = None, name: str | None = None) -> None:
    """Raise PermissionError unless the user may write the document (or, unnamed, the DocType)."""
    if not doctype:
        return
    if name:
        try:
            frappe.get_doc(doctype, name).check_permission("write")
            return
        except frappe.DoesNotExistError:
            # a form that is not saved yet; whoever may not create such documents has no business here
            frappe.clear_last_message()
            frappe.has_permission(doctype, "create", throw=True)
            return
    frappe.has_permission(doctype, "write", throw=True)


@frappe.whitelist(allow_guest=True)
def download_file(file_url: str):
    """The content of a file that the user may read."""
    file = frappe.get_doc("File", {"file_url": file_url})
    if not file.is_downloadable():
        raise frappe.PermissionError
    frappe.local.response.filename = os.path.basename(file_url)
    frappe.local.response.filecontent = file.get_content()
    frappe.local.response.type = "download"


@frappe.whitelist()
def run_doc_method(method, docs=None, dt=None, dn=None, arg=None, args=None):
    """Call a whitelisted method of a document: a stored one (`dt`, `dn`) or the one sent in `docs`.

    The answer carries the document (`docs`) and what the method returned (`message`).
    """
    from frappe.api.documents import readable, received

    if dt:
        doc = frappe.get_doc(dt, dn or dt)
    else:
        doc = received(docs)
        doc._original_modified = doc.modified
        doc.check_if_latest()
    if not doc.has_permission("read"):
        throw_permission_error()

    values = args or arg
    with contextlib.suppress(ValueError):
        values = frappe.parse_json(values)
    doc.is_whitelisted(method)
    bound = getattr(doc, method)
    is_valid_http_method(getattr(bound, "__func__", bound))
    parameters = list(inspect.signature(bound).parameters)
    if not parameters:
        answer = doc.run_method(method)
    elif "args" in parameters or not isinstance(values, dict):
        answer = doc.run_method(method, values)
    else:
        answer = doc.run_method(method, **fitting(bound, values))

    frappe.response.docs.append(readable(doc))
    if answer is None:
        return
    if cint(frappe.local.form_dict.get("as_csv")):
        from frappe.utils.csvutils import build_csv_response

        build_csv_response(answer, _(doc.doctype).replace(" ", ""))
        return
    frappe.response["message"] = answer


runserverobj = run_doc_method

SHORT_NAMES = {
    function.__name__: function
    for function in (ping, version, logout, web_logout, upload_file, download_file, run_doc_method)
}
SHORT_NAMES["runserverobj"] = run_doc_method
