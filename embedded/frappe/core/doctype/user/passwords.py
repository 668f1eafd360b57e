"""A user's own password: changed with the old one, or with a link that came by mail."""

import datetime

import frappe
from frappe import _
from frappe.rate_limiter import rate_limit
from frappe.utils import cint

MIN_PASSWORD_LENGTH = 8
LINK_LASTS = datetime.timedelta(minutes=20)
RESETS_PER_HOUR = 3


def get_password_reset_limit() -> int:
    """How often an hour one address may ask for a link."""
    return cint(frappe.db.get_single_value("System Settings", "password_reset_limit")) or RESETS_PER_HOUR


@frappe.whitelist(allow_guest=True, methods=["POST"])
@rate_limit(limit=get_password_reset_limit, seconds=60 * 60)
def reset_password(user: str) -> None:
    """Mail a link that sets a new password. The answer tells nobody whether there is such a user."""
    from frappe.core.doctype.user.user import User

    name = User.find_name(user)
    if name and name not in frappe.STANDARD_USERS:
        enabled, address = frappe.db.get_value("User", name, ["enabled", "email"])
        if enabled and address:
            _mail_link(name, address)
    frappe.msgprint(
        _("Password reset instructions have been sent to your email"), title=_("Password Email Sent")
    )


def _mail_link(user: str, address: str) -> None:
    key = frappe.generate_hash(length=32)
    stored = {
        "reset_password_key": frappe.utils.sha256_hash(key),
        "last_reset_password_key_generated_on": frappe.utils.now_datetime(),
    }
    frappe.db.set_value("User", user, stored, update_modified=False)
    link = frappe.utils.escape_html(f"{_own_address()}/update-password?key={key}")
    frappe.sendmail(
        recipients=[address],
        subject=_("Password Reset"),
        message=f"<p>{_('Please click on the following link to set your new password')}:</p>"
        f'<p><a href="{link}">{link}</a></p>',
        add_unsubscribe_link=0,
        delayed=False,
    )


def _own_address() -> str:
    """The site's address. What a request says is believed of this machine and of the site's name only:
    else whoever forges a Host header would be sent the key by his victim's click."""
    request = frappe.local.get("request")
    host = request.host if request else ""
    if frappe.local.conf.host_name or host.split(":")[0] in ("127.0.0.1", "localhost", frappe.local.site):
        return frappe.utils.get_url().rstrip("/")
    return f"http://{frappe.local.site}"


@frappe.whitelist(allow_guest=True, methods=["POST"])
def update_password(
    new_password: str,
    logout_all_sessions: int = 0,
    key: str | None = None,
    old_password: str | None = None,
) -> str:
    """Set a password by the key of a mailed link, or one's own by the old one. All sessions of the user end.

    Returns where to go on. A key that is unknown, used or older than LINK_LASTS is answered with 410.
    """
    from frappe.auth import MAX_PASSWORD_SIZE
    from frappe.utils.password import update_password as store

    if frappe.session.user == "Guest" and not key:
        raise frappe.PermissionError
    if len(new_password) > MAX_PASSWORD_SIZE:
        frappe.throw(_("Password size exceeded the maximum allowed size."))
    if len(new_password) < MIN_PASSWORD_LENGTH:
        frappe.throw(_("The password must have at least {0} characters").format(MIN_PASSWORD_LENGTH))
    if not key:
        _check_own(old_password or "", _("Incorrect User or Password"))
        store(frappe.session.user, new_password, logout_all_sessions=True)
        return "/"
    user = _user_of(key)
    if not user:
        frappe.local.response.http_status_code = 410
        return _("The reset password link has either been used before or is invalid")
    store(user, new_password, logout_all_sessions=True)
    used = {"reset_password_key": "", "last_password_reset_date": frappe.utils.today()}
    frappe.db.set_value("User", user, used, update_modified=False)
    return "/login"


def _user_of(key: str) -> str | None:
    filters = {"reset_password_key": frappe.utils.sha256_hash(key), "enabled": 1}
    row = frappe.db.get_value("User", filters, ["name", "last_reset_password_key_generated_on"])
    if not row or not row[1] or frappe.utils.now_datetime() > row[1] + LINK_LASTS:
        return None
    return row[0]


@frappe.whitelist(methods=["POST"])
def verify_password(password: str) -> None:
    """Raise AuthenticationError unless it is the session's user's password."""
    _check_own(password)


def _check_own(password: str, message: str | None = None) -> None:
    from frappe.login_attempts import get_login_attempt_tracker
    from frappe.utils.password import check_password

    tracker = get_login_attempt_tracker(frappe.session.user)
    try:
        check_password(frappe.session.user, password)
    except frappe.AuthenticationError:
        tracker.add_failure_attempt()
        if message:
            frappe.throw(message, frappe.AuthenticationError)
        raise
