"""What a user last chose in a DocType's views (filters, columns, page length), as JSON kept by the server."""

import json

import frappe
from frappe.request_arguments import as_dict


def get_user_settings(doctype: str, for_update: bool = False) -> str:
    """The session user's settings for a DocType, as JSON text."""
    rows = frappe.db.sql(
        "select data from `__UserSettings` where `user` = %s and `doctype` = %s",
        (frappe.session.user, doctype),
    )
    return (rows and rows[0][0]) or "{}"


def update_user_settings(doctype: str, user_settings: dict | str, for_update: bool = False) -> None:
    """Merge settings into those stored (`for_update`: put them in their place)."""
    values = json.loads(user_settings) if isinstance(user_settings, str) else user_settings
    if not for_update:
        values = {**json.loads(get_user_settings(doctype)), **values}
    frappe.db.sql(
        "insert into `__UserSettings` (`user`, `doctype`, `data`) values (%s, %s, %s)"
        " on duplicate key update `data` = %s",
        (frappe.session.user, doctype, json.dumps(values), json.dumps(values)),
    )


def sync_user_settings() -> None:
    """Frappe keeps settings in its cache and stores them now and then; here they are stored at once."""


@frappe.whitelist(methods=["POST", "PUT"])
def save(doctype: str, user_settings: str):
    """Merge the user's own settings for a DocType that exists; answers what was sent."""
    if not frappe.db.exists("DocType", doctype):
        frappe.throw(frappe._("DocType {0} not found").format(doctype), frappe.DoesNotExistError)
    values = as_dict(user_settings or "{}")
    update_user_settings(doctype, values)
    return values


@frappe.whitelist()
def get(doctype: str) -> str:
    """The user's own settings for a DocType, as JSON text."""
    return get_user_settings(doctype)
