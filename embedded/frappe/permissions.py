"""Who may do what: role permissions, ownership, User Permissions, and what apps' hooks say."""

import copy
import functools

import frappe
import frappe.share
from frappe import _, msgprint
from frappe.permission_rules import (
    add_permission,
    add_user_permission,
    clear_user_permissions_for_doctype,
    copy_perms,
    remove_user_permission,
    reset_perms,
    setup_custom_perms,
    update_permission_property,
)
from frappe.user_permissions import (
    filter_allowed_docs_for_doctype,
    get_allowed_docs_for_doctype,
    get_user_permissions,
    has_user_permission,
    push_perm_check_log,
)
from frappe.utils import cint

__all__ = [
    "add_permission",
    "add_user_permission",
    "clear_user_permissions_for_doctype",
    "copy_perms",
    "filter_allowed_docs_for_doctype",
    "get_allowed_docs_for_doctype",
    "get_user_permissions",
    "has_permission",
    "has_user_permission",
    "push_perm_check_log",
    "remove_user_permission",
    "reset_perms",
    "setup_custom_perms",
    "update_permission_property",
]

rights = (
    "select",
    "read",
    "write",
    "create",
    "delete",
    "submit",
    "cancel",
    "amend",
    "print",
    "email",
    "report",
    "import",
    "export",
    "share",
)
GUEST_ROLE = "Guest"
ALL_USER_ROLE = "All"
SYSTEM_USER_ROLE = "Desk User"
ADMIN_ROLE = "Administrator"
AUTOMATIC_ROLES = (GUEST_ROLE, ALL_USER_ROLE, SYSTEM_USER_ROLE, ADMIN_ROLE)


def print_has_permission_check_logs(func):
    """Tell the user why he may not, unless `raise_exception` is False."""

    @functools.wraps(func)
    def inner(*args, **kwargs):
        told = kwargs.get("raise_exception", True)
        own = not kwargs.get("user") or kwargs.get("user") == frappe.session.user
        if told:
            frappe.flags["has_permission_check_logs"] = []
        result = func(*args, **kwargs)
        if told:
            logs = frappe.flags.pop("has_permission_check_logs", None) or []
            if not result and own:
                msgprint("<br>".join(logs))
        return result

    return inner


@print_has_permission_check_logs
def has_permission(
    doctype,
    ptype="read",
    doc=None,
    user=None,
    raise_exception=True,
    *,
    parent_doctype=None,
    debug=False,
) -> bool:
    """Whether `user` has permission `ptype` for a DocType, or for the document `doc` (object or name).

    Raises nothing; with `raise_exception` the reason is shown as a message. A child DocType asks its parent.
    """
    user = user or frappe.session.user
    if user == "Administrator":
        return True
    if not doc and hasattr(doctype, "doctype"):
        doc, doctype = doctype, doctype.doctype
    if ptype == "share" and frappe.get_system_settings("disable_document_sharing"):
        return False
    meta = frappe.get_meta(doctype)
    if meta.istable:
        return has_child_permission(doctype, ptype, doc, user, raise_exception, parent_doctype)

    if doc:
        if isinstance(doc, str | int):
            doc = frappe.get_doc(doctype, doc)
        allowed = get_doc_permissions(doc, user=user, ptype=ptype).get(ptype)
        if not allowed:
            message = _("User {0} does not have access to this document").format(frappe.bold(user))
            if get_role_permissions(meta, user=user).get("read"):
                message += f": {_(doc.doctype)} - {doc.name}"
            push_perm_check_log(message)
    else:
        if ptype == "submit" and not cint(meta.is_submittable):
            push_perm_check_log(_("Document Type is not submittable"))
            return False
        if ptype == "import" and not cint(meta.allow_import):
            push_perm_check_log(_("Document Type is not importable"))
            return False
        allowed = get_role_permissions(meta, user=user).get(ptype)
        if not allowed:
            push_perm_check_log(
                _("User {0} does not have doctype access via role permission for document {1}").format(
                    frappe.bold(user), frappe.bold(_(doctype))
                )
            )
    return bool(allowed or _is_shared(doctype, ptype, doc, user))


def _is_shared(doctype: str, ptype: str, doc, user: str) -> bool:
    if ptype not in ("read", "write", "share", "submit", "email", "print"):
        return False
    right = "read" if ptype in ("email", "print") else ptype
    filters = [["share_name", "=", str(doc.name)]] if doc else None
    return bool(frappe.share.get_shared(doctype, user, rights=[right], filters=filters, limit=1))


def get_doc_permissions(doc, user=None, ptype=None, debug=False) -> dict:
    """What `user` may do with this document, as `{"read": 1, "write": 0, …}`."""
    user = user or frappe.session.user
    meta = frappe.get_meta(doc.doctype)
    is_owner = (doc.get("owner") or "").lower() == user.lower()
    if not has_controller_permissions(doc, ptype, user=user):
        push_perm_check_log(_("Not allowed via controller permission check"))
        return {ptype: 0}
    permissions = copy.deepcopy(get_role_permissions(meta, user=user, is_owner=is_owner))
    if not cint(meta.is_submittable):
        permissions["submit"] = 0
    if not cint(meta.allow_import):
        permissions["import"] = 0
    if permissions.get("has_if_owner_enabled"):
        permissions.update(permissions.get("if_owner", {}))
    if not has_user_permission(doc, user):
        if not is_owner:
            return {}
        permissions = permissions.get("if_owner", {})
        permissions["create"] = 0
    return permissions


def get_role_permissions(doctype_meta, user=None, is_owner=None, debug=False) -> dict:
    """What the user's roles grant at level 0, with `if_owner` rights apart."""
    if isinstance(doctype_meta, str):
        doctype_meta = frappe.get_meta(doctype_meta)
    user = user or frappe.session.user
    if user == "Administrator":
        return allow_everything()
    key = (doctype_meta.name, user, bool(is_owner))
    cached = frappe.local.role_permissions.get(key)
    if cached:
        return cached
    roles = set(frappe.get_roles(user))
    rules = [perm for perm in doctype_meta.permissions if perm.role in roles and cint(perm.permlevel) == 0]
    perms = frappe._dict(if_owner={}, has_if_owner_enabled=any(perm.get("if_owner") for perm in rules))
    for ptype in rights:
        granted = any(perm.get(ptype) for perm in rules)
        perms[ptype] = cint(granted)
        only_if_owner = granted and not any(perm.get(ptype) and not perm.get("if_owner") for perm in rules)
        if only_if_owner and ptype != "create":
            perms["if_owner"][ptype] = cint(granted and is_owner)
            # The list stays reachable: it is filtered by owner.
            perms[ptype] = int(ptype in ("select", "read"))
    frappe.local.role_permissions[key] = perms
    return perms


def has_controller_permissions(doc, ptype, user=None, debug=False) -> bool:
    """What the `has_permission` hooks say; the last that answers counts, and they can only deny."""
    user = user or frappe.session.user
    hooks = frappe.get_hooks("has_permission") or {}
    for method in reversed([*hooks.get(doc.doctype, []), *hooks.get("*", [])]):
        answer = frappe.call(frappe.get_attr(method), doc=doc, ptype=ptype, user=user, debug=debug)
        if answer is not None:
            return bool(answer)
    return True


def has_child_permission(
    child_doctype,
    ptype="read",
    child_doc=None,
    user=None,
    raise_exception=True,
    parent_doctype=None,
    *,
    debug=False,
) -> bool:
    """Whether the parent's permissions, and the level of the table field, let the user reach a child row."""
    if isinstance(child_doc, str):
        child_doc = frappe.db.get_value(
            child_doctype, child_doc, ("parent", "parenttype", "parentfield"), as_dict=True
        )
    if child_doc:
        parent_doctype = child_doc.parenttype
    if not parent_doctype:
        push_perm_check_log(
            _("Please specify a valid parent DocType for {0}").format(frappe.bold(child_doctype))
        )
        return False
    parent_meta = frappe.get_meta(parent_doctype)
    fields = {df.fieldname for df in parent_meta.get_table_fields() if df.options == child_doctype}
    if parent_meta.istable or not fields:
        push_perm_check_log(
            _("{0} is not a valid parent DocType for {1}").format(
                frappe.bold(parent_doctype), frappe.bold(child_doctype)
            )
        )
        return False
    if child_doc:
        if child_doc.parentfield not in fields:
            push_perm_check_log(
                _("{0} is not a valid parentfield for {1}").format(
                    frappe.bold(child_doc.parentfield), frappe.bold(child_doctype)
                )
            )
            return False
        level = cint(parent_meta.get_field(child_doc.parentfield).permlevel)
        if level and level not in parent_meta.get_permlevel_access(ptype, user=user):
            push_perm_check_log(
                _("Insufficient Permission Level for {0}").format(frappe.bold(parent_doctype))
            )
            return False
    return has_permission(
        parent_doctype,
        ptype=ptype,
        doc=child_doc and (getattr(child_doc, "parent_doc", None) or child_doc.parent),
        user=user,
        raise_exception=raise_exception,
    )


def get_roles(user=None, with_standard=True) -> list[str]:
    """Roles of a user, the automatic ones included unless `with_standard` is False."""
    user = user or frappe.session.user
    if not user or user == "Guest":
        return [GUEST_ROLE]

    def read() -> list[str]:
        if user == "Administrator":
            return [row[0] for row in frappe.db.sql("select name from `tabRole`")]
        rows = frappe.db.sql(
            "select role from `tabHas Role` where parenttype = 'User' and parent = %s and role not in %s",
            (user, AUTOMATIC_ROLES),
        )
        automatic = [ALL_USER_ROLE, GUEST_ROLE]
        return [row[0] for row in rows] + automatic + ([SYSTEM_USER_ROLE] if is_system_user(user) else [])

    roles = frappe.cache.hget("roles", user, read)
    return roles if with_standard else [role for role in roles if role not in AUTOMATIC_ROLES]


def get_doctype_roles(doctype: str, access_type: str = "read") -> list[str]:
    """Roles that have a permission on a DocType."""
    return [perm.role for perm in frappe.get_meta(doctype).permissions if perm.get(access_type)]


def get_valid_perms(doctype=None, user=None) -> list:
    """Rules at level 0 that apply to the user: custom ones where a DocType has them, else its own."""
    roles = get_roles(user)
    custom = frappe.get_all("Custom DocPerm", pluck="parent", distinct=True)
    rules = _rules_of(roles, "Custom DocPerm")
    rules += [perm for perm in _rules_of(roles, "DocPerm") if perm.parent not in custom]
    return [perm for perm in rules if perm.parent == doctype] if doctype else rules


def _rules_of(roles: list[str], doctype: str) -> list:
    return frappe.get_all(doctype, fields=["*"], filters={"permlevel": 0, "role": ["in", roles]})


def get_doctypes_with_read() -> list[str]:
    """DocTypes that the session's user may read."""
    return list({str(perm.parent) for perm in get_valid_perms() if perm.parent and perm.read})


def get_linked_doctypes(dt: str) -> list[str]:
    """The DocType and those it links to under User Permissions."""
    links = frappe.get_meta(dt).get_link_fields()
    return list({dt, *(df.options for df in links if not df.ignore_user_permissions)})


def get_doc_name(doc) -> str | None:
    """The name of a document given as object or name."""
    if not doc:
        return None
    return doc if isinstance(doc, str) else str(doc.name)


def allow_everything() -> dict:
    """Every right."""
    return dict.fromkeys(rights, 1)


def can_import(doctype: str, raise_exception: bool = False) -> bool:
    """Whether the session's user may import documents."""
    allowed = "System Manager" in frappe.get_roles() or has_permission(doctype, "import")
    if not allowed and raise_exception:
        raise frappe.PermissionError(f"You are not allowed to import: {doctype}")
    return allowed


def can_export(doctype: str, raise_exception: bool = False, is_owner: bool = False) -> bool:
    """Whether the session's user may export documents."""
    if "System Manager" in frappe.get_roles():
        return True
    permissions = get_role_permissions(doctype, is_owner=is_owner)
    allowed = bool(permissions.get("export") or permissions.get("if_owner", {}).get("export"))
    if not allowed and raise_exception:
        raise frappe.PermissionError(_("You are not allowed to export {} doctype").format(doctype))
    return allowed


def is_system_user(user: str | None = None) -> bool:
    """Whether the user may enter the desk."""
    return frappe.get_cached_value("User", user or frappe.session.user, "user_type") == "System User"
