"""What is cached of users, DocTypes and the site, and how it is forgotten."""

import frappe

common_default_keys = ["__default", "__global"]

global_cache_keys = (
    "app_hooks",
    "installed_apps",
    "all_apps",
    "app_modules",
    "installed_app_modules",
    "module_app",
    "system_settings",
    "time_zone",
    "db_tables",
)

user_cache_keys = (
    "bootinfo",
    "roles",
    "user_doc",
    "lang",
    "defaults",
    "user_permissions",
    "linked_with",
    "user_perm_can_read",
    "has_role:Page",
    "has_role:Report",
)

doctype_cache_keys = (
    "doctype_meta",
    "doctype_form_meta",
    "table_columns",
    "last_modified",
    "linked_doctypes",
    "workflow",
)


def clear_user_cache(user: str | None = None) -> None:
    """Forget what is cached of one user; without a user, of all of them and of the site."""
    if user:
        for name in user_cache_keys:
            frappe.cache.hdel(name, user)
        frappe.cache.delete_keys("user:" + user)
        clear_defaults_cache(user)
    else:
        for name in user_cache_keys:
            frappe.cache.delete_key(name)
        clear_defaults_cache()
        clear_global_cache()


def clear_global_cache() -> None:
    clear_doctype_cache()
    frappe.cache.delete_value(list(global_cache_keys))
    frappe.setup_module_map()


def clear_defaults_cache(user: str | None = None) -> None:
    if user:
        for parent in [user, *common_default_keys]:
            frappe.cache.hdel("defaults", parent)
    elif frappe.flags.in_install != "frappe":
        frappe.cache.delete_key("defaults")


def clear_doctype_cache(doctype: str | None = None) -> None:
    """Forget Meta, controller and columns of a DocType (or of all), now and when the transaction ends."""
    clear_controller_cache(doctype)
    _clear_doctype_cache(doctype)
    if frappe.db and hasattr(frappe.db, "after_commit"):
        frappe.db.after_commit.add(lambda: _clear_doctype_cache(doctype))
        frappe.db.after_rollback.add(lambda: _clear_doctype_cache(doctype))


def _clear_doctype_cache(doctype: str | None = None) -> None:
    frappe.cache.delete_value(["is_table", "doctype_modules"])
    if not doctype:
        frappe.cache.delete_value(list(doctype_cache_keys))
        frappe.cache.delete_keys("document_cache::")
        return
    for name in {doctype, *_parents_of(doctype)}:
        frappe.clear_document_cache(name)
        for key in doctype_cache_keys:
            frappe.cache.hdel(key, name)


def _parents_of(doctype: str) -> set[str]:
    """DocTypes that hold `doctype` as a child table: their Meta carries its fields."""
    from frappe.model import table_fields

    filters = {"fieldtype": ["in", table_fields], "options": doctype}
    parents = {row.parent for row in frappe.get_all("DocField", filters=filters, fields=["parent"])}
    if not frappe.flags.in_install:
        parents |= {row.dt for row in frappe.get_all("Custom Field", filters=filters, fields=["dt"])}
    return parents


def clear_controller_cache(doctype: str | None = None) -> None:
    if not doctype:
        frappe.controllers.pop(frappe.local.site, None)
    elif of_site := frappe.controllers.get(frappe.local.site):
        of_site.pop(doctype, None)
