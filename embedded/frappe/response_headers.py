"""Headers of every answer: identity of the request, cookies, protection of browsers, CORS."""

import re
import uuid

import frappe

_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")

SECURITY_HEADERS = (
    ("Cache-Control", "no-store"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "SAMEORIGIN"),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
    (
        "Content-Security-Policy",
        "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; object-src 'none';"
        " base-uri 'self'; form-action 'self'; frame-ancestors 'self'",
    ),
)


def request_id(request) -> str:
    """The client's or proxy's X-Request-Id if it looks like one, else a new one."""
    given = request.headers.get("X-Request-Id", "")
    return given if _ID.fullmatch(given) else uuid.uuid4().hex


def finish_headers(request, response) -> None:
    """Add what every answer carries; a header that a method has set stays."""
    headers = response.headers
    present = set(headers.keys())
    headers.extend(
        [
            ("X-Request-Id", request.id),
            ("X-Frappe-Request-Id", request.id),
            *(header for header in SECURITY_HEADERS if header[0] not in present),
        ]
    )
    if request.scheme == "https":
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if cookies := frappe.local.get("cookie_manager"):
        cookies.flush_cookies(response)
    if limiter := frappe.local.get("rate_limiter"):
        headers.extend(limiter.headers())
    if frappe.local.get("initialised"):
        set_cors_headers(request, response)


def set_cors_headers(request, response) -> None:
    """Allow the origins that the site's `allow_cors` names."""
    allowed, origin = frappe.local.conf.allow_cors, request.headers.get("Origin")
    if not allowed or not origin:
        return
    if allowed != "*" and origin not in (allowed if isinstance(allowed, list) else [allowed]):
        return
    headers = response.headers
    headers["Access-Control-Allow-Origin"] = origin
    headers["Access-Control-Allow-Credentials"] = "true"
    headers.add("Vary", "Origin")
    if request.method == "OPTIONS":
        headers["Access-Control-Allow-Methods"] = request.headers.get("Access-Control-Request-Method", "")
        if asked := request.headers.get("Access-Control-Request-Headers"):
            headers["Access-Control-Allow-Headers"] = asked
        headers["Access-Control-Max-Age"] = "86400"
