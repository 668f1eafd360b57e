"""Dates and times as Frappe reads and moves them. Datetimes are naive, in the site's time zone."""

import datetime
import re
import time

import frappe

DATE_FORMAT = "%Y-%m-%d"
TIME_FORMAT = "%H:%M:%S.%f"
DATETIME_FORMAT = f"{DATE_FORMAT} {TIME_FORMAT}"
DEFAULT_TIME_ZONE = "Asia/Kolkata"  # Frappe's own default until System Settings names another.
TIMEDELTA_DAY_PATTERN = re.compile(
    r"(?P<days>[-\d]+) day[s]*, (?P<hours>\d+):(?P<minutes>\d+):(?P<seconds>\d[\.\d+]*)"
)
TIMEDELTA_BASE_PATTERN = re.compile(r"(?P<hours>\d+):(?P<minutes>\d+):(?P<seconds>\d[\.\d+]*)")
_ZONES: dict = {}


# --- reading


def _parse(text: str, dayfirst: bool = False) -> datetime.datetime:
    from dateutil import parser

    return parser.parse(text, dayfirst=dayfirst)


def is_invalid_date_string(date_string) -> bool:
    """Whether a text stands for no date: empty, zero date, or no text at all."""
    return not isinstance(date_string, str) or (
        not date_string or date_string.startswith(("0001-01-01", "0000-00-00"))
    )


def getdate(string_date=None, parse_day_first: bool = False) -> datetime.date | None:
    """A date from a date, a datetime or a text; today where there is none.

    None for a zero date; ValidationError for a text that is no date.
    """
    if not string_date:
        return get_datetime().date()
    if isinstance(string_date, datetime.datetime):
        return string_date.date()
    if isinstance(string_date, datetime.date):
        return string_date
    if is_invalid_date_string(string_date):
        return None
    if len(string_date) == 10 and string_date[5] != "W" and not parse_day_first:
        try:
            return datetime.date.fromisoformat(string_date)
        except ValueError:
            pass  # dateutil reads much more than ISO
    from dateutil.parser import ParserError

    try:
        return _parse(string_date, dayfirst=parse_day_first).date()
    except ParserError:
        frappe.throw(
            frappe._("{} is not a valid date string.").format(frappe.bold(string_date)),
            title=frappe._("Invalid Date"),
        )


def get_datetime(datetime_str=None):
    """A datetime from a datetime, a date or a text; now for None, None for an empty text."""
    if datetime_str is None:
        return now_datetime()
    if isinstance(datetime_str, (datetime.datetime, datetime.timedelta)):
        return datetime_str
    if isinstance(datetime_str, (list, tuple)):
        return datetime.datetime(datetime_str)
    if isinstance(datetime_str, datetime.date):
        return datetime.datetime.combine(datetime_str, datetime.time())
    if is_invalid_date_string(datetime_str):
        return None
    if len(datetime_str) in (19, 26) and datetime_str[10] == " ":
        try:
            return datetime.datetime.fromisoformat(datetime_str)
        except ValueError:
            pass
    try:
        return datetime.datetime.strptime(datetime_str, DATETIME_FORMAT)
    except ValueError:
        return _parse(datetime_str)


def get_time(time_str) -> datetime.time:
    """A time of day from a time, a datetime, a timedelta or a text."""
    if isinstance(time_str, datetime.datetime):
        return time_str.time()
    if isinstance(time_str, datetime.time):
        return time_str
    if isinstance(time_str, datetime.timedelta):
        return (datetime.datetime.min + time_str).time()
    from dateutil.parser import ParserError

    try:
        return _parse(time_str).time()
    except ParserError as error:
        if _is_timedelta_text(error):
            return (datetime.datetime.min + parse_timedelta(time_str)).time()
        raise


def get_timedelta(time=None) -> datetime.timedelta | None:
    """A timedelta from a text such as `17:21:00` or `2 days, 3:00:00`; None if it is none."""
    if isinstance(time, datetime.timedelta):
        return time
    from dateutil.parser import ParserError

    text = time or "0:0:0"
    try:
        try:
            return _since_midnight(_parse(text))
        except ParserError as error:
            if _is_timedelta_text(error):
                return parse_timedelta(text)
            raise
    except Exception:
        return None


def _is_timedelta_text(error) -> bool:
    return "day" in str(error.args[1]) or "hour must be in" in str(error.args[0])


def _since_midnight(moment) -> datetime.timedelta:
    return datetime.timedelta(
        hours=moment.hour, minutes=moment.minute, seconds=moment.second, microseconds=moment.microsecond
    )


def to_timedelta(time_str):
    if isinstance(time_str, datetime.time):
        time_str = str(time_str)
    return _since_midnight(_parse(time_str)) if isinstance(time_str, str) else time_str


def parse_timedelta(s: str) -> datetime.timedelta:
    match = (TIMEDELTA_DAY_PATTERN if "day" in s else TIMEDELTA_BASE_PATTERN).match(s)
    return datetime.timedelta(**{key: float(value) for key, value in match.groupdict().items()})


# --- now


def get_system_timezone() -> str:
    return frappe.get_system_settings("time_zone") or DEFAULT_TIME_ZONE


def _zone(name: str):
    if name not in _ZONES:
        from zoneinfo import ZoneInfo

        try:
            _ZONES[name] = ZoneInfo(name)
        except Exception:  # unknown to the system: the moment stays in UTC, as in Frappe
            return datetime.timezone.utc
    return _ZONES[name]


def convert_utc_to_timezone(utc_timestamp, time_zone: str):
    if utc_timestamp.tzinfo is None:
        utc_timestamp = utc_timestamp.replace(tzinfo=datetime.timezone.utc)
    return utc_timestamp.astimezone(_zone(time_zone))


def get_datetime_in_timezone(time_zone: str):
    return convert_utc_to_timezone(datetime.datetime.now(datetime.timezone.utc), time_zone)


def convert_utc_to_system_timezone(utc_timestamp):
    return convert_utc_to_timezone(utc_timestamp, get_system_timezone())


def now_datetime() -> datetime.datetime:
    """Now in the site's time zone, without tzinfo."""
    frozen = frappe.local.get("frozen_utc")
    moment = frozen or datetime.datetime.now(datetime.timezone.utc)
    return convert_utc_to_system_timezone(moment).replace(tzinfo=None)


def now() -> str:
    """Now as `yyyy-mm-dd hh:mm:ss.ffffff`; `flags.current_date` overrides the date."""
    current_date = frappe.local.flags.current_date
    if current_date:
        return f"{getdate(current_date).strftime(DATE_FORMAT)} {now_datetime().strftime(TIME_FORMAT)}"
    return now_datetime().strftime(DATETIME_FORMAT)


def nowdate() -> str:
    """Today as `yyyy-mm-dd`."""
    return now_datetime().strftime(DATE_FORMAT)


def today() -> str:
    return nowdate()


def nowtime() -> str:
    return now_datetime().strftime(TIME_FORMAT)


def get_timestamp(date) -> float:
    return time.mktime(getdate(date).timetuple())


# --- moving


def add_to_date(
    date,
    years=0,
    months=0,
    weeks=0,
    days=0,
    hours=0,
    minutes=0,
    seconds=0,
    as_string=False,
    as_datetime=False,
):
    """The date moved. A text gives a text back (with a time if it had one, or if hours are added)."""
    if date is None:
        date = now_datetime()
    if hours:
        as_datetime = True
    if isinstance(date, str):
        from dateutil.parser import ParserError

        as_string = True
        as_datetime = as_datetime or " " in date
        try:
            date = _parse_iso(date) or _parse(date)
        except ParserError:
            frappe.throw(frappe._("Please select a valid date filter"), title=frappe._("Invalid Date"))

    if years or months:
        from dateutil.relativedelta import relativedelta

        date = date + relativedelta(
            years=years, months=months, weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds
        )
    elif isinstance(date, datetime.datetime):
        date = date + datetime.timedelta(
            weeks=weeks or 0, days=days or 0, hours=hours or 0, minutes=minutes or 0, seconds=seconds or 0
        )
    else:
        from dateutil.relativedelta import relativedelta

        date = date + relativedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    if as_string:
        return date.strftime(DATETIME_FORMAT if as_datetime else DATE_FORMAT)
    return date


def _parse_iso(text: str):
    if len(text) == 10:
        try:
            return datetime.datetime.fromisoformat(text)
        except ValueError:
            return None
    return None


def add_days(date, days):
    return add_to_date(date, days=days)


def add_months(date, months):
    return add_to_date(date, months=months)


def add_years(date, years):
    return add_to_date(date, years=years)


def date_diff(string_ed_date, string_st_date) -> int:
    """Days from the second date to the first."""
    return (getdate(string_ed_date) - getdate(string_st_date)).days


days_diff = date_diff


def month_diff(string_ed_date, string_st_date) -> int:
    """Calendar months that the span touches: 1 within one month."""
    end, start = getdate(string_ed_date), getdate(string_st_date)
    return (end.year - start.year) * 12 + end.month - start.month + 1


def time_diff(string_ed_date, string_st_date) -> datetime.timedelta:
    return get_datetime(string_ed_date) - get_datetime(string_st_date)


def time_diff_in_seconds(string_ed_date, string_st_date) -> float:
    return time_diff(string_ed_date, string_st_date).total_seconds()


def time_diff_in_hours(string_ed_date, string_st_date) -> float:
    return round(float(time_diff_in_seconds(string_ed_date, string_st_date)) / 3600, 6)


def get_eta(from_time, percent_complete) -> str:
    elapsed = time_diff(now_datetime(), from_time).total_seconds()
    return str(datetime.timedelta(seconds=(100 - percent_complete) / percent_complete * elapsed))
