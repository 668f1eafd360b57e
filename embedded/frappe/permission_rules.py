"""Changing permissions: Custom DocPerms of a DocType, User Permissions of a user."""

import frappe
from frappe import _


def setup_custom_perms(parent: str):
    """Copy a DocType's own rules to Custom DocPerms, once; True if that was done now."""
    if frappe.db.exists("Custom DocPerm", {"parent": parent}):
        return None
    copy_perms(parent)
    return True


def copy_perms(parent: str) -> None:
    """Copy a DocType's own rules to Custom DocPerms."""
    for rule in frappe.get_all("DocPerm", fields="*", filters={"parent": parent}, order_by="idx"):
        copied = frappe.new_doc("Custom DocPerm")
        copied.update({key: value for key, value in rule.items() if key != "name"})
        copied.insert(ignore_permissions=True)


def add_permission(doctype: str, role: str, permlevel: int = 0, ptype: str | None = None):
    """Add a rule that grants `ptype` (reading, by default); returns its name, None if there is one."""
    setup_custom_perms(doctype)
    same = {"parent": doctype, "role": role, "permlevel": permlevel, "if_owner": 0}
    if frappe.db.get_value("Custom DocPerm", same):
        frappe.msgprint(
            _("Rule for this doctype, role, permlevel and if-owner combination already exists."), alert=True
        )
        return None
    rule = frappe.get_doc(
        {
            "doctype": "Custom DocPerm",
            "__islocal": 1,
            "parenttype": "DocType",
            "parentfield": "permissions",
            **same,
            ptype or "read": 1,
        }
    )
    rule.save()
    return rule.name


def update_permission_property(
    doctype, role, permlevel, ptype, value=None, validate=True, if_owner=0
) -> bool | None:
    """Set one right of one rule."""
    made = setup_custom_perms(doctype)
    name = frappe.db.get_value(
        "Custom DocPerm", {"parent": doctype, "role": role, "permlevel": permlevel, "if_owner": if_owner}
    )
    frappe.db.set_value("Custom DocPerm", name, ptype, value)
    frappe.clear_cache(doctype=doctype)
    frappe.local.role_permissions.clear()
    return made


def reset_perms(doctype: str) -> None:
    """Return to the DocType's own rules."""
    frappe.db.delete("Custom DocPerm", {"parent": doctype})
    frappe.clear_cache(doctype=doctype)
    frappe.local.role_permissions.clear()


def add_user_permission(
    doctype,
    name,
    user,
    ignore_permissions=False,
    applicable_for=None,
    is_default=0,
    hide_descendants=0,
) -> None:
    """Allow `user` the value `name`, unless he is allowed it already. Raises DoesNotExistError."""
    from frappe.core.doctype.user_permission.user_permission import user_permission_exists

    if user_permission_exists(user, doctype, name, applicable_for):
        return
    if not frappe.db.exists(doctype, name):
        frappe.throw(_("{0} {1} not found").format(_(doctype), name), frappe.DoesNotExistError)
    frappe.get_doc(
        doctype="User Permission",
        user=user,
        allow=doctype,
        for_value=name,
        is_default=is_default,
        applicable_for=applicable_for,
        apply_to_all_doctypes=0 if applicable_for else 1,
        hide_descendants=hide_descendants,
    ).insert(ignore_permissions=ignore_permissions)


def remove_user_permission(doctype: str, name: str, user: str) -> None:
    """Take that permission away."""
    permission = frappe.db.get_value("User Permission", {"user": user, "allow": doctype, "for_value": name})
    frappe.delete_doc("User Permission", permission)


def clear_user_permissions_for_doctype(doctype: str, user: str | None = None) -> None:
    """Take away all User Permissions for a DocType, of one user or of all."""
    filters = {"allow": doctype, **({"user": user} if user else {})}
    for name in frappe.get_all("User Permission", filters=filters, pluck="name"):
        frappe.delete_doc("User Permission", name)
