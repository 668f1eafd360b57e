"""Who calls with an Authorization header: API keys, and the hooks by which apps know others."""

import base64
import binascii
import hmac

import frappe
from frappe import _


def validate_auth() -> None:
    """Take the user from the Authorization header, if there is one. Raises AuthenticationError."""
    header = frappe.local.request.headers.get("Authorization", "").split(" ")
    if len(header) == 2:
        validate_auth_via_api_keys(header)
    for hook in frappe.get_hooks("auth_hooks"):
        frappe.get_attr(hook)()
    if len(header) == 2 and frappe.session.user in ("", "Guest"):
        raise frappe.AuthenticationError


def validate_auth_via_api_keys(authorization_header: list[str]) -> None:
    """`token key:secret` or `Basic base64(key:secret)`. OAuth's `Bearer` is not answered and so refused."""
    kind, token = authorization_header
    if kind.lower() == "basic":
        try:
            token = base64.b64decode(token).decode()
        except (binascii.Error, UnicodeDecodeError):
            frappe.throw(
                _("Failed to decode token, please provide a valid base64-encoded token."),
                frappe.InvalidAuthorizationToken,
            )
    elif kind.lower() != "token":
        return
    api_key, colon, api_secret = token.partition(":")
    if colon:
        validate_api_key_secret(api_key, api_secret)


def validate_api_key_secret(api_key: str, api_secret: str, frappe_authorization_source=None) -> None:
    """Become the user whose key and secret these are. Raises AuthenticationError."""
    from frappe.auth import check_address
    from frappe.utils.password import get_decrypted_password

    if frappe_authorization_source not in (None, "User"):
        raise NotImplementedError("Frappe-Authorization-Source")
    rows = api_key and frappe.db.sql(
        "select name, enabled, restrict_ip from `tabUser` where api_key = %s", (api_key,), as_dict=True
    )
    if not rows or not rows[0].enabled:
        raise frappe.AuthenticationError
    user = rows[0]
    secret = get_decrypted_password("User", user.name, "api_secret", raise_exception=False) or ""
    if not secret or not hmac.compare_digest(secret.encode(), api_secret.encode()):
        raise frappe.AuthenticationError
    if frappe.session.user in ("", "Guest", None):
        check_address(user.restrict_ip)
        form_dict = frappe.local.form_dict
        frappe.set_user(user.name)
        frappe.local.form_dict = form_dict
