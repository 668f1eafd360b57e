"""User: who may sign in, with which roles."""

import frappe
import frappe.share
from frappe import _
from frappe.core.doctype.user.passwords import reset_password, update_password, verify_password
from frappe.desk.doctype.notification_settings.notification_settings import (
    create_notification_settings,
    toggle_notifications,
)
from frappe.model.document import Document
from frappe.permissions import AUTOMATIC_ROLES
from frappe.utils import cint, escape_html, validate_email_address

STANDARD_USERS = frappe.STANDARD_USERS

__all__ = ["User", "reset_password", "update_password", "verify_password"]


class User(Document):
    """Named by his e-mail address; his password lies in `__Auth`, never here."""

    def autoname(self) -> None:
        if self.get("is_admin") or self.get("is_guest"):
            self.name = self.first_name
        else:
            self.email = (self.email or "").strip().lower()
            self.name = self.email

    def validate(self) -> None:
        self._typed_password = self.new_password
        self.new_password = ""
        if self.name not in STANDARD_USERS:
            self.email = (self.email or "").strip()
            validate_email_address(self.email, throw=True)
        self.full_name = " ".join(filter(None, (self.first_name, self.middle_name, self.last_name)))
        self.full_name = escape_html(self.full_name) if "<" in self.full_name else self.full_name
        if self.name == "Administrator" and not cint(self.enabled):
            frappe.throw(_("Cannot disable Administrator"))
        self._drop_doubled_roles()
        self._set_user_type()
        self.username = self._free_username()

    def _drop_doubled_roles(self) -> None:
        seen: set[str] = set()
        for row in list(self.get("roles")):
            if not row.role or row.role in seen or row.role in AUTOMATIC_ROLES:
                self.remove(row)
            seen.add(row.role)

    def _set_user_type(self) -> None:
        """Whoever has a role with desk access is a System User."""
        if self.name == "Guest":
            self.user_type = "Website User"
        elif self.name == "Administrator" or self.has_desk_access():
            self.user_type = "System User"
        else:
            self.user_type = "Website User"

    def has_desk_access(self) -> bool:
        """Whether one of the roles opens the desk."""
        roles = [row.role for row in self.get("roles")]
        return bool(roles) and bool(
            frappe.get_all("Role", filters={"name": ("in", roles), "desk_access": 1}, limit=1)
        )

    def _free_username(self) -> str | None:
        username = self.username
        if not username and self.is_new() and self.first_name:
            username = frappe.scrub(self.first_name)
        if not username:
            return None
        username = username.strip(" @")
        taken = frappe.db.get_value("User", {"username": username, "name": ("!=", self.name)})
        if taken:
            if self.username:
                frappe.msgprint(_("Username {0} already exists").format(username))
            return None
        return username

    def after_insert(self) -> None:
        create_notification_settings(self.name)

    def on_update(self) -> None:
        if self._typed_password:
            from frappe.utils.password import update_password

            update_password(self.name, self._typed_password, logout_all_sessions=self.logout_all_sessions)
        self.share_with_self()
        if self.has_value_changed("enabled"):
            toggle_notifications(self.name, enable=bool(self.enabled))
        frappe.clear_cache(user=self.name)
        if self.name == frappe.session.user:
            frappe.local.role_permissions.clear()
        frappe.cache.hdel("roles", self.name)

    def share_with_self(self) -> None:
        """Everybody may read and change his own User, and nobody else's."""
        if self.name in STANDARD_USERS:
            return
        own = {"user": self.name, "share_doctype": "User", "share_name": self.name, "write": 1, "share": 1}
        if not frappe.db.exists("DocShare", own):
            frappe.share.add_docshare(
                "User", self.name, self.name, write=1, share=1, flags={"ignore_share_permission": True}
            )

    def on_trash(self) -> None:
        if self.name in STANDARD_USERS:
            frappe.throw(_("User {0} cannot be deleted").format(self.name))
        frappe.db.delete("DocShare", {"user": self.name})
        frappe.db.delete("User Permission", {"user": self.name})
        frappe.delete_doc("Notification Settings", self.name, ignore_permissions=True)
        frappe.clear_cache(user=self.name)

    def before_rename(self, old_name: str, new_name: str, merge: bool = False) -> None:
        if old_name in STANDARD_USERS:
            frappe.throw(_("User {0} cannot be renamed").format(old_name))
        validate_email_address(new_name, True)

    def after_rename(self, old_name: str, new_name: str, merge: bool = False) -> None:
        frappe.db.set_value("User", new_name, "email", new_name)
        if merge:
            frappe.delete_doc("Notification Settings", old_name, ignore_permissions=True)
        elif frappe.db.exists("Notification Settings", old_name):
            frappe.rename_doc("Notification Settings", old_name, new_name, force=True, show_alert=False)

    @classmethod
    def find_name(cls, user_name: str) -> str | None:
        """The user whom a sign-in name means: by name, where the site allows also by mobile or user name."""
        if name := frappe.db.get_value("User", {"name": user_name}):
            return name
        for setting, field in (
            ("allow_login_using_mobile_number", "mobile_no"),
            ("allow_login_using_user_name", "username"),
        ):
            allowed = frappe.get_system_settings(setting)
            if allowed and (name := frappe.db.get_value("User", {field: user_name})):
                return name
        return None

    @classmethod
    def find_by_credentials(cls, user_name: str, password: str, validate_password: bool = True):
        """`{name, enabled, is_authenticated}` of the user with this name; None if there is none."""
        from frappe.utils.password import check_password

        name = cls.find_name(user_name)
        authenticated = not validate_password
        if validate_password:
            try:
                check_password(name or user_name, password)
                authenticated = True
            except frappe.AuthenticationError:
                authenticated = False
        if not name:
            return None
        enabled = frappe.db.get_value("User", name, "enabled")
        return frappe._dict(name=name, enabled=enabled, is_authenticated=authenticated)

    def append_roles(self, *roles: str) -> None:
        """Add rows for roles that are missing, without saving."""
        current = {row.role for row in self.get("roles")}
        for role in roles:
            if role not in current:
                self.append("roles", {"role": role})

    def add_roles(self, *roles: str) -> None:
        """Add roles and save."""
        self.append_roles(*roles)
        self.save()

    def remove_roles(self, *roles: str) -> None:
        """Take roles away and save."""
        for row in [row for row in self.get("roles") if row.role in roles]:
            self.remove(row)
        self.save()


@frappe.whitelist()
def get_roles(uid: str | None = None) -> list[str]:
    """Roles of a user; of another one only for System Managers."""
    if uid and uid != frappe.session.user:
        frappe.only_for("System Manager")
    return frappe.get_roles(uid)


@frappe.whitelist()
def get_all_roles() -> list[str]:
    """Names of the roles that may be given."""
    roles = frappe.get_all("Role", filters={"name": ("not in", AUTOMATIC_ROLES), "disabled": 0}, pluck="name")
    return sorted(roles)


@frappe.whitelist(methods=["POST"])
def generate_keys(user: str) -> dict:
    """A new API secret for a user, and a key if there is none yet; the old secret ends."""
    frappe.only_for("System Manager")
    if user == "Administrator" and frappe.session.user != "Administrator":
        raise frappe.PermissionError
    doc = frappe.get_doc("User", user)
    api_secret = frappe.generate_hash(length=32)
    doc.api_key = doc.api_key or frappe.generate_hash(length=15)
    doc.api_secret = api_secret
    doc.save()
    return {"api_key": doc.api_key, "api_secret": api_secret}


def get_permission_query_conditions(user: str | None = None) -> str:
    """Nobody but Administrator sees the users that belong to the system."""
    if user == "Administrator":
        return ""
    names = ", ".join(frappe.db.escape(name, percent=False) for name in STANDARD_USERS)
    return f"(`tabUser`.name not in ({names}))"


def has_permission(doc, user: str | None = None) -> bool | None:
    """The same for one document."""
    return False if user != "Administrator" and doc.name in STANDARD_USERS else None
