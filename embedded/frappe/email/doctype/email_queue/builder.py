"""From the arguments of `frappe.sendmail` to Email Queue documents."""

import json
from email.utils import formataddr

import frappe
from frappe import _
from frappe.email.doctype.email_account.email_account import EmailAccount
from frappe.email.doctype.email_unsubscribe.email_unsubscribe import unsubscribed
from frappe.email.email_body import (
    CC_MESSAGE,
    RECIPIENT,
    UNSUBSCRIBE_URL,
    compose,
    get_formatted_html,
    get_message_id,
    one_line,
)
from frappe.email.plain_text import to_text
from frappe.utils import add_days, nowdate, parse_addr, split_emails, validate_email_address

# More recipients than this get a queue entry each, so that one that fails holds up nobody.
TOGETHER = 100
UNSUBSCRIBE_METHOD = "/api/method/frappe.email.queue.unsubscribe"


class QueueBuilder:
    """One mail on its way into the queue."""

    def __init__(self, **options):
        self.options = frappe._dict(options)
        self.account = EmailAccount.find_outgoing(
            match_by_email=self.options.sender, match_by_doctype=self.options.reference_doctype
        )
        self.to, self.cc, self.bcc = (_addresses(self.options[kind]) for kind in ("recipients", "cc", "bcc"))
        gone = unsubscribed({*self.to, *self.cc}, self.options.reference_doctype, self.options.reference_name)
        self.to = [address for address in self.to if address not in gone]
        self.cc = [address for address in self.cc if address not in gone]

    def process(self, send_now: bool = False):
        """Insert the queue's documents; returns the one, [] for nobody, None for one each."""
        if not (self.to or self.cc):
            return []
        try:
            values = self.values()
        except frappe.InvalidEmailAddressError:
            # one bad address must not break what the mail is about
            frappe.clear_last_message()
            frappe.log_error(
                title="Invalid email address",
                message=f"Sender: {self.sender}, Recipients: {', '.join([*self.to, *self.cc, *self.bcc])}",
                reference_doctype=self.options.reference_doctype,
                reference_name=self.options.reference_name,
            )
            return []
        if not (self.to and (self.options.queue_separately or len(self.to) > TOGETHER)):
            return _insert(values, [*self.to, *self.cc, *self.bcc], send_now)
        for address in self.to:
            _insert(values, [address, *self.cc, *self.bcc], send_now)
        return None

    @property
    def sender(self) -> str:
        """Who the mail is from; the account decides where it insists on its own address or name."""
        sender = self.options.sender
        if not sender or sender == "Administrator":
            return self.account.default_sender
        name, address = parse_addr(sender)
        if self.account.always_use_account_email_id_as_sender:
            name, address = name or self.account.name, self.account.email_id
        if self.account.always_use_account_name_as_sender_name:
            name = self.account.name
        return formataddr((name, address), charset="utf-8") if name else address

    def values(self) -> dict:
        """Fields of the Email Queue. Raises InvalidEmailAddressError."""
        options = self.options
        sender = self.sender
        for address in (sender, *self.to, *self.cc, *self.bcc):
            validate_email_address(parse_addr(address)[1], throw=True)
        message_id = f"<{options.message_id}>" if options.message_id else get_message_id()
        link = self.unsubscribe_message()
        text = options.text_content or to_text(options.message)
        mail = compose(
            sender=sender,
            recipients=self.to,
            cc=self.cc,
            subject=options.subject,
            html=get_formatted_html(
                options.subject,
                options.message,
                header=options.header,
                email_account=self.account,
                unsubscribe_link=link,
                with_container=options.with_container,
            ),
            text=text + (link.text if link else ""),
            attachments=options.attachments,
            inline_images=options.inline_images,
            reply_to=options.reply_to,
            expose_recipients=options.expose_recipients,
            headers={
                "Message-Id": message_id,
                "In-Reply-To": options.in_reply_to,
                "X-Original-From": options.sender or sender,
                "isnotification": "<notification>" if options.is_notification else None,
                "Disposition-Notification-To": sender if options.read_receipt else None,
            },
        )
        to_line = "" if options.expose_recipients == "header" else f"To: {RECIPIENT}\r\n"
        return {
            "priority": options.send_priority,
            "attachments": json.dumps(self.attachments_for_later()),
            "message_id": one_line(message_id).strip("<>"),
            "message": to_line + mail.as_string(),
            "sender": sender,
            "reference_doctype": options.reference_doctype,
            "reference_name": options.reference_name,
            "add_unsubscribe_link": options.add_unsubscribe_link,
            "unsubscribe_method": options.unsubscribe_method or UNSUBSCRIBE_METHOD,
            "unsubscribe_param": json.dumps(options.unsubscribe_params)
            if options.unsubscribe_params
            else None,
            "expose_recipients": options.expose_recipients,
            "send_after": self.send_after(),
            "show_as_cc": ",".join(self.cc),
            "email_account": self.account.name if self.account.is_stored else None,
        }

    def send_after(self):
        """A time; a number stands for days from today."""
        after = self.options.send_after
        return add_days(nowdate(), after) if isinstance(after, int) and not isinstance(after, bool) else after

    def attachments_for_later(self) -> list[dict]:
        """Attachments that are fetched or printed when the mail is sent."""
        later = []
        for attachment in self.options.attachments or []:
            if attachment.get("fid") or attachment.get("file_url"):
                later.append(attachment)
            elif attachment.get("print_format_attachment"):
                language = attachment.get("lang") or frappe.local.lang
                later.append(
                    {**attachment, "lang": language, "print_letterhead": self.options.print_letterhead}
                )
        return later

    def unsubscribe_message(self):
        """HTML and text of the link to leave; None where the sender offers none."""
        options = self.options
        if not (options.add_unsubscribe_link and options.reference_doctype and options.unsubscribe_message):
            return None
        label = options.unsubscribe_message
        link = f'<a href="{UNSUBSCRIBE_URL}" target="_blank">{label}</a>'
        sentence = _("{0} to stop receiving emails of this type").format(link)
        above = f"{CC_MESSAGE}\n" if options.expose_recipients == "footer" else ""
        return frappe._dict(
            html=f'<div class="email-unsubscribe"><div>{CC_MESSAGE}</div><div>{sentence}</div></div>',
            text=f"\n{above}\n{label}: {UNSUBSCRIBE_URL}\n",
        )


def _addresses(given) -> list[str]:
    """Addresses, each once, in order; the standard users have none."""
    addresses = split_emails(given) if isinstance(given, str) else given or []
    stripped = (address.strip() for address in addresses if address)
    return [each for each in dict.fromkeys(stripped) if each and each not in frappe.STANDARD_USERS]


def _insert(values: dict, recipients: list[str], send_now: bool):
    from frappe.email.doctype.email_queue.sending import send_after_commit

    queue = frappe.new_doc("Email Queue")
    queue.update(values)
    queue.set_recipients(list(dict.fromkeys(recipients)))
    queue.insert(ignore_permissions=True)
    if send_now:
        send_after_commit(queue)
    return queue
