"""What may be called from outside: the registry of whitelisted functions, and who may call them."""

import functools

import frappe
from frappe.exceptions import PermissionError

whitelisted: list = []
guest_methods: list = []
xss_safe_methods: list = []
allowed_http_methods_for_whitelisted_func: dict = {}


def whitelist(allow_guest: bool = False, xss_safe: bool = False, methods: list[str] | None = None):
    """Decorator: make a function callable over HTTP by the given methods (all four by default).

    In a request and in tests its arguments are checked against their annotations (FrappeTypeError).
    """
    allowed = methods or ["GET", "POST", "PUT", "DELETE"]

    def decorate(fn):
        from frappe.utils.typing_validations import validate_argument_types

        def in_request_or_test():
            return frappe.local.get("request") or (frappe.local.get("flags") or {}).get("in_test")

        checked = validate_argument_types(fn, apply_condition=in_request_or_test)
        function = getattr(checked, "__func__", checked)
        whitelisted.append(function)
        allowed_http_methods_for_whitelisted_func[function] = allowed
        if allow_guest:
            guest_methods.append(function)
            if xss_safe:
                xss_safe_methods.append(function)
        return checked

    return decorate


def is_whitelisted(method) -> None:
    """Raise PermissionError unless the current user may call `method`; a guest's text is sanitised."""
    from frappe.utils import sanitize_html

    is_guest = frappe.session["user"] == "Guest"
    if method not in whitelisted or (is_guest and method not in guest_methods):
        summary = frappe._("You are not permitted to access this resource.")
        name = f"{getattr(method, '__module__', '')}.{getattr(method, '__name__', '')}"
        detail = frappe._("Function {0} is not whitelisted.").format(frappe.bold(name))
        frappe.throw(
            f"<details><summary>{summary}</summary>{detail}</details>",
            PermissionError,
            title=frappe._("Method Not Allowed"),
        )
    if is_guest and method not in xss_safe_methods:
        for key, value in frappe.form_dict.items():
            if isinstance(value, str):
                frappe.form_dict[key] = sanitize_html(value)


def only_for(roles, message: bool = False) -> None:
    """Raise PermissionError unless the user has one of the roles. Tests and Administrator always pass."""
    if frappe.local.flags.in_test or frappe.local.session.user == "Administrator":
        return
    if isinstance(roles, str):
        roles = (roles,)
    if set(roles).isdisjoint(frappe.get_roles()):
        if not message:
            raise PermissionError
        frappe.throw(
            frappe._("This action is only allowed for {}").format(
                ", ".join(frappe.bold(frappe._(role)) for role in roles)
            ),
            PermissionError,
            frappe._("Not Permitted"),
        )


def read_only():
    """Decorator of Frappe for replicas: the same database here, but keyword arguments are fitted alike."""

    def decorate(fn):
        @functools.wraps(fn)
        def wrapper(*args, **kwargs):
            return fn(*args, **frappe.get_newargs(fn, kwargs))

        return wrapper

    return decorate


write_only = read_only


def get_request_header(key, default=None):
    return frappe.local.request.headers.get(key, default)


@whitelist(allow_guest=True)
def ping():
    """Answers "pong"."""
    return "pong"
