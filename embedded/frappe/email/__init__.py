"""Outgoing mail: written into the Email Queue with the caller's transaction, sent from there."""

import frappe


def are_emails_muted() -> bool:
    """Whether nothing is to be sent now: `flags.mute_emails`, or `mute_emails` of the configuration."""
    return bool(frappe.flags.mute_emails or frappe.utils.cint(frappe.conf.get("mute_emails")))


def sendmail(
    recipients=None,
    sender: str = "",
    subject: str = "No Subject",
    message: str = "No Message",
    as_markdown: bool = False,
    delayed: bool = True,
    reference_doctype: str | None = None,
    reference_name: str | None = None,
    unsubscribe_method: str | None = None,
    unsubscribe_params: dict | None = None,
    unsubscribe_message: str | None = None,
    add_unsubscribe_link: int = 1,
    attachments: list[dict] | None = None,
    content: str | None = None,
    doctype: str | None = None,
    name: str | None = None,
    reply_to: str | None = None,
    queue_separately: bool = False,
    cc=None,
    bcc=None,
    message_id: str | None = None,
    in_reply_to: str | None = None,
    send_after=None,
    expose_recipients: str | None = None,
    send_priority: int = 1,
    communication: str | None = None,
    retry: int = 1,
    now: bool | None = None,
    read_receipt=None,
    is_notification: bool = False,
    inline_images: list[dict] | None = None,
    template: str | None = None,
    args: dict | None = None,
    header=None,
    print_letterhead: bool = False,
    with_container: bool = False,
    email_read_tracker_url: str | None = None,
):
    """Queue a mail; returns its Email Queue document, or [] where nobody is left to receive it.

    `recipients`, `cc`, `bcc`: a list or a comma-separated text. `message` (or `content`) is HTML, with
    `as_markdown` Markdown; `template` names a file of `templates/emails/` that is rendered with `args`.
    `attachments`: dicts with `fname` and `fcontent`, or `fid` or `file_url` of a File, or a
    `print_format_attachment`. `send_after`: a time, or a number of days. Nobody who has unsubscribed from
    the reference document is written to. What a transaction queues goes with it when it is rolled back;
    `now` (or `delayed=False`) sends right after the commit instead of with the next run of the queue.
    """
    from frappe.email.doctype.email_queue.builder import QueueBuilder
    from frappe.utils.jinja import get_email_from_template

    if communication or email_read_tracker_url:
        raise NotImplementedError("frappe.sendmail(communication=…, email_read_tracker_url=…)")
    text_content = None
    if template:
        message, text_content = get_email_from_template(template, args)
    message = content or message
    if as_markdown:
        message = frappe.utils.md_to_html(message)
    return QueueBuilder(
        recipients=recipients,
        sender=sender,
        subject=subject,
        message=message,
        text_content=text_content,
        reference_doctype=doctype or reference_doctype,
        reference_name=name or reference_name,
        add_unsubscribe_link=add_unsubscribe_link,
        unsubscribe_method=unsubscribe_method,
        unsubscribe_params=unsubscribe_params,
        unsubscribe_message=unsubscribe_message,
        attachments=attachments,
        reply_to=reply_to,
        cc=cc,
        bcc=bcc,
        message_id=message_id,
        in_reply_to=in_reply_to,
        send_after=send_after,
        expose_recipients=expose_recipients,
        send_priority=send_priority,
        queue_separately=queue_separately,
        read_receipt=read_receipt,
        is_notification=is_notification,
        inline_images=inline_images,
        header=header,
        print_letterhead=print_letterhead,
        with_container=with_container,
    ).process(send_now=bool(now or not delayed))
