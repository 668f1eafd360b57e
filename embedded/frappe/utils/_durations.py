"""Durations and moments as plain text."""

import datetime
import math
import re

import frappe
from frappe.utils._dates import DATE_FORMAT, DATETIME_FORMAT, get_datetime, to_timedelta
from frappe.utils._numbers import cint

DURATION_PATTERN = re.compile(r"^(?:(\d+d)?((^|\s)\d+h)?((^|\s)\d+m)?((^|\s)\d+s)?)$")


def get_datetime_str(datetime_obj) -> str:
    return _moment(datetime_obj).strftime(DATETIME_FORMAT)


def get_date_str(date_obj) -> str:
    return _moment(date_obj).strftime(DATE_FORMAT)


def _moment(value):
    return get_datetime(value) if isinstance(value, str) else value


def get_time_str(timedelta_obj) -> str:
    if isinstance(timedelta_obj, str):
        timedelta_obj = to_timedelta(timedelta_obj)
    hours, rest = divmod(timedelta_obj.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes}:{seconds}"


def format_timedelta(o) -> str:
    """A timedelta (or seconds) as `h:mm:ss`."""
    total = o.total_seconds() if isinstance(o, datetime.timedelta) else cint(o)
    hours, rest = divmod(total, 3600)
    minutes, seconds = divmod(rest, 60)
    seconds = int(seconds) if round(seconds, 6) == int(seconds) else round(seconds, 6)
    return f"{int(hours):01}:{int(minutes):02}:{seconds:02}"


def format_duration(seconds, hide_days: bool = False) -> str:
    """Seconds as `1d 3h 34m 45s`, without what is zero."""
    seconds = cint(seconds)
    parts = {
        "d": 0 if hide_days else math.floor(seconds / 86400),
        "h": math.floor(seconds / 3600) if hide_days else math.floor(seconds % 86400 / 3600),
        "m": math.floor(seconds % 3600 / 60),
        "s": math.floor(seconds % 60),
    }
    return " ".join(f"{value}{unit}" for unit, value in parts.items() if value)


def duration_to_seconds(duration: str) -> int:
    """`3h 34m 45s` as seconds. Raises ValidationError for another form."""
    validate_duration_format(duration)
    units = {"d": 86400, "h": 3600, "m": 60, "s": 1}
    return sum(int(number) * units[unit] for number, unit in re.findall(r"(\d+)([dhms])", duration))


def validate_duration_format(duration: str) -> None:
    if not DURATION_PATTERN.match(duration):
        frappe.throw(
            frappe._("Value {0} must be in the valid duration format: d h m s").format(frappe.bold(duration))
        )
