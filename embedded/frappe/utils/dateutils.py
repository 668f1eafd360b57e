"""Periods of charts (days, weeks, months, quarters, years), and dates as users write them."""

import datetime

import frappe
from frappe.utils import (
    add_to_date,
    formatdate,
    get_datetime,
    get_first_day,
    get_first_day_of_week,
    get_last_day,
    get_last_day_of_week,
    get_quarter_ending,
    get_quarter_start,
    get_year_ending,
    get_year_start,
    getdate,
)

dateformats = {
    "yyyy-mm-dd": "%Y-%m-%d",
    "mm/dd/yyyy": "%m/%d/%Y",
    "mm-dd-yyyy": "%m-%d-%Y",
    "mm/dd/yy": "%m/%d/%y",
    "dd-mmm-yyyy": "%d-%b-%Y",
    "dd/mm/yyyy": "%d/%m/%Y",
    "dd.mm.yyyy": "%d.%m.%Y",
    "dd.mm.yy": "%d.%m.%y",
    "dd-mm-yyyy": "%d-%m-%Y",
    "dd/mm/yy": "%d/%m/%y",
}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_BEGINNINGS = {
    "Daily": lambda date: date,
    "Weekly": get_first_day_of_week,
    "Monthly": get_first_day,
    "Quarterly": get_quarter_start,
    "Yearly": get_year_start,
}
_ENDINGS = {
    "Daily": lambda date: date,
    "Weekly": get_last_day_of_week,
    "Monthly": get_last_day,
    "Quarterly": get_quarter_ending,
    "Yearly": get_year_ending,
}
_TIMESPANS = {
    "Last Week": {"days": -7},
    "Last Month": {"months": -1},
    "Last Quarter": {"months": -3},
    "Last Year": {"years": -1},
    "All Time": {"years": -50},
}


def get_user_date_format() -> str:
    """The site's date format, such as `yyyy-mm-dd`."""
    return frappe.db.get_default("date_format") or "yyyy-mm-dd"


def user_to_str(date, date_format: str | None = None):
    """A date as the user writes it, as `YYYY-MM-DD`. Raises ValueError."""
    if not date:
        return date
    pattern = dateformats[date_format or get_user_date_format()]
    return datetime.datetime.strptime(date, pattern).strftime("%Y-%m-%d")


def parse_date(date: str) -> str:
    """A date in any of the known formats as `YYYY-MM-DD`, the user's own first. Raises ValueError."""
    date = date.split(" ", 1)[0]
    day_first = get_user_date_format().startswith("dd")
    for known in (None, *sorted(dateformats, reverse=not day_first)):
        try:
            return user_to_str(date, known)
        except ValueError:
            continue
    raise ValueError(f"Cannot understand date - '{date}'")


def datetime_in_user_format(date_time) -> str:
    """Date and time, to the minute, as the user reads them."""
    if not date_time:
        return ""
    moment = get_datetime(date_time)
    return f"{formatdate(moment.date())} {moment:%H:%M}"


def get_from_date_from_timespan(to_date, timespan: str):
    """Where a span such as "Last Month" begins."""
    return add_to_date(to_date, as_datetime=True, **_TIMESPANS.get(timespan, {}))


def get_period_beginning(date, timegrain: str, as_str: bool = True) -> datetime.date:
    """First day of the period that a date lies in."""
    return getdate(_BEGINNINGS[timegrain](date))


def get_period_ending(date, timegrain: str) -> datetime.date:
    """Last day of the period that a date lies in."""
    return getdate(_ENDINGS[timegrain](date))


def get_dates_from_timegrain(from_date, to_date, timegrain: str = "Daily") -> list[datetime.date]:
    """Last days of the periods from one date to another."""
    end = getdate(to_date)
    dates = [get_period_ending(getdate(from_date), timegrain)]
    while dates[-1] < end:
        dates.append(get_period_ending(add_to_date(dates[-1], days=1), timegrain))
    return dates


def get_period(date, interval: str = "Monthly") -> str:
    """A period's name, such as `Mar 2024` or `Quarter 1 2024`."""
    date = getdate(date)
    if interval in ("Daily", "Weekly"):
        return date.strftime("%d-%m-%y")
    if interval == "Monthly":
        return f"{_MONTHS[date.month - 1]} {date.year}"
    if interval == "Quarterly":
        return f"Quarter {(date.month - 1) // 3 + 1} {date.year}"
    return str(date.year)
