"""Who is calling: sessions by cookie, API keys by header, signing in and out, CSRF."""

import hmac

import frappe
from frappe import _
from frappe.api_keys import validate_api_key_secret, validate_auth, validate_auth_via_api_keys
from frappe.cookies import CookieManager
from frappe.login_attempts import LoginAttemptTracker, get_login_attempt_tracker
from frappe.sessions import Session, clear_sessions, delete_session
from frappe.utils import cint

__all__ = [
    "CookieManager",
    "HTTPRequest",
    "LoginAttemptTracker",
    "LoginManager",
    "get_login_attempt_tracker",
    "validate_api_key_secret",
    "validate_auth",
    "validate_auth_via_api_keys",
]

SAFE_HTTP_METHODS = frozenset(("GET", "HEAD", "OPTIONS"))
UNSAFE_HTTP_METHODS = frozenset(("POST", "PUT", "DELETE", "PATCH"))
MAX_PASSWORD_SIZE = 512
LOGIN_PATHS = ("/api/method/login", "/api/v1/method/login", "/api/v2/method/login")


class HTTPRequest:
    """Prepares `frappe.local` for the request: address, language, cookies, session, CSRF."""

    def __init__(self):
        self.set_request_ip()
        frappe.local.cookie_manager = CookieManager()
        self.set_lang()
        frappe.local.login_manager = LoginManager()
        self.validate_csrf_token()

    @staticmethod
    def set_request_ip() -> None:
        """The peer's address. What a client writes into X-Forwarded-For is not believed; a trusted proxy's
        word has been taken by the server before."""
        frappe.local.request_ip = frappe.local.request.remote_addr or "127.0.0.1"

    @staticmethod
    def set_lang() -> None:
        from frappe.translate import get_language

        frappe.local.lang = get_language()

    @staticmethod
    def validate_csrf_token() -> None:
        """Refuse an unsafe request that does not carry the token its session holds."""
        request = frappe.local.request
        if request.method not in UNSAFE_HTTP_METHODS or frappe.conf.ignore_csrf:
            return
        given = frappe.local.form_dict.pop("csrf_token", None)
        given = request.headers.get("X-Frappe-CSRF-Token") or given
        saved = frappe.session.data.csrf_token
        if not saved or (isinstance(given, str) and hmac.compare_digest(given.encode(), saved.encode())):
            return
        frappe.flags.disable_traceback = True
        frappe.throw(_("Invalid Request"), frappe.CSRFTokenError)


def is_login_request() -> bool:
    return frappe.local.form_dict.get("cmd") == "login" or (
        frappe.local.request.path.rstrip("/") in LOGIN_PATHS
    )


class LoginManager:
    """Signs in with a password, or resumes the cookie's session."""

    def __init__(self):
        self.user = self.info = self.full_name = self.user_type = None
        self.resume = not is_login_request()
        self.make_session(resume=True)
        if not self.resume:
            self.login()
            self.run_trigger("on_session_creation")
        elif self.user != "Guest":
            self.get_user_info()
            self.set_user_info(resume=True)

    def login(self) -> None:
        """Sign in with `usr` and `pwd` of the form, by POST only."""
        if frappe.local.request.method != "POST":
            frappe.throw(_("Not permitted"), frappe.PermissionError)
        form = frappe.local.form_dict
        user, pwd = form.get("usr"), form.pop("pwd", None)
        self.authenticate(user=user, pwd=pwd)
        self.post_login()

    def post_login(self) -> None:
        """Start the session of `self.user`, unless address or hour forbid it."""
        self.run_trigger("on_login")
        validate_ip_address(self.user)
        self.validate_hour()
        self.get_user_info()
        self.make_session()
        self.set_user_info()

    def authenticate(self, user=None, pwd=None) -> None:
        """Set `self.user` if name and password are right. Raises AuthenticationError, SecurityException."""
        from frappe.core.doctype.user.user import User

        form = frappe.local.form_dict
        user, pwd = user or form.get("usr"), pwd or form.get("pwd")
        if not (user and pwd and isinstance(user, str) and isinstance(pwd, str)):
            self.fail(_("Incomplete login details"), user=user)
        if len(pwd) > MAX_PASSWORD_SIZE:
            self.fail(_("Password size exceeded the maximum allowed size"), user=user)

        address = get_login_attempt_tracker(frappe.local.request_ip)
        name = User.find_name(user)
        tracker = get_login_attempt_tracker(name) if name else None
        found = User.find_by_credentials(user, pwd)
        allowed = found and found.is_authenticated and (found.name == "Administrator" or found.enabled)
        for each in filter(None, (tracker, address)):
            each.add_success_attempt() if allowed else each.add_failure_attempt()
        if not allowed:
            disabled = found and found.is_authenticated
            self.fail("User disabled or missing" if disabled else "Invalid login credentials", user=user)
        self.user = found.name

    def check_password(self, user, pwd) -> str:
        """The user's name in its own spelling. Raises AuthenticationError."""
        from frappe.utils.password import check_password

        try:
            return check_password(user, pwd)
        except frappe.AuthenticationError:
            self.fail("Incorrect password", user=user)

    def fail(self, message: str, user=None):
        """Log the attempt and raise AuthenticationError."""
        from frappe.core.doctype.activity_log.activity_log import add_authentication_log

        frappe.local.response["message"] = message
        add_authentication_log(message, str(user or _("Unknown User")), status="Failed")
        frappe.db.commit()
        raise frappe.AuthenticationError

    def get_user_info(self) -> None:
        self.info = frappe.get_cached_value(
            "User",
            self.user,
            ["user_type", "first_name", "last_name", "user_image", "default_workspace"],
            as_dict=True,
        )
        self.user_type = self.info.user_type
        self.full_name = " ".join(filter(None, (self.info.first_name, self.info.last_name)))

    def make_session(self, resume=False) -> None:
        frappe.local.session_obj = Session(
            user=self.user, resume=resume, full_name=self.full_name, user_type=self.user_type
        )
        self.user = frappe.local.session_obj.user
        frappe.local.session = frappe.local.session_obj.data
        if not resume:
            self.clear_active_sessions()

    @staticmethod
    def clear_active_sessions() -> None:
        """End the user's other sessions where the site allows only one."""
        if frappe.session.user == "Guest":
            return
        if cint(frappe.conf.deny_multiple_sessions) or cint(
            frappe.get_system_settings("deny_multiple_sessions")
        ):
            clear_sessions(frappe.session.user, keep_current=True)

    def set_user_info(self, resume=False) -> None:
        """Cookies that name the user; after signing in the answer that says where to go."""
        cookies, response = frappe.local.cookie_manager, frappe.local.response
        cookies.init_cookies()
        is_desk_user = self.info.user_type != "Website User"
        cookies.set_cookie("system_user", "yes" if is_desk_user else "no")
        cookies.set_cookie("full_name", self.full_name)
        cookies.set_cookie("user_id", self.user)
        cookies.set_cookie("user_image", self.info.user_image or "")
        if resume:
            return
        response["message"] = "Logged In" if is_desk_user else "No App"
        response["home_page"] = self._home_page() if is_desk_user else "/"
        response["full_name"] = self.full_name

    def _home_page(self) -> str:
        if self.info.default_workspace:
            from frappe.utils.data import slug

            return "/app/" + slug(self.info.default_workspace)
        return "/app"

    @staticmethod
    def run_trigger(event: str) -> None:
        for method in frappe.get_hooks(event):
            frappe.call(frappe.get_attr(method), login_manager=frappe.local.get("login_manager"))

    def validate_hour(self) -> None:
        """Refuse users outside the hours set for them."""
        from frappe.utils import now_datetime

        before, after = frappe.db.get_value("User", self.user, ["login_before", "login_after"])
        hour = now_datetime().hour
        if (cint(before) and hour >= cint(before)) or (cint(after) and hour < cint(after)):
            frappe.throw(_("Login not allowed at this time"), frappe.AuthenticationError)

    def login_as(self, user: str) -> None:
        self.user = user
        self.post_login()

    def login_as_guest(self) -> None:
        self.user = "Guest"
        self.make_session()

    def logout(self, arg="", user=None) -> None:
        """End the current session, or all of another user."""
        user = user or frappe.session.user
        self.run_trigger("on_logout")
        if user != frappe.session.user:
            clear_sessions(user, force=True)
            return
        delete_session(frappe.session.sid, user=user, reason="User Manually Logged Out")
        self.clear_cookies()
        if frappe.local.get("request"):
            self.login_as_guest()

    @staticmethod
    def clear_cookies() -> None:
        frappe.local.cookie_manager.clear()


@frappe.whitelist()
def get_logged_user():
    """The name of the session's user."""
    return frappe.session.user


def validate_ip_address(user: str) -> None:
    """Refuse users who may only come from other addresses."""
    check_address(frappe.get_cached_value("User", user, "restrict_ip"))


def check_address(restricted: str | None) -> None:
    """Raise AuthenticationError unless the peer's address begins with one of these; none means any."""
    if not restricted:
        return
    prefixes = [part for part in restricted.replace(",", "\n").replace(" ", "").split("\n") if part]
    if not any(frappe.local.request_ip.startswith(prefix) for prefix in prefixes):
        frappe.throw(_("Access not allowed from this IP Address"), frappe.AuthenticationError)


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    raise NotImplementedError(f"frappe.auth.{name}")
