"""User Permission: a user sees only documents that link to the values allowed to him."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cstr


class UserPermission(Document):
    """`user` may see `for_value` of the DocType `allow`; of a tree, its descendants too."""

    def validate(self) -> None:
        self._refuse_duplicate()
        self._refuse_second_default()

    def on_update(self) -> None:
        _forget(self.user)

    def on_trash(self) -> None:
        _forget(self.user)

    def _refuse_duplicate(self) -> None:
        same = frappe.get_all(
            self.doctype,
            filters={
                "allow": self.allow,
                "for_value": self.for_value,
                "user": self.user,
                "applicable_for": cstr(self.applicable_for),
                "apply_to_all_doctypes": self.apply_to_all_doctypes,
                "name": ["!=", self.name],
            },
            limit=1,
        )
        if same:
            frappe.throw(_("User permission already exists"), frappe.DuplicateEntryError)

    def _refuse_second_default(self) -> None:
        if not self.is_default:
            return
        same = frappe.get_all(
            self.doctype,
            filters={"allow": self.allow, "user": self.user, "is_default": 1, "name": ["!=", self.name]},
            or_filters={"applicable_for": cstr(self.applicable_for), "apply_to_all_doctypes": 1},
            limit=1,
        )
        if same:
            frappe.throw(
                _("{0} has already assigned default value for {1}.").format(same[0].name, self.allow)
            )


def _forget(user: str) -> None:
    frappe.cache.hdel("user_permissions", user)
    frappe.local.new_doc_templates.clear()


def get_user_permissions(user: str | None = None) -> dict[str, list]:
    """`{DocType: [{doc, applicable_for, is_default}]}` of a user, descendants in trees included."""
    user = user or frappe.session.user
    if not user or user in ("Administrator", "Guest"):
        return {}
    cached = frappe.cache.hget("user_permissions", user)
    if cached is not None:
        return cached
    if not frappe.db.table_exists("User Permission"):
        return {}
    out = frappe._dict()
    rows = frappe.db.sql(
        """select allow, for_value, applicable_for, is_default, hide_descendants
        from `tabUser Permission` where user = %s order by creation, name""",
        (user,),
        as_dict=True,
    )
    for row in rows:
        names = [row.for_value]
        if frappe.get_meta(row.allow).is_nested_set() and not row.hide_descendants:
            names += frappe.db.get_descendants(row.allow, row.for_value)
        out.setdefault(row.allow, []).extend(
            frappe._dict(
                doc=name,
                applicable_for=row.applicable_for or None,
                is_default=row.is_default if name == row.for_value else False,
            )
            for name in names
        )
    frappe.cache.hset("user_permissions", user, out)
    return out


def user_permission_exists(user, allow, for_value, applicable_for=None):
    """The permission of these values, None where the user has none."""
    for permission in get_user_permissions(user).get(allow, []):
        if permission.doc == for_value and (permission.applicable_for or None) == (applicable_for or None):
            return permission
    return None


def get_permitted_documents(doctype: str) -> list[str]:
    """Documents of a DocType that the session's user is limited to; defaults come first."""
    rows = get_user_permissions().get(doctype, [])
    return [row.doc for row in sorted(rows, key=lambda row: bool(row.is_default), reverse=True) if row.doc]
