"""Notification Log: what a user is told on the desk, and by mail where he has not switched it off."""

import frappe
from frappe import _
from frappe.desk.doctype.notification_settings.notification_settings import (
    is_email_notifications_enabled_for_type,
    is_notifications_enabled,
)
from frappe.model.document import Document
from frappe.utils import add_days, get_url_to_form, now_datetime, strip_html

# Types that a user is told of although he has set them off himself.
_EVEN_TO_ONESELF = ("Alert", "Energy Point")


class NotificationLog(Document):
    """One notice for one user."""

    def after_insert(self) -> None:
        frappe.publish_realtime("notification", after_commit=True, user=self.for_user)
        set_notifications_as_unseen(self.for_user)
        if is_email_notifications_enabled_for_type(self.for_user, self.type):
            try:
                send_notification_email(self)
            except frappe.OutgoingEmailError:
                self.log_error(_("Failed to send notification email"))

    @staticmethod
    def clear_old_logs(days: int = 180) -> None:
        """Delete notices that are older."""
        frappe.db.delete("Notification Log", {"modified": ("<", add_days(now_datetime(), -days))})


def get_permission_query_conditions(for_user: str | None = None) -> str | None:
    """Everybody sees what he was told himself."""
    user = for_user or frappe.session.user
    if user == "Administrator":
        return None
    return f"(`tabNotification Log`.for_user = {frappe.db.escape(user)})"


def has_permission(doc, ptype: str = "read", user: str | None = None) -> bool:
    """The same for one document."""
    user = user or frappe.session.user
    return user == "Administrator" or doc.for_user == user


def get_title(doctype: str, docname: str, title_field: str | None = None):
    """What a document is called in notices: the value of its title field, else its name."""
    title_field = title_field or frappe.get_meta(doctype).get_title_field()
    return docname if title_field == "name" else frappe.db.get_value(doctype, docname, title_field)


def get_title_html(title) -> str:
    """The title as notices show it."""
    return f'<b class="subject-title">{title}</b>'


def enqueue_create_notification(users, doc: dict) -> None:
    """Tell users, given by their addresses (a list, or a text with commas), once the transaction has lasted.

    `doc` holds the fields of the Notification Log.
    """
    if frappe.flags.in_install:
        return
    if isinstance(users, str):
        users = [user.strip() for user in users.split(",") if user.strip()]
    frappe.enqueue(
        "frappe.desk.doctype.notification_log.notification_log.make_notification_logs",
        enqueue_after_commit=True,
        now=frappe.flags.in_test,
        doc=dict(doc),
        users=list(dict.fromkeys(users)),
    )


def make_notification_logs(doc: dict, users: list[str]) -> None:
    """Insert a notice for each enabled user that has one of the addresses; none for what he did himself."""
    doc = frappe._dict(doc)
    names = frappe.get_all("User", filters={"enabled": 1, "email": ("in", users or [""])}, pluck="name")
    for user in sorted(names):
        if is_notifications_enabled(user) and (user != doc.from_user or doc.type in _EVEN_TO_ONESELF):
            frappe.new_doc("Notification Log").update({**doc, "for_user": user}).insert(
                ignore_permissions=True
            )


def send_notification_email(doc) -> None:
    """Mail the notice to its user."""
    user = frappe.db.get_value("User", doc.for_user, ["email", "language"], as_dict=True)
    if not user or not user.email:
        return
    if doc.link:
        link = doc.link
    elif doc.document_type and doc.document_name:
        link = get_url_to_form(doc.document_type, doc.document_name)
    else:
        link = frappe.utils.get_url()
    frappe.sendmail(
        recipients=[user.email],
        subject=strip_html(doc.subject or ""),
        template="new_notification",
        args={"body_content": doc.subject, "description": doc.email_content, "doc_link": link},
        header=[get_email_header(doc, user.language), "orange"],
    )


def get_email_header(doc, language: str | None = None) -> str:
    """The heading of that mail."""
    headers = {
        "Mention": _("New Mention on {0}", lang=language),
        "Assignment": _("Assignment Update on {0}", lang=language),
        "Share": _("New Document Shared {0}", lang=language),
        "Energy Point": _("Energy Point Update on {0}", lang=language),
    }
    return headers.get(doc.type, _("New Notification", lang=language)).format(doc.document_name)


@frappe.whitelist()
def get_notification_logs(limit: int = 20) -> dict:
    """The user's newest notices, and who caused them."""
    logs = frappe.get_list("Notification Log", fields=["*"], limit=limit, order_by="modified desc")
    people = frappe._dict()
    for user in dict.fromkeys(log.from_user for log in logs if log.from_user):
        frappe.utils.add_user_info(user, people)
    return {"notification_logs": logs, "user_info": people}


@frappe.whitelist()
def mark_all_as_read() -> None:
    """All notices of the session's user are read."""
    unread = {"read": 0, "for_user": frappe.session.user}
    frappe.db.set_value("Notification Log", unread, "read", 1, update_modified=False)


@frappe.whitelist()
def mark_as_read(docname: str) -> None:
    """One notice of the session's user is read; PermissionError for another user's."""
    if frappe.flags.read_only or not docname:
        return
    frappe.get_doc("Notification Log", docname).check_permission("read")
    frappe.db.set_value("Notification Log", docname, "read", 1, update_modified=False)


@frappe.whitelist()
def trigger_indicator_hide() -> None:
    """The user has looked at the bell."""
    frappe.publish_realtime("indicator_hide", user=frappe.session.user)


def set_notifications_as_unseen(user: str) -> None:
    """The bell shows that there is something new."""
    frappe.db.set_value("Notification Settings", {"name": user}, "seen", 0, update_modified=False)
