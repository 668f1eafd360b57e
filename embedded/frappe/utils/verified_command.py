"""Links that work without signing in: their parameters are signed with the site's secret."""

import hashlib
import hmac
from urllib.parse import urlencode

import frappe
from frappe import _

_SEPARATOR = "&_signature="


def get_signed_params(params) -> str:
    """The parameters (a dict, or a query string) with their signature."""
    if not isinstance(params, str):
        params = urlencode(params)
    return params + _SEPARATOR + _sign_message(params)


def get_secret() -> str:
    """`secret` of the site's configuration, else its encryption key."""
    from frappe.utils.password import get_encryption_key

    return frappe.local.conf.get("secret") or get_encryption_key()


def verify_request() -> bool:
    """Whether this is a GET without a body whose query string bears our signature; else a page says no."""
    request = frappe.local.get("request")
    query = frappe.safe_decode(
        frappe.local.flags.signed_query_string or getattr(request, "query_string", None) or ""
    )
    params, _separator, signature = query.rpartition(_SEPARATOR)
    if (
        signature
        and hmac.compare_digest(signature.encode(), _sign_message(params).encode())
        and request
        and request.method == "GET"
        and not (request.form or request.data)
    ):
        return True
    frappe.respond_as_web_page(
        _("Invalid Link"),
        _("This link is invalid or expired. Please make sure you have pasted correctly."),
    )
    return False


def _sign_message(message: str) -> str:
    return hmac.new(get_secret().encode(), message.encode(), digestmod=hashlib.sha512).hexdigest()
