"""Sessions: rows of `tabSessions`, found by the secret in the cookie `sid`."""

import json

import frappe
from frappe import _
from frappe.utils import add_to_date, cint, get_datetime, now

# A session that is used is written at most this often.
UPDATE_INTERVAL_SECONDS = 600


class Session:
    """The session of the current request: resumed from the cookie, or started at login."""

    def __init__(self, user=None, resume=False, full_name=None, user_type=None):
        self.user = user
        self.sid = "Guest"
        self.lastupdate = None
        self.data = frappe._dict(user=user, sid="Guest", data=frappe._dict())
        frappe.local.session = self.data
        if resume:
            self.resume()
        elif user:
            _validate_user(user)
            self.start(full_name, user_type)

    def start(self, full_name=None, user_type=None) -> None:
        """Begin a session of `self.user`; guests share one that is not stored."""
        self.data.user = self.user
        self.data.data.user = self.user
        if self.user == "Guest":
            return
        moment = now()
        self.sid = self.data.sid = frappe.generate_hash(length=56)
        self.data.data.update(
            session_ip=frappe.local.request_ip,
            last_updated=moment,
            session_expiry=get_expiry_period(),
            full_name=full_name,
            user_type=user_type,
        )
        frappe.db.sql(
            "insert into `tabSessions` (user, sid, sessiondata, ipaddress, lastupdate, status)"
            " values (%s, %s, %s, %s, %s, 'Active')",
            (self.user, self.sid, self._as_text(), frappe.local.request_ip, moment),
        )
        frappe.db.sql(
            "update `tabUser` set last_login=%s, last_ip=%s, last_active=%s where name=%s",
            (moment, frappe.local.request_ip, moment, self.user),
        )
        frappe.clear_document_cache("User", self.user)
        frappe.db.commit()

    def resume(self) -> None:
        """Take up the session that the cookie names; a guest's where it names none that is alive."""
        sid = frappe.local.request.cookies.get("sid") or "Guest"
        if sid == "Guest":
            return self.start_as_guest()
        row = frappe.db.sql("select user, sessiondata, lastupdate from `tabSessions` where sid=%s", (sid,))
        if not row or get_datetime(row[0][2]) < get_datetime(get_expired_threshold()):
            frappe.response["session_expired"] = 1
            frappe.local.cookie_manager.clear()
            return self.start_as_guest()
        self.user, text, self.lastupdate = row[0]
        self.sid = sid
        self.data.update(user=self.user, sid=sid, data=frappe._dict(json.loads(text or "{}")))
        _validate_user(self.user)
        from frappe.auth import validate_ip_address
        from frappe.translate import get_user_lang

        validate_ip_address(self.user)
        frappe.local.user_lang = frappe.local.lang = get_user_lang(self.user)

    def start_as_guest(self) -> None:
        self.user = "Guest"
        self.start()

    def update(self, force=False) -> bool:
        """Write the session's data, and that it was used, if that was last written long ago; commits."""
        if self.user == "Guest" or self.sid == "Guest" or frappe.flags.read_only:
            return False
        moment = now()
        if not force and self.lastupdate:
            next_update = add_to_date(get_datetime(self.lastupdate), seconds=UPDATE_INTERVAL_SECONDS)
            if get_datetime(moment) < next_update:
                return False
        self.lastupdate = moment
        self.data.data.last_updated = moment
        self.data.data.lang = str(frappe.local.lang)
        frappe.db.sql(
            "update `tabSessions` set sessiondata=%s, lastupdate=%s where sid=%s",
            (self._as_text(), moment, self.sid),
        )
        frappe.db.sql("update `tabUser` set last_active=%s where name=%s", (moment, self.user))
        frappe.db.commit()
        return True

    def _as_text(self) -> str:
        return json.dumps(self.data.data, default=str)


def _validate_user(user: str) -> None:
    if not frappe.get_cached_value("User", user, "enabled"):
        frappe.throw(_("User {0} is disabled. Please contact your System Manager.").format(user))


@frappe.whitelist()
def clear():
    """Forget what is cached of the session's user."""
    frappe.clear_cache(user=frappe.session.user)
    frappe.response["message"] = _("Cache Cleared")


def clear_sessions(user=None, keep_current=False, force=False) -> None:
    """End other sessions of a user (the current one by default): all with `force`, else the surplus."""
    user = user or frappe.session.user
    offset = 0
    if not force and user == frappe.session.user:
        offset = cint(frappe.db.get_value("User", user, "simultaneous_sessions")) or 1
    current = frappe.session.sid if keep_current else None
    if current and not force:
        offset = max(0, offset - 1)
    sids = frappe.db.sql(
        "select sid from `tabSessions` where user=%s and sid <> %s order by lastupdate desc",
        (user, current or ""),
        pluck=True,
    )
    for sid in sids[offset:]:
        delete_session(
            sid, user, "Force Logged out by the user" if force else "Logged In From Another Session"
        )


def delete_session(sid=None, user=None, reason="Session Expired") -> None:
    """End a session; commits."""
    if frappe.flags.read_only or not sid or sid == "Guest":
        return
    frappe.db.sql("delete from `tabSessions` where sid=%s", (sid,))
    frappe.db.commit()


def clear_all_sessions(reason=None) -> None:
    """End every session. Only Administrator may."""
    frappe.only_for("Administrator")
    frappe.db.sql("delete from `tabSessions`")
    frappe.db.commit()


def get_expired_sessions() -> list[str]:
    return frappe.db.sql(
        "select sid from `tabSessions` where lastupdate < %s", (get_expired_threshold(),), pluck=True
    )


def clear_expired_sessions() -> None:
    """Delete sessions that nobody may resume any more; meant for the scheduler."""
    for sid in get_expired_sessions():
        delete_session(sid, reason="Session Expired")


def get_csrf_token() -> str:
    """The session's CSRF token, made when first asked for; from then on unsafe requests must carry it."""
    if not frappe.local.session.data.csrf_token:
        generate_csrf_token()
    return frappe.local.session.data.csrf_token


def generate_csrf_token() -> None:
    frappe.local.session.data.csrf_token = frappe.generate_hash()
    session = frappe.local.get("session_obj")
    if session is not None and not frappe.flags.in_test:
        session.update(force=True)


def get_expiry_period() -> str:
    """How long an unused session lives, `HH:MM:SS`."""
    period = frappe.defaults.get_global_default("session_expiry") or "240:00:00"
    return f"{period}:00" if period.count(":") == 1 else period


def get_expiry_in_seconds(expiry=None) -> int:
    hours, minutes, seconds = (cint(part) for part in (expiry or get_expiry_period()).split(":")[:3])
    return hours * 3600 + minutes * 60 + seconds


def get_expired_threshold() -> str:
    """Sessions last used before this moment are over."""
    return add_to_date(now(), seconds=-get_expiry_in_seconds(), as_string=True, as_datetime=True)


def get():
    """What a page of the session's user begins with: the boot info."""
    from frappe.boot import get_bootinfo

    return get_bootinfo()


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    raise NotImplementedError(f"frappe.sessions.{name}")
