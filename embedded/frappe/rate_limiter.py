"""Limits: of a site's whole server time per window, and of calls per method and caller."""

import threading
import time
from collections.abc import Callable
from functools import wraps

import frappe
from frappe import _

_lock = threading.Lock()


def apply() -> None:
    """Enforce the site's `rate_limit` (`{"limit": seconds of work, "window": seconds}`), if it has one."""
    limits = frappe.local.conf.rate_limit
    if limits:
        frappe.local.rate_limiter = RateLimiter(limits["limit"], limits["window"])
        frappe.local.rate_limiter.apply()


def count_up(key: str, by: int, seconds: int) -> int:
    """Add to a counter that forgets itself `seconds` after it was begun; returns its new value."""
    full_key = frappe.cache.make_key(key)
    with _lock:
        moment = time.time()
        frappe.local.cache.pop(full_key, None)
        value, ends = frappe.cache.get_value(key, expires=True) or (0, 0)
        if ends <= moment:
            value, ends = 0, moment + seconds
        frappe.cache.set_value(key, (value + by, ends), expires_in_sec=max(1, int(ends - moment + 0.999)))
    return value + by


class RateLimiter:
    """The budget of a site: microseconds of work within a window of seconds."""

    def __init__(self, limit: float, window: int):
        self.limit = int(limit * 1_000_000)
        self.window = int(window)
        self.started = time.perf_counter()
        self.window_number, spent = divmod(int(time.time()), self.window)
        self.reset = self.window - spent
        self.key = f"rate-limit-counter-{self.window_number}"
        self.counter = count_up(self.key, 0, self.window)
        self.remaining = max(self.limit - self.counter, 0)
        self.duration = None
        self.rejected = False

    def apply(self) -> None:
        if self.counter > self.limit:
            self.rejected = True
            raise frappe.TooManyRequestsError

    def update(self) -> None:
        """Charge this request."""
        if self.duration is None:
            self.duration = int((time.perf_counter() - self.started) * 1_000_000)
            count_up(self.key, self.duration, self.window)

    def headers(self) -> dict:
        self.update()
        headers = {
            "X-RateLimit-Reset": str(self.reset),
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.remaining),
        }
        headers["Retry-After" if self.rejected else "X-RateLimit-Used"] = str(
            self.reset if self.rejected else self.duration
        )
        return headers


def rate_limit(
    key: str | None = None,
    limit: int | Callable = 5,
    seconds: int = 24 * 60 * 60,
    methods: str | list = "ALL",
    ip_based: bool = True,
):
    """Decorator: at most `limit` calls per `seconds` of one caller. Raises RateLimitExceededError.

    A caller is an address (`ip_based`), what `form_dict[key]` holds, or both together. `methods` are the HTTP
    methods that count.
    """

    def decorate(fn):
        @wraps(fn)
        def wrapper(*args, **kwargs):
            request = frappe.local.get("request")
            if not request or (methods != "ALL" and request.method not in methods):
                return fn(*args, **kwargs)
            given = str(frappe.local.form_dict.get(key) or "") if key else ""
            address = frappe.local.request_ip if ip_based else ""
            if not (given or address):
                frappe.throw(_("Either key or IP flag is required."))
            allowed = limit() if callable(limit) else limit
            counter = f"rl:{fn.__module__}.{fn.__qualname__}:{address}:{given}"
            if count_up(counter, 1, seconds) > allowed:
                frappe.throw(
                    _("You hit the rate limit because of too many requests. Please try after sometime."),
                    frappe.RateLimitExceededError,
                )
            return fn(*args, **kwargs)

        return wrapper

    return decorate
