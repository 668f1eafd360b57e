"""Email Queue: a mail that is to be sent, to whom, and what has become of it."""

import json

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import add_days, cint, now_datetime, sbool

_ELSEWHERE = {"QueueBuilder": "builder", "send_mail": "sending", "get_email_retry_limit": "sending"}


class EmailQueue(Document):
    """Not Sent → Sending → Sent; Partially Sent while some wait; Error when the retries are used up."""

    def set_recipients(self, recipients) -> None:
        """Everybody who is to receive it."""
        self.set("recipients", [])
        for recipient in recipients:
            self.append("recipients", {"recipient": recipient.strip(), "status": "Not Sent"})

    def on_trash(self) -> None:
        if frappe.session.user != "Administrator":
            frappe.throw(_("Only Administrator can delete Email Queue"))

    @property
    def cc(self) -> list[str]:
        """Those whom the mail shows as cc."""
        return self.show_as_cc.split(",") if self.show_as_cc else []

    @property
    def to(self) -> list[str]:
        """All the others."""
        return [row.recipient for row in self.recipients if row.recipient not in self.cc]

    @property
    def attachments_list(self) -> list[dict]:
        """Attachments that are fetched when it is sent."""
        return json.loads(self.attachments) if self.attachments else []

    def send(self, smtp_server_instance=None) -> None:
        """Send it now to all who have not received it."""
        from frappe.email.doctype.email_queue.sending import send

        send(self, smtp_server_instance)

    @frappe.whitelist()
    def retry_sending(self) -> None:
        """Give a mail that failed another round of retries."""
        self.check_permission("read")
        frappe.only_for("System Manager")
        if self.status == "Error":
            self.db_set({"status": "Not Sent", "retry": 0})

    @staticmethod
    def clear_old_logs(days: int = 30) -> None:
        """Delete what has been in the queue for longer; what still waits to be sent stays."""
        before = add_days(now_datetime(), -(days or 31))
        old = {"modified": ("<", before), "status": ("in", ("Sent", "Error"))}
        names = frappe.get_all("Email Queue", filters=old, pluck="name")
        if names:
            frappe.db.delete("Email Queue Recipient", {"parent": ("in", names)})
            frappe.db.delete("Email Queue", {"name": ("in", names)})


@frappe.whitelist()
def bulk_retry(queues) -> None:
    """Let mails that failed be sent with the next run. System Manager only."""
    frappe.only_for("System Manager")
    names = frappe.parse_json(queues)
    if not names:
        return
    failed = frappe.get_all("Email Queue", filters={"name": ("in", names), "status": "Error"}, pluck="name")
    for name in failed:
        frappe.db.set_value("Email Queue", name, {"status": "Not Sent", "retry": 0})
    frappe.msgprint(
        _("Updating Email Queue Statuses. The emails will be picked up in the next scheduled run."),
        _("Processing..."),
    )


@frappe.whitelist()
def send_now(name: str) -> None:
    """Send one mail of the queue at once. Needs `read` on it."""
    queue = frappe.get_doc("Email Queue", name)
    queue.check_permission()
    queue.send()


@frappe.whitelist()
def toggle_sending(enable) -> None:
    """Stop the queue, or let it go on. System Manager only."""
    frappe.only_for("System Manager")
    frappe.db.set_default("suspend_email_queue", 0 if sbool(enable) else 1)


def on_doctype_update() -> None:
    frappe.db.add_index("Email Queue", ("status", "send_after", "priority", "creation"), "index_bulk_flush")


def is_suspended() -> bool:
    """Whether an administrator has stopped the queue."""
    return cint(frappe.db.get_default("suspend_email_queue")) == 1


def __getattr__(name):
    import importlib

    if name in _ELSEWHERE:
        return getattr(importlib.import_module(f"{__package__}.{_ELSEWHERE[name]}"), name)
    if name.startswith("__"):
        raise AttributeError(name)
    raise NotImplementedError(f"{__name__}.{name}")
