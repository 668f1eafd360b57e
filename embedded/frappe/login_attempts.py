"""Wrong logins are counted, per user and per address, and lock out for a while."""

import datetime
import threading

import frappe
from frappe import _
from frappe.utils import cint, now_datetime

_lock = threading.Lock()


class LoginAttemptTracker:
    """Consecutive wrong logins under one key (a user or an address).

    More than `max_consecutive_login_attempts` within `lock_interval` seconds of the first lock the key until
    that interval is over.
    """

    def __init__(self, key: str, max_consecutive_login_attempts=3, lock_interval=300, *, user_name=None):
        self.key = key or user_name
        self.lock_interval = datetime.timedelta(seconds=lock_interval)
        self.max_failed_logins = max_consecutive_login_attempts

    @property
    def login_failed_count(self) -> int:
        return frappe.cache.hget("login_failed_count", self.key) or 0

    @property
    def login_failed_time(self):
        return frappe.cache.hget("login_failed_time", self.key)

    def add_failure_attempt(self) -> None:
        with _lock:
            self._forget_request_copies()
            first, moment = self.login_failed_time, now_datetime()
            fresh = not first or first + self.lock_interval <= moment
            frappe.cache.hset("login_failed_count", self.key, 1 if fresh else self.login_failed_count + 1)
            if fresh:
                frappe.cache.hset("login_failed_time", self.key, moment)

    def add_success_attempt(self) -> None:
        if self.login_failed_time:
            frappe.cache.hdel("login_failed_count", self.key)
            frappe.cache.hdel("login_failed_time", self.key)

    def is_user_allowed(self) -> bool:
        """Whether another attempt may be made now."""
        first = self.login_failed_time
        locked = first and first + self.lock_interval > now_datetime()
        return not (locked and self.login_failed_count > self.max_failed_logins)

    def _forget_request_copies(self) -> None:
        for name in ("login_failed_count", "login_failed_time"):
            frappe.local.cache.pop(frappe.cache.make_key(name), None)


def get_login_attempt_tracker(key: str, raise_locked_exception: bool = True) -> LoginAttemptTracker:
    """The tracker of a key with the site's limits. Raises SecurityException while the key is locked."""
    settings = frappe.get_cached_doc("System Settings")
    limit = cint(settings.allow_consecutive_login_attempts)
    if limit <= 0:
        return LoginAttemptTracker(key)
    interval = cint(settings.allow_login_after_fail)
    tracker = LoginAttemptTracker(key, limit, interval)
    if raise_locked_exception and not tracker.is_user_allowed():
        frappe.throw(
            _("Your account has been locked and will resume after {0} seconds").format(interval),
            frappe.SecurityException,
        )
    return tracker
