"""User: who may sign in, with which roles."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.permissions import AUTOMATIC_ROLES
from frappe.utils import escape_html, validate_email_address

STANDARD_USERS = frappe.STANDARD_USERS


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
        if self.name == "Administrator" and not self.enabled:
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

    def on_update(self) -> None:
        if self._typed_password:
            from frappe.utils.password import update_password

            update_password(self.name, self._typed_password, logout_all_sessions=self.logout_all_sessions)
        frappe.clear_cache(user=self.name)
        if self.name == frappe.session.user:
            frappe.local.role_permissions.clear()
        frappe.cache.hdel("roles", self.name)

    def on_trash(self) -> None:
        if self.name in STANDARD_USERS:
            frappe.throw(_("User {0} cannot be deleted").format(self.name))
        frappe.db.delete("User Permission", {"user": self.name})
        frappe.clear_cache(user=self.name)

    def before_rename(self, old_name: str, new_name: str, merge: bool = False) -> None:
        if old_name in STANDARD_USERS:
            frappe.throw(_("User {0} cannot be renamed").format(old_name))
        validate_email_address(new_name, True)

    def after_rename(self, old_name: str, new_name: str, merge: bool = False) -> None:
        frappe.db.set_value("User", new_name, "email", new_name)

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


def get_roles(user: str | None = None) -> list[str]:
    """Roles of a user."""
    return frappe.get_roles(user)
