"""The month's workbook by mail to every leader (policy E7): once, as each of them may see it."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import frappe
from frappe import _
from frappe.utils import cint, escape_html, get_url_to_form, getdate, now_datetime, nowdate

from cadre_incentive import workdays
from cadre_incentive.readings import Period
from cadre_incentive.setup.roles import LEADER
from cadre_incentive.setup.settings import SETTINGS
from cadre_incentive.workbooks.language import site_language
from cadre_incentive.workbooks.leaders import write
from cadre_incentive.workbooks.shown import newest_lists

RECORD = "Workbook Mail"
SAVEPOINT = "workbook_mail"


def send_due(today: date | str | None = None) -> None:
    """Mail last month's workbook from the day of the cut-off on (the third working day); called daily.

    Who has it is not written to again; whom a failure has left out is tried on the next day, until the
    month is over. A leader who may see none of the month's lists gets nothing.
    """
    today = getdate(today or nowdate())
    last_day = today.replace(day=1) - timedelta(days=1)
    period = Period(last_day.year, last_day.month)
    if today >= mailing_day(period):
        send(period)


def mailing_day(period: Period) -> date:
    """The working day of the cut-off: the third after the month, or as many as the settings say."""
    days = cint(frappe.db.get_single_value(SETTINGS, "cutoff_working_days"))
    return getdate(workdays.add_working_days(period.end, days))


def send(period: Period) -> list[str]:
    """Mail the workbook of a month to the leaders who have not got it; returns them.

    Each leader is a transaction: one failure is logged and the rest goes on.
    """
    have_it = set(frappe.get_all(RECORD, filters={"period": str(period)}, pluck="user"))
    sent = []
    for user, email in leaders():
        if user in have_it:
            continue
        frappe.db.savepoint(SAVEPOINT)
        try:
            if _send_to(user, email, period):
                sent.append(user)
        except Exception:
            _undo()
            frappe.log_error(
                title=f"Workbook of {period} for {user}", reference_doctype="User", reference_name=user
            )
        if not frappe.flags.in_test:
            frappe.db.commit()
    return sent


def _undo() -> None:
    try:
        frappe.db.rollback(save_point=SAVEPOINT)
    except Exception:
        # the database has ended the transaction itself, and the savepoint with it
        frappe.db.rollback()


def leaders() -> list[tuple[str, str]]:
    """Name and address of every enabled user with the role of a leader."""
    holders = frappe.get_all("Has Role", filters={"role": LEADER, "parenttype": "User"}, pluck="parent")
    users = frappe.get_all(
        "User",
        filters={"name": ["in", holders or [""]], "enabled": 1},
        fields=["name", "email"],
        order_by="name asc",
    )
    return [(user.name, user.email) for user in users if user.email and user.name != "Administrator"]


def _send_to(user: str, email: str, period: Period) -> bool:
    with _as(user), site_language():
        lists = _lists(period)
        if not lists:
            return False
        name = f"red-black-list-{period}.xlsx"
        with tempfile.TemporaryDirectory() as folder:
            path = write(str(period), os.path.join(folder, name))
            with open(path, "rb") as file:
                content = file.read()
        message = _message(period, lists)
        subject = _("Red and black lists of {0}").format(period)
    record = frappe.get_doc(
        {
            "doctype": RECORD,
            "period": str(period),
            "user": user,
            "sent_on": now_datetime(),
            "lists": "\n".join(row.name for row in lists),
        }
    ).insert(ignore_permissions=True)
    frappe.sendmail(
        recipients=[email],
        subject=subject,
        message=message,
        attachments=[{"fname": name, "fcontent": content}],
        reference_doctype=RECORD,
        reference_name=record.name,
    )
    return True


@contextmanager
def _as(user: str) -> Iterator[None]:
    """Read as `user` does."""
    before = frappe.session.user
    language = frappe.local.lang
    frappe.set_user(user)
    try:
        yield
    finally:
        frappe.set_user(before)
        frappe.local.lang = language


def _lists(period: Period) -> list:
    """The lists that the workbook of the month shows to the session's user."""
    return newest_lists(str(period), str(period), ["name", "red_count", "black_count"])


def _message(period: Period, lists: list) -> str:
    lines = [f"<p>{_('The workbook of {0} is attached. It shows:').format(period)}</p>", "<ul>"]
    for row in lists:
        state = _("published") if row.docstatus == 1 else _("draft")
        counts = _("{0} red, {1} black").format(cint(row.red_count), cint(row.black_count))
        link = f'<a href="{get_url_to_form("Red Black List", row.name)}">{escape_html(row.board)}</a>'
        lines.append(f"<li>{link}: {counts} ({state})</li>")
    return "\n".join([*lines, "</ul>"])
