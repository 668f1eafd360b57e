"""The queue's regular run, and leaving a conversation by a mail's link."""

import frappe
from frappe import _
from frappe.utils import add_to_date, cint, cstr, get_url, now_datetime
from frappe.utils.verified_command import get_signed_params, verify_request

# A mail that has been "Sending" for longer was left behind by a process that died.
ABANDONED_MINUTES = 15
# When more than this many, and more than this share, of a run fail, something else is wrong: stop.
FAILURES, FAILURE_SHARE = 10, 0.33


def flush() -> None:
    """Send what waits, oldest of the highest priority first; called by the scheduler."""
    from frappe.email import are_emails_muted
    from frappe.email.doctype.email_queue.email_queue import is_suspended
    from frappe.email.doctype.email_queue.sending import account_of, send
    from frappe.email.smtp import ServerUnreachable

    if are_emails_muted():
        frappe.msgprint(_("Emails are muted"))
        return
    if is_suspended():
        return
    _take_up_abandoned()
    batch = get_queue()
    servers, unreachable, failed = {}, set(), 0
    try:
        for row in batch:
            queue = frappe.get_doc("Email Queue", row.name)
            account = account_of(queue)
            if account.name in unreachable:
                continue
            if account.name not in servers:
                servers[account.name] = account.get_smtp_server()
            try:
                send(queue, servers[account.name])
            except ServerUnreachable as error:
                unreachable.add(account.name)
                frappe.logger("email").warning("%s: %s", account.name, error)
            except Exception:
                queue.log_error("Failed to send email")
                frappe.db.commit()
                failed += 1
                if failed > FAILURES and failed / len(batch) > FAILURE_SHARE:
                    frappe.throw(_("Email Queue flushing aborted due to too many failures."))
    finally:
        for server in servers.values():
            server.quit()


def get_queue() -> list:
    """Names of the mails whose time has come."""
    table = frappe.qb.DocType("Email Queue")
    return (
        frappe.qb.from_(table)
        .select(table.name, table.sender)
        .where(table.status.isin(("Not Sent", "Partially Sent")))
        .where(table.send_after.isnull() | (table.send_after < now_datetime()))
        .orderby(table.priority, order=frappe.qb.desc)
        .orderby(table.retry)
        .orderby(table.creation)
        .limit(cint(frappe.conf.get("email_queue_batch_size")) or 500)
    ).run(as_dict=True)


def _take_up_abandoned() -> None:
    before = add_to_date(now_datetime(), minutes=-ABANDONED_MINUTES)
    abandoned = {"status": "Sending", "modified": ("<", before)}
    for name in frappe.get_all("Email Queue", filters=abandoned, pluck="name"):
        frappe.db.set_value("Email Queue", name, "status", "Partially Sent")
    frappe.db.commit()


def get_emails_sent_today(email_account: str | None = None) -> int:
    """Mails of the last 24 hours that are sent or will be."""
    filters = {
        "status": ("in", ("Sent", "Not Sent", "Sending")),
        "creation": (">", add_to_date(now_datetime(), hours=-24)),
    }
    if email_account is not None:
        filters["email_account"] = email_account or ("is", "not set")
    return frappe.db.count("Email Queue", filters)


def get_emails_sent_this_month(email_account: str | None = None) -> int:
    """Mails sent since the first of the month."""
    filters = {"status": "Sent", "creation": (">=", frappe.utils.get_first_day(frappe.utils.nowdate()))}
    if email_account:
        filters["email_account"] = email_account
    return frappe.db.count("Email Queue", filters)


def get_unsubcribed_url(
    reference_doctype, reference_name, email, unsubscribe_method: str, unsubscribe_params: dict | None
) -> str:
    """The signed link by which an address leaves a conversation (Frappe's spelling of the name)."""
    params = {"email": cstr(email), "doctype": cstr(reference_doctype), "name": cstr(reference_name)}
    params.update(unsubscribe_params or {})
    return get_url(f"{unsubscribe_method}?{get_signed_params(params)}")


@frappe.whitelist(allow_guest=True)
def unsubscribe(doctype, name, email) -> None:
    """Write an address no more mail about a document. Only signed links are answered."""
    if not frappe.flags.in_test and not verify_request():
        return
    entry = {
        "doctype": "Email Unsubscribe",
        "email": email,
        "reference_doctype": doctype,
        "reference_name": name,
    }
    try:
        frappe.get_doc(entry).insert(ignore_permissions=True)
    except frappe.DuplicateEntryError:
        frappe.clear_last_message()
    else:
        if not frappe.flags.in_test:
            frappe.db.commit()
    frappe.respond_as_web_page(
        _("Unsubscribed"),
        _("{0} has left the conversation in {1} {2}").format(
            frappe.utils.escape_html(email), _(doctype), frappe.utils.escape_html(name)
        ),
        indicator_color="green",
    )
