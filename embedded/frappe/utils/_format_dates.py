"""Dates and times for readers, by the patterns of System Settings (`yyyy-mm-dd`, `HH:mm:ss`, …)."""

import datetime
import re

import frappe
from frappe.utils._dates import DATETIME_FORMAT, get_datetime, get_time, getdate, now

_MONTHS = [
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
]  # fmt: skip
_CHINESE_MONTHS = [*"一二三四五六七八九十", "十一", "十二"]
_TOKEN = re.compile(r"'[^']*'|y+|M+|d+|E+|H+|h+|m+|s+|S+|a+|[A-Za-z]")


def get_user_date_format() -> str:
    if frappe.local.get("user_date_format") is None:
        frappe.local.user_date_format = frappe.db.get_default("date_format")
    return frappe.local.user_date_format or "yyyy-mm-dd"


get_user_format = get_user_date_format


def get_user_time_format() -> str:
    if frappe.local.get("user_time_format") is None:
        frappe.local.user_time_format = frappe.db.get_default("time_format")
    return frappe.local.user_time_format or "HH:mm:ss"


def _is_chinese() -> bool:
    return (frappe.local.get("lang") or "").startswith("zh")


def _month_name(month: int, width: int) -> str:
    if _is_chinese():
        return f"{month}月" if width == 3 else f"{_CHINESE_MONTHS[month - 1]}月"
    return _MONTHS[month - 1][:3] if width == 3 else _MONTHS[month - 1]


def _write(moment, pattern: str) -> str:
    """Write a moment by a Unicode (CLDR) pattern; NotImplementedError for letters that are not answered."""

    moment = moment or datetime.datetime.now()  # a zero date is written as today, as babel does for Frappe

    def token(match):
        text = match[0]
        if text.startswith("'"):
            return text[1:-1] or "'"
        letter, width = text[0], len(text)
        if letter == "y":
            return f"{moment.year % 100:02}" if width == 2 else f"{moment.year:0{width}}"
        if letter == "M":
            return f"{moment.month:0{width}}" if width < 3 else _month_name(moment.month, width)
        if letter == "d":
            return f"{moment.day:0{width}}"
        if letter == "H":
            return f"{moment.hour:0{width}}"
        if letter == "h":
            return f"{moment.hour % 12 or 12:0{width}}"
        if letter == "m":
            return f"{moment.minute:0{width}}"
        if letter == "s":
            return f"{moment.second:0{width}}"
        if letter == "S":
            return f"{moment.microsecond:06}"[:width]
        if letter == "a":
            return ("上午", "下午")[moment.hour >= 12] if _is_chinese() else ("AM", "PM")[moment.hour >= 12]
        if letter == "E":
            name = moment.strftime("%A")
            if _is_chinese():
                return ("周" if width < 4 else "星期") + "一二三四五六日"[moment.weekday()]
            return name[:3] if width < 4 else name
        raise NotImplementedError(f"date pattern letter {letter!r}")

    return _TOKEN.sub(token, pattern)


def format_date(string_date=None, format_string: str | None = None, parse_day_first: bool = False) -> str:
    """A date by the site's date format (or a pattern such as `dd-mm-yyyy`); empty for none."""
    if not string_date:
        return ""
    pattern = (format_string or get_user_date_format()).replace("mm", "MM").replace("Y", "y")
    return _write(getdate(string_date, parse_day_first), _named_pattern(pattern))


formatdate = format_date


def format_time(time_string=None, format_string: str | None = None) -> str:
    """A time of day by the site's time format; empty for none."""
    if not time_string:
        return ""
    return _write(get_time(time_string), format_string or get_user_time_format())


def format_datetime(datetime_string, format_string: str | None = None) -> str | None:
    """A datetime by the site's formats; None for none, as in Frappe."""
    if not datetime_string:
        return None
    pattern = format_string or f"{get_user_date_format().replace('mm', 'MM')} {get_user_time_format()}"
    return _write(get_datetime(datetime_string), pattern)


def global_date_format(date, format: str = "long") -> str:
    """A date in words: `January 1, 2012`, `2012年1月1日`."""
    return _write(getdate(date), _named_pattern(format))


def _named_pattern(name: str) -> str:
    english = {"short": "M/d/yy", "medium": "MMM d, y", "long": "MMMM d, y", "full": "EEEE, MMMM d, y"}
    chinese = {"short": "y/M/d", "medium": "y年M月d日", "long": "y年M月d日", "full": "y年M月d日EEEE"}
    return (chinese if _is_chinese() else english).get(name, name)


def pretty_date(iso_datetime) -> str:
    """How long ago or how far ahead a moment is, in words of the current language."""
    if not iso_datetime:
        return ""
    if isinstance(iso_datetime, str):
        iso_datetime = get_datetime(iso_datetime)
    seconds = (iso_datetime - datetime.datetime.strptime(now(), DATETIME_FORMAT)).total_seconds()
    size = abs(seconds)
    # A unit is used from 85 % of its length on, as babel does for Frappe.
    units = (("year", 31536000), ("month", 2592000), ("week", 604800), ("day", 86400), ("hour", 3600),
             ("minute", 60))  # fmt: skip
    name, count = "second", max(1 if seconds else 0, round(size))
    for unit, length in units:
        if size / length >= 0.85:
            name, count = unit, max(1, round(size / length))
            break
    if _is_chinese():
        words = {"year": "年", "month": "个月", "week": "周", "day": "天", "hour": "小时", "minute": "分钟",
                 "second": "秒钟"}  # fmt: skip
        return f"{count}{words[name]}{'后' if seconds >= 0 else '前'}"
    text = f"{count} {name}{'' if count == 1 else 's'}"
    return f"in {text}" if seconds >= 0 else f"{text} ago"
