"""The site's calendar: read once from the Holiday Calendar documents, then kept in the cache."""

from datetime import date, datetime

import frappe
from frappe import _
from frappe.utils import getdate

from cadre_incentive.workdays.calendar import WorkingCalendar

CACHE_KEY = "cadre_incentive_working_calendar"
MAKE_UP_WORKDAY = "Make-up Workday"


def load() -> WorkingCalendar:
    """The calendar of this site, from the cache where it can."""
    days, years = frappe.cache.get_value(CACHE_KEY, _read)
    return WorkingCalendar(days, years)


def clear_cache() -> None:
    """Forget the calendar: called whenever a Holiday Calendar changes."""
    frappe.cache.delete_value(CACHE_KEY)


def is_working_day(day: date | datetime | str) -> bool:
    return load().is_working_day(getdate(day))


def add_working_days(start: date | datetime | str, days: int) -> date:
    """The `days`-th working day after `start`; `start` itself for 0."""
    return load().add_working_days(getdate(start), days)


def due_date(reported_on: date | datetime | str, limit: int, unit: str) -> date:
    """Last day of a limit of `limit` days, counted from the day after `reported_on`.

    `unit` is "Calendar Days" or "Working Days"; ValueError for any other and for a negative limit.
    """
    return load().due_date(getdate(reported_on), limit, unit)


def unentered_years(start: date | datetime | str, end: date | datetime | str) -> list[int]:
    """Years between two dates, both included, for which no Holiday Calendar stands."""
    return load().unentered_years(getdate(start), getdate(end))


def calendar_note(start: date | datetime | str, end: date | datetime | str) -> str | None:
    """What a date that relies on the days from `start` to `end` must say: None where all are entered."""
    years = unentered_years(start, end)
    if not years:
        return None
    return _("No Holiday Calendar is entered for {0}: Monday to Friday are taken as its working days").format(
        ", ".join(map(str, years))
    )


def _read() -> tuple[dict[date, bool], list[int]]:
    rows = frappe.get_all(
        "Holiday Calendar Day",
        filters={"parenttype": "Holiday Calendar"},
        fields=["date", "day_type"],
        order_by="date",
    )
    days = {getdate(row.date): row.day_type == MAKE_UP_WORKDAY for row in rows}
    years = frappe.get_all("Holiday Calendar", pluck="year", order_by="year")
    return days, years
