"""Cookies of the response."""

from urllib.parse import quote

import frappe

SESSION_COOKIES = ("full_name", "user_id", "sid", "user_image", "system_user")


class CookieManager:
    """Collects cookies while a request is served and writes them to its response."""

    def __init__(self):
        self.cookies = {}
        self.to_delete = set()

    def init_cookies(self) -> None:
        """The session's own cookie, with the session's life time."""
        from frappe.sessions import get_expiry_in_seconds

        sid = frappe.local.session.get("sid")
        if sid and sid != "Guest":
            self.set_cookie("sid", sid, max_age=get_expiry_in_seconds(), httponly=True)

    def set_cookie(
        self, key, value, expires=None, secure=False, httponly=False, samesite="Lax", max_age=None
    ) -> None:
        """Remember a cookie; over https it is `Secure`."""
        request = frappe.local.get("request")
        secure = secure or bool(request and request.scheme == "https")
        self.to_delete.discard(key)
        self.cookies[key] = {
            "value": value,
            "expires": expires,
            "secure": secure,
            "httponly": httponly,
            "samesite": samesite,
            "max_age": max_age,
        }

    def delete_cookie(self, to_delete) -> None:
        for key in to_delete if isinstance(to_delete, (list, tuple, set)) else (to_delete,):
            self.cookies.pop(key, None)
            self.to_delete.add(key)

    def clear(self) -> None:
        """Take the session's cookies away."""
        self.delete_cookie(SESSION_COOKIES)

    def flush_cookies(self, response) -> None:
        """Write them to the response."""
        for key, options in self.cookies.items():
            options = dict(options)
            response.set_cookie(key, quote(str(options.pop("value") or "").encode()), **options)
        for key in self.to_delete:
            response.delete_cookie(key, httponly=key == "sid", samesite="Lax")
