"""Defaults of users (`parent` = the user) and of the site (`__default`, `__global`): DefaultValue rows."""

import frappe
from frappe.cache_manager import common_default_keys


def set_user_default(key, value, user=None, parenttype=None) -> None:
    set_default(key, value, user or frappe.session.user, parenttype)


def add_user_default(key, value, user=None, parenttype=None) -> None:
    add_default(key, value, user or frappe.session.user, parenttype)


def get_user_default(key, user=None):
    """The user's default; for the name of a DocType what User Permissions allow, if they leave one choice."""
    defaults = get_defaults(user or frappe.session.user)
    value = defaults.get(key)
    if is_a_user_permission_key(key):
        if isinstance(value, (list, tuple)) and len(value) == 1:
            value = value[0]
        else:
            value = defaults.get(frappe.scrub(key)) or _default_of_user_permissions(key, defaults)
    value = _first(value)
    return None if not_in_user_permission(key, value, user) else value


def _first(value):
    return value[0] if isinstance(value, (list, tuple)) and value else value


def _default_of_user_permissions(key, defaults):
    rows = get_user_permissions().get(key) or []
    for row in rows:
        if row.get("is_default"):
            return row.get("doc")
    return next((row.get("doc") for row in rows if row.get("doc") == defaults.get(key)), "")


def get_user_default_as_list(key, user=None) -> list:
    defaults = get_defaults(user or frappe.session.user)
    value = defaults.get(key)
    if is_a_user_permission_key(key) and not (isinstance(value, (list, tuple)) and len(value) == 1):
        value = defaults.get(frappe.scrub(key))
    values = value if isinstance(value, (list, tuple)) else [value]
    return [item for item in values if item and not not_in_user_permission(key, item)]


def is_a_user_permission_key(key: str) -> bool:
    """Whether a key is the name of a DocType: written with capitals or spaces."""
    return ":" not in key and key != frappe.scrub(key)


def not_in_user_permission(key, value, user=None) -> bool:
    """Whether the user is confined to other documents of this DocType than `value`."""
    rows = get_user_permissions(user or frappe.session.user).get(frappe.unscrub(key)) or []
    return bool(rows) and all(row.get("doc") != value for row in rows)


def get_user_permissions(user=None) -> dict:
    from frappe.core.doctype.user_permission.user_permission import get_user_permissions

    return get_user_permissions(user)


def get_defaults(user=None):
    """Defaults of the site overlaid with those of the user (the current one by default)."""
    user = user or (frappe.session.user if frappe.session else "Guest")
    defaults = get_defaults_for().copy()
    if user:
        defaults.update(get_defaults_for(user))
        defaults.update(user=user, owner=user)
    return defaults


def clear_user_default(key, user=None) -> None:
    clear_default(key, parent=user or frappe.session.user)


def set_global_default(key, value) -> None:
    set_default(key, value, "__default")


def add_global_default(key, value) -> None:
    add_default(key, value, "__default")


def get_global_default(key):
    value = _first(get_defaults().get(key))
    return None if not_in_user_permission(key, value) else value


def set_default(key, value, parent, parenttype="__default") -> None:
    """Replace a default; None removes it."""
    frappe.db.delete("DefaultValue", {"defkey": key, "parent": parent})
    if value is not None:
        add_default(key, value, parent)
    else:
        _clear_cache(parent)


def add_default(key, value, parent, parenttype=None) -> None:
    """Add a default beside those there are; several of one key are a list."""
    frappe.get_doc(
        {
            "doctype": "DefaultValue",
            "parent": parent,
            "parenttype": parenttype or "__default",
            "parentfield": "system_defaults",
            "defkey": key,
            "defvalue": value,
        }
    ).insert(ignore_permissions=True)
    _clear_cache(parent)


def clear_default(key=None, value=None, parent=None, name=None, parenttype=None) -> None:
    """Delete the defaults that match what is given."""
    given = {"defkey": key, "defvalue": value, "parent": parent, "parenttype": parenttype}
    filters = {"name": name} if name else {field: wanted for field, wanted in given.items() if wanted}
    if not filters:
        raise Exception("[clear_default] No key specified.")
    frappe.db.delete("DefaultValue", filters)
    for owner in [parent] if parent else common_default_keys:
        _clear_cache(owner)


def get_defaults_for(parent: str = "__default"):
    """Defaults of one parent: a value each, or a list where there are several."""
    defaults = frappe.cache.hget("defaults", parent)
    if defaults is not None:
        return defaults
    defaults = frappe._dict()
    rows = frappe.db.sql(
        "select defkey, defvalue from `tabDefaultValue` where parent=%s order by creation, idx", (parent,)
    )
    for key, value in rows:
        if key not in defaults:
            if value is not None:
                defaults[key] = value
        elif value not in (held := _as_list(defaults[key])):
            defaults[key] = [*held, value]
    frappe.cache.hset("defaults", parent, defaults)
    return defaults


def _as_list(value) -> list:
    return value if isinstance(value, list) else [value]


def _clear_cache(parent) -> None:
    frappe.cache.hdel("defaults", parent)
    if not frappe.flags.in_install:
        frappe.clear_cache(user=parent if parent not in common_default_keys else None)
