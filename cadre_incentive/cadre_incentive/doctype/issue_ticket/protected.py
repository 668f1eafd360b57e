"""What a ticket is judged by, and who may change it: not the people who are judged.

The duty office, that is whoever may write at permission level 1, changes everything. For all others what
fixes due date, month and unit stays as it was entered, and a ticket is resolved on the day on which
somebody says so.
"""

import frappe
from frappe import _
from frappe.utils import cstr, get_datetime, now_datetime

DUTY_LEVEL = 1
# Besides the external key, which follows from source and external id.
FIXED = ("reported_on", "category", "unit", "source", "external_id")


def refuse_own_advantage(ticket, before) -> None:
    """Refuse what only the duty office may do; `before` is the ticket as stored, None for a new one.

    Raises frappe.PermissionError. Free: Administrator, and what the system itself saves with
    `flags.ignore_permissions`. Asks the database nothing.
    """
    if ticket.flags.ignore_permissions or frappe.session.user == "Administrator":
        return
    if DUTY_LEVEL in ticket.get_permlevel_access("write"):
        return
    if before:
        _refuse_fixed(ticket, before)
    _refuse_cancelling(ticket, before)
    _refuse_another_day(ticket, before)


def _refuse_fixed(ticket, before) -> None:
    for field in FIXED:
        if _comparable(ticket, field) != _comparable(before, field):
            label = _(ticket.meta.get_label(field), context="Issue Ticket")
            _refuse(_("{0} of a saved ticket is changed by the duty office only.").format(label))


def _refuse_cancelling(ticket, before) -> None:
    """Into the state and out of it: a cancelled ticket is missing from the rates."""
    was = before.state if before else None
    if ticket.state != was and "Cancelled" in (ticket.state, was):
        _refuse(_("Tickets are cancelled, and taken up again, by the duty office only."))


def _refuse_another_day(ticket, before) -> None:
    was = _second(before.resolved_on) if before else None
    now = _second(ticket.resolved_on)
    if now == was:
        return
    today = now_datetime().date()
    if was and was.date() != today:
        _refuse(_("The time of resolution is changed only on its own day, afterwards by the duty office."))
    if now and now.date() != today:
        _refuse(_("A ticket is resolved as of today; another day is entered by the duty office."))


def _comparable(ticket, field: str):
    return _second(ticket.get(field)) if field == "reported_on" else cstr(ticket.get(field))


def _second(moment):
    # A form sends whole seconds back where the database may hold fractions.
    return get_datetime(moment).replace(microsecond=0) if moment else None


def _refuse(message: str) -> None:
    frappe.throw(message, frappe.PermissionError)
