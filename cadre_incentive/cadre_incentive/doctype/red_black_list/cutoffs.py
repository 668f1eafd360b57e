"""The moment as of which a list reads its records."""

from datetime import date, datetime, time, timedelta

import frappe
from frappe import _
from frappe.utils import cint, get_datetime, getdate, nowdate

from cadre_incentive import workdays
from cadre_incentive.readings import Period

DAY_END = time(23, 59, 59)


def month_of(text: str) -> Period:
    """Read "YYYY-MM"; refuses (frappe.ValidationError) another form."""
    try:
        return Period.parse(text)
    except ValueError:
        frappe.throw(_("Period {0} is not a month of the form YYYY-MM").format(text))


def parse_period(text: str) -> Period:
    """Read "YYYY-MM"; refuses another form and a month that has not begun on the site's calendar."""
    period = month_of(text)
    if period.start > getdate(nowdate()):
        frappe.throw(_("Period {0} lies in the future").format(text))
    return period


def parse_cutoff(value: str | datetime | date, period: Period) -> datetime:
    """Read a given cut-off, a day standing for its end; refuses one before the end of the period."""
    try:
        moment = get_datetime(value)
        if isinstance(value, datetime):
            whole_day = False
        else:
            whole_day = isinstance(value, date) or len(value.strip()) <= len("2024-09-30")
    except (ValueError, OverflowError):
        moment = None
    if not moment:
        frappe.throw(_("Cut-off {0} is not a date or time").format(value))
    moment = datetime.combine(moment, DAY_END) if whole_day else moment.replace(microsecond=0)
    if moment < period.last_second:
        frappe.throw(_("The cut-off {0} lies before the end of {1}").format(moment, period))
    return moment


def default_cutoff(period: Period) -> datetime:
    """The end of the third working day after the month (the number of days is a setting)."""
    days = cint(frappe.db.get_single_value("Cadre Incentive Settings", "cutoff_working_days"))
    return datetime.combine(getdate(workdays.add_working_days(period.end, days)), DAY_END)


def calendar_note(period: Period, cutoff: datetime) -> str | None:
    """A sentence if nobody has entered the Holiday Calendar of a year between month and cut-off."""
    return workdays.calendar_note(period.end + timedelta(days=1), cutoff)
