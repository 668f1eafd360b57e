"""Sending one mail of the queue: every recipient alone, remembered before the next one.

A mail is claimed in the database before it is touched, so that two runs never send the same one. Whoever has
received it is committed at once: after a crash only the others are written to again. A server that cannot be
reached costs no retry; a refusal does, for the mail, while its other recipients are still served.
"""

from email import message_from_string

import frappe
from frappe import _
from frappe.email.doctype.email_account.email_account import EmailAccount
from frappe.email.email_body import CC_MESSAGE, POLICY, RECIPIENT, UNSUBSCRIBE_URL, attach
from frappe.email.queue import get_unsubcribed_url
from frappe.email.smtp import ServerUnreachable
from frappe.utils import cint, escape_html, now

_WAITING = ("Not Sent", "Partially Sent")


def get_email_retry_limit() -> int:
    """How often a refused mail is tried again."""
    return cint(frappe.get_system_settings("email_retry_limit")) or 3


def send_mail(email_queue_name: str, smtp_server_instance=None) -> None:
    """Send a mail by the name of its queue entry."""
    send(frappe.get_doc("Email Queue", email_queue_name), smtp_server_instance)


def send_after_commit(queue) -> None:
    """Send it once the transaction that wrote it has lasted; a failure is left to the queue's next run."""
    if _only_pretends():
        send(queue)
        return
    name = queue.name

    def send_it():
        try:
            send_mail(name)
        except Exception:
            frappe.db.rollback()
            frappe.logger("email").error("Could not send %s", name, exc_info=True)

    frappe.db.after_commit.add(send_it)


def send(queue, server=None) -> None:
    """Send a queue entry to all who have not received it.

    Raises ServerUnreachable, and where recipients are refused the last refusal; the entry says so either way.
    """
    from frappe.email import are_emails_muted
    from frappe.email.doctype.email_queue.email_queue import is_suspended

    if are_emails_muted() or is_suspended() or not _claim(queue):
        return
    own_server = None
    try:
        if _only_pretends():
            for row in queue.recipients:
                frappe.flags.sent_mail = build_message(queue, row.recipient)
                _received(row)
            failure = None
        else:
            if server is None:
                server = own_server = account_of(queue).get_smtp_server()
            failure = _send_to_each(queue, server)
    except ServerUnreachable:
        _leave(queue, retry=False)
        raise
    except Exception:
        _leave(queue, retry=True)
        raise
    finally:
        if own_server:
            own_server.quit()
    if failure:
        _leave(queue, retry=True, error=failure)
        raise failure
    _update(queue, status="Sent", error=None)


def account_of(queue):
    """The account that a queue entry goes out through."""
    if queue.email_account and frappe.db.exists("Email Account", queue.email_account):
        return frappe.get_cached_doc("Email Account", queue.email_account)
    return EmailAccount.find_outgoing(match_by_email=queue.sender, match_by_doctype=queue.reference_doctype)


def _only_pretends() -> bool:
    """Tests send nothing, unless they say so."""
    return bool(frappe.flags.in_test and not frappe.flags.testing_email)


def _claim(queue) -> bool:
    """Set it to Sending, unless somebody else has done so or it is done."""
    status = frappe.db.get_value("Email Queue", queue.name, "status", for_update=True)
    if status not in _WAITING:
        _commit()
        return False
    _update(queue, status="Sending")
    return True


def _send_to_each(queue, server) -> Exception | None:
    failure = None
    override = frappe.utils.get_hook_method("override_email_send")
    for row in queue.recipients:
        if row.status == "Sent":
            continue
        message = build_message(queue, row.recipient)
        try:
            if override:
                override(queue, queue.sender, row.recipient, message)
            else:
                server.send(queue.sender, row.recipient, message, queue.name)
        except ServerUnreachable:
            raise
        except Exception as error:
            failure = error
            frappe.db.set_value("Email Queue Recipient", row.name, "error", str(error))
            _commit()
        else:
            _received(row)
            _update(queue)  # a sign of life, for `flush` to see
    return failure


def _received(row) -> None:
    row.status = "Sent"
    frappe.db.set_value("Email Queue Recipient", row.name, {"status": "Sent", "error": None})
    _commit()


def _leave(queue, retry: bool, error: Exception | None = None) -> None:
    """Put it back for another try, or give it up after the last one."""
    frappe.db.rollback()
    some_sent = any(row.status == "Sent" for row in queue.recipients)
    values = {
        "status": "Partially Sent" if some_sent else "Not Sent",
        "error": str(error) if error else frappe.get_traceback(),
    }
    if retry:
        tried = cint(frappe.db.get_value("Email Queue", queue.name, "retry"))
        if tried < get_email_retry_limit():
            values["retry"] = tried + 1
        else:
            values["status"] = "Error"
            _tell_owner(queue)
    _update(queue, **values)


def _tell_owner(queue) -> None:
    """Whoever caused the mail learns that it could not be sent."""
    subject = message_from_string(queue.message or "", policy=POLICY)["Subject"]
    frappe.get_doc(
        {
            "doctype": "Notification Log",
            "for_user": queue.owner,
            "from_user": queue.owner,
            "type": "Alert",
            "document_type": queue.doctype,
            "document_name": queue.name,
            "subject": _("Failed to send email with subject:") + f" {subject}",
        }
    ).insert(ignore_permissions=True)


def _update(queue, **values) -> None:
    frappe.db.set_value("Email Queue", queue.name, {**values, "modified": now()}, update_modified=False)
    queue.update(values)
    _commit()


def _commit() -> None:
    if not _only_pretends():
        frappe.db.commit()


def build_message(queue, recipient: str) -> bytes:
    """The mail as one recipient gets it: address, link to unsubscribe, attachments."""
    text = (queue.message or "").replace(
        f"To: {RECIPIENT}", f"To: {recipient}" if queue.expose_recipients != "header" else "X-To:", 1
    )
    message = message_from_string(text, policy=POLICY)
    values = {UNSUBSCRIBE_URL: _unsubscribe_url(queue, recipient), CC_MESSAGE: _receivers(queue)}
    for part in message.walk():
        if part.get_content_maintype() != "text" or part.get_content_disposition() == "attachment":
            continue
        content = part.get_content()
        if any(mark in content for mark in values):
            subtype = part.get_content_subtype()
            for mark, value in values.items():
                content = content.replace(mark, escape_html(value) if subtype == "html" else value)
            part.set_content(content, subtype=subtype)
    for attachment in queue.attachments_list:
        _attach_later(message, attachment)
    return message.as_bytes()


def _unsubscribe_url(queue, recipient: str) -> str:
    if not (queue.add_unsubscribe_link and queue.reference_doctype):
        return ""
    return get_unsubcribed_url(
        queue.reference_doctype,
        queue.reference_name,
        recipient,
        queue.unsubscribe_method,
        frappe.parse_json(queue.unsubscribe_param) if queue.unsubscribe_param else None,
    )


def _receivers(queue) -> str:
    if queue.expose_recipients != "footer":
        return ""
    to, cc = ", ".join(queue.to), ", ".join(queue.cc)
    if cc:
        return _("This email was sent to {0} and copied to {1}").format(to, cc)
    return _("This email was sent to {0}").format(to)


def _attach_later(message, attachment: dict) -> None:
    """A File of the site, or a document as printed."""
    if attachment.get("print_format_attachment"):
        options = {key: value for key, value in attachment.items() if key != "print_format_attachment"}
        printed = frappe.attach_print(**options)
        attach(message, printed["fname"], printed["fcontent"])
        return
    fid = attachment.get("fid")
    file = frappe.get_doc("File", {"name": fid} if fid else {"file_url": attachment["file_url"]})
    attach(message, file.file_name, file.get_content())
