"""Notification Settings: of what a user wants to be told, on the desk and by mail. None means everything."""

import frappe
from frappe.model.document import Document


class NotificationSettings(Document):
    """One user's choice; named after the user."""


def _value(user: str, fieldname: str) -> bool:
    if not frappe.get_meta("Notification Settings").has_field(fieldname):
        return True
    value = frappe.db.get_value("Notification Settings", user, fieldname)
    return True if value is None else bool(value)


def is_notifications_enabled(user: str) -> bool:
    """Whether the user is told of anything."""
    return _value(user, "enabled")


def is_email_notifications_enabled(user: str) -> bool:
    """Whether the user is mailed at all."""
    return _value(user, "enable_email_notifications")


def is_email_notifications_enabled_for_type(user: str, notification_type: str | None) -> bool:
    """Whether the user is mailed notices of this type; alerts bring their own mails."""
    if notification_type == "Alert" or not is_email_notifications_enabled(user):
        return False
    return _value(user, f"enable_email_{frappe.scrub(notification_type or '')}")


def create_notification_settings(user: str) -> None:
    """Insert the defaults for a user that has none."""
    if not frappe.db.table_exists("Notification Settings"):
        return  # the first users of a site come before its DocTypes
    if not frappe.db.exists("Notification Settings", user):
        settings = frappe.new_doc("Notification Settings")
        settings.name = settings.user = user
        settings.insert(ignore_permissions=True, ignore_if_duplicate=True)


def toggle_notifications(user: str, enable: bool = False) -> None:
    """Switch all notices of a user on or off."""
    if frappe.db.exists("Notification Settings", user):
        settings = frappe.get_doc("Notification Settings", user)
        if bool(settings.enabled) != bool(enable):
            settings.enabled = int(enable)
            settings.save()


@frappe.whitelist()
def get_subscribed_documents() -> list[str]:
    """DocTypes that the session's user follows."""
    if not frappe.db.exists("Notification Settings", frappe.session.user):
        return []
    settings = frappe.get_doc("Notification Settings", frappe.session.user)
    return [row.document for row in settings.subscribed_documents]


def get_permission_query_conditions(user: str | None = None) -> str | None:
    """One's own; for System Managers all but Administrator's."""
    user = user or frappe.session.user
    if user == "Administrator":
        return None
    if "System Manager" in frappe.get_roles(user):
        return "(`tabNotification Settings`.name != 'Administrator')"
    return f"(`tabNotification Settings`.name = {frappe.db.escape(user)})"


def has_permission(doc, ptype: str = "read", user: str | None = None) -> bool:
    """The same for one document."""
    user = user or frappe.session.user
    if user == "Administrator":
        return True
    if "System Manager" in frappe.get_roles(user):
        return doc.name != "Administrator"
    return doc.name == user


@frappe.whitelist()
def set_seen_value(value: int, user: str) -> None:
    """Whether the session's user has looked at the bell. PermissionError for another user."""
    if user != frappe.session.user:
        frappe.only_for("System Manager")
    if not frappe.flags.read_only:
        frappe.db.set_value("Notification Settings", {"name": user}, "seen", value, update_modified=False)
