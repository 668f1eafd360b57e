"""User Permissions at work: which documents a user is limited to, and why one is refused."""

import frappe
from frappe import _
from frappe.utils import cint


def push_perm_check_log(log: str, debug: bool = False) -> None:
    """Note a reason for refusal."""
    logs = frappe.flags.get("has_permission_check_logs")
    if logs is not None:
        logs.append(log)


def get_user_permissions(user) -> dict:
    """The user's User Permissions by DocType."""
    from frappe.core.doctype.user_permission.user_permission import get_user_permissions

    return get_user_permissions(user)


def has_user_permission(doc, user=None, debug=False) -> bool:
    """Whether User Permissions let the user see this document and what it links to."""
    permissions = get_user_permissions(user)
    if not permissions:
        return True
    strict = not doc.meta.issingle and cint(frappe.get_system_settings("apply_strict_user_permissions"))
    doctype = doc.doctype
    if doctype in permissions:
        allowed = get_allowed_docs_for_doctype(permissions[doctype], doctype)
        if allowed and str(doc.name) not in allowed:
            push_perm_check_log(_("Not allowed for {0}: {1}").format(_(doctype), doc.name))
            return False
    return all(_links_allowed(row, doctype, permissions, strict) for row in (doc, *doc.get_all_children()))


def _links_allowed(row, doctype: str, permissions: dict, strict) -> bool:
    for field in row.meta.get_link_fields():
        if field.ignore_user_permissions or field.options not in permissions:
            continue
        value = row.get(field.fieldname)
        if not value and not strict:
            continue
        allowed = get_allowed_docs_for_doctype(permissions[field.options], doctype)
        if not allowed or str(value) in allowed:
            continue
        place = (_(row.doctype), _(field.options), value or _("empty"))
        label = _(field.label, context=field.parent) if field.label else field.fieldname
        if row.get("parentfield"):
            message = _(
                "You are not allowed to access this {0} record because it is linked to {1} '{2}' "
                "in row {3}, field {4}"
            ).format(*place, row.idx, label)
        else:
            message = _(
                "You are not allowed to access this {0} record because it is linked to {1} '{2}' in field {3}"
            ).format(*place, label)
        push_perm_check_log(message)
        return False
    return True


def get_allowed_docs_for_doctype(user_permissions: list, doctype: str) -> list[str]:
    """Values of these User Permissions that hold under `doctype`."""
    return filter_allowed_docs_for_doctype(user_permissions, doctype, with_default_doc=False)


def filter_allowed_docs_for_doctype(user_permissions: list, doctype: str, with_default_doc=True):
    """The same, with the default value as `(values, default)`; a single permission is its own default."""
    allowed, default = [], None
    for permission in user_permissions:
        if permission.get("applicable_for") not in (None, "", doctype):
            continue
        allowed.append(permission.get("doc"))
        if permission.get("is_default") or (len(user_permissions) == 1 and with_default_doc):
            default = permission.get("doc")
    return (allowed, default) if with_default_doc else allowed
