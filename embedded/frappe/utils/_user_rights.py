"""`frappe.get_user()`: what a user may do with each DocType, as lists that the desk reads."""

import frappe
from frappe.permissions import get_roles, get_valid_perms, rights

_LISTS = (
    "can_select", "can_create", "can_write", "can_read", "can_submit", "can_cancel", "can_delete",
    "can_get_report", "allow_modules", "all_read", "can_search", "in_create", "can_export", "can_import",
    "can_print", "can_email",
)  # fmt: skip
_PROFILE = (
    "creation", "desk_theme", "document_follow_notify", "email", "email_signature", "first_name", "language",
    "last_name", "mute_sounds", "send_me_a_copy", "user_type", "onboarding_status", "default_workspace",
)  # fmt: skip


class UserPermissions:
    """The lists are made when one of them is first asked for."""

    def __init__(self, name: str = ""):
        self.name = name or frappe.session.user
        self.shared: list[str] = []

    def __getattr__(self, name):
        if name not in _LISTS:
            raise AttributeError(name)
        self.build_permissions()
        return self.__dict__[name]

    def get_roles(self) -> list[str]:
        """The user's roles."""
        return get_roles(self.name)

    def get_can_read(self) -> list[str]:
        """DocTypes that the user may read."""
        return self.can_read

    def get_defaults(self) -> dict:
        """The user's defaults over the site's."""
        return frappe.defaults.get_defaults(self.name)

    def build_permissions(self) -> None:
        """Fill the lists from the rules at level 0 and from what is shared."""
        self.__dict__.update({key: [] for key in _LISTS})
        granted = self._granted()
        shared = frappe.share.get_shared_doctypes(self.name)
        hidden = []
        for row in frappe.get_all(
            "DocType", fields=["name", "in_create", "module", "istable", "issingle", "read_only"]
        ):
            perms = granted.get(row.name, set())
            if row.name in shared:
                perms = perms | {"read"}
            self._sort_in(row, perms, hidden)
        self.can_write += self.can_create + self.in_create
        self.can_read = list({*self.can_read, *self.can_write, *shared})
        self.all_read += self.can_read
        self.can_read = [name for name in self.can_read if name not in hidden]
        self.shared = shared
        if "System Manager" in self.get_roles():
            self.can_import += frappe.get_all("DocType", filters={"allow_import": 1}, pluck="name")

    def _granted(self) -> dict[str, set]:
        granted: dict[str, set] = {}
        for rule in get_valid_perms(user=self.name):
            granted.setdefault(rule.parent, set()).update(right for right in rights if rule.get(right))
        return granted

    def _sort_in(self, row, perms: set, hidden: list) -> None:
        name = row.name
        for right in ("select", "submit", "cancel", "delete"):
            if right in perms:
                self.__dict__[f"can_{right}"].append(name)
        if row.istable:
            return
        if "create" in perms and not row.issingle:
            (self.in_create if row.in_create else self.can_create).append(name)
        elif "write" in perms:
            self.can_write.append(name)
        elif "read" in perms:
            # DocTypes that are "read only" are not looked through in lists.
            (self.all_read if row.read_only else self.can_read).append(name)
            if row.read_only:
                hidden.append(name)
        if not perms & {"read", "write", "create"}:
            return
        if "report" in perms:
            self.can_get_report.append(name)
        for right in ("import", "export", "print", "email"):
            if right in perms:
                self.__dict__[f"can_{right}"].append(name)
        if not row.issingle and not row.read_only:
            self.can_search.append(name)
        if row.module not in self.allow_modules:
            self.allow_modules.append(row.module)

    def load_user(self) -> frappe._dict:
        """Profile, roles, defaults and the lists, as the desk's boot info has them."""
        from frappe.boot import get_allowed_reports

        meta = frappe.get_meta("User")
        known = [field for field in _PROFILE if field == "creation" or meta.has_field(field)]
        user = frappe.db.get_value("User", self.name, known, as_dict=True) or frappe._dict()
        user.update({field: None for field in _PROFILE if field not in user})
        user.name = self.name
        user.onboarding_status = frappe.parse_json(user.onboarding_status or "{}")
        user.default_workspace = _workspace(user.default_workspace)
        user.roles = self.get_roles()
        user.defaults = self.get_defaults()
        for key in _LISTS:
            user[key] = sorted(set(getattr(self, key)))
        user.all_reports = get_allowed_reports()
        return user


def _workspace(name: str | None) -> dict | None:
    if not name:
        return None
    return frappe.db.get_value("Workspace", name, ["name", "public", "title"], as_dict=True)
