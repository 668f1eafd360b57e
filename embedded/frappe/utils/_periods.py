"""First and last days of weeks, months, quarters and years, and spans of time by name."""

import calendar
import datetime
import re
from enum import Enum

import frappe
from frappe.utils._dates import DATE_FORMAT, add_to_date, get_datetime, getdate, now_datetime

_WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


class Weekday(Enum):
    Sunday = 0
    Monday = 1
    Tuesday = 2
    Wednesday = 3
    Thursday = 4
    Friday = 5
    Saturday = 6


def _as_str(date, as_str):
    return date.strftime(DATE_FORMAT) if as_str else date


def get_first_day(dt, d_years: int = 0, d_months: int = 0, as_str: bool = False):
    """First day of the month of `dt`, moved by years and months."""
    dt = getdate(dt)
    overflow, month = divmod(dt.month + d_months - 1, 12)
    return _as_str(datetime.date(dt.year + d_years + overflow, month + 1, 1), as_str)


def get_last_day(dt) -> datetime.date:
    return get_first_day(dt, 0, 1) + datetime.timedelta(-1)


def is_last_day_of_the_month(dt) -> bool:
    return getdate(dt) == get_last_day(dt)


def get_quarter_start(dt, as_str: bool = False):
    date = getdate(dt)
    return _as_str(datetime.date(date.year, (date.month - 1) // 3 * 3 + 1, 1), as_str)


def get_quarter_ending(date) -> datetime.date:
    date = getdate(date)
    return get_last_day(datetime.date(date.year, ((date.month - 1) // 3 + 1) * 3, 1))


def get_year_start(dt, as_str: bool = False):
    return _as_str(datetime.date(getdate(dt).year, 1, 1), as_str)


def get_year_ending(date) -> datetime.date:
    return datetime.date(getdate(date).year, 12, 31)


def get_first_day_of_the_week() -> str:
    return frappe.get_system_settings("first_day_of_the_week") or "Sunday"


def get_start_of_week_index() -> int:
    return Weekday[get_first_day_of_the_week()].value


def get_normalized_weekday_index(dt) -> int:
    """0 for Sunday."""
    return (dt.weekday() + 1) % 7


def get_week_start_offset_days(dt) -> int:
    return (get_normalized_weekday_index(dt) - get_start_of_week_index()) % 7


def get_first_day_of_week(dt, as_str=False):
    dt = getdate(dt)
    return _as_str(dt - datetime.timedelta(days=get_week_start_offset_days(dt)), as_str)


def get_last_day_of_week(dt) -> datetime.date:
    return get_first_day_of_week(dt) + datetime.timedelta(days=6)


def get_weekdays() -> list[str]:
    return list(_WEEKDAYS)


def get_weekday(datetime=None) -> str:
    return _WEEKDAYS[(datetime or now_datetime()).weekday()]


def get_month(datetime=None) -> str:
    """English name of the month."""
    moment = datetime or now_datetime()
    if isinstance(moment, str):
        moment = get_datetime(moment)
    return calendar.month_name[moment.month]


def get_timespan_date_range(timespan: str):
    """First and last day of a span such as `last month`, `this year`, `next 7 days`; None if unknown."""
    day = getdate()
    move = add_to_date
    around = {
        "yesterday": -1,
        "today": 0,
        "tomorrow": 1,
    }
    if timespan in around:
        return (move(day, days=around[timespan]),) * 2
    if match := re.fullmatch(r"(last|next) (7|14|30) days", timespan):
        days = int(match[2])
        return (move(day, days=-days), day) if match[1] == "last" else (day, move(day, days=days))
    if timespan == "last 6 months":
        return get_quarter_start(move(day, months=-6)), get_quarter_ending(move(day, months=-3))
    if timespan == "next 6 months":
        return get_quarter_start(move(day, months=3)), get_quarter_ending(move(day, months=6))
    ends = {
        "week": ({"days": 7}, get_first_day_of_week, get_last_day_of_week),
        "month": ({"months": 1}, get_first_day, get_last_day),
        "quarter": ({"months": 3}, get_quarter_start, get_quarter_ending),
        "year": ({"years": 1}, get_year_start, get_year_ending),
    }
    when, _space, unit = timespan.partition(" ")
    if when not in ("last", "this", "next") or unit not in ends:
        return None
    step, first, last = ends[unit]
    sign = {"last": -1, "this": 0, "next": 1}[when]
    there = move(day, **{key: value * sign for key, value in step.items()})
    return first(there), last(there)
