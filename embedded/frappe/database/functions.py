"""MariaDB's functions that portable-minded SQL still uses and SQLite lacks."""

import datetime
import functools
import hashlib
import math
import re
import sqlite3

_DATE_FORMAT = {
    "%Y": "%Y",
    "%y": "%y",
    "%m": "%m",
    "%d": "%d",
    "%H": "%H",
    "%h": "%I",
    "%I": "%I",
    "%i": "%M",
    "%s": "%S",
    "%S": "%S",
    "%f": "%f",
    "%p": "%p",
    "%M": "%B",
    "%b": "%b",
    "%W": "%A",
    "%a": "%a",
    "%j": "%j",
    "%T": "%H:%M:%S",
    "%u": "%W",
    "%v": "%V",
    "%x": "%G",
    "%w": "%w",
    "%%": "%%",
}


def register_functions(conn: sqlite3.Connection) -> None:
    """Make the functions known to one connection. NULL in gives NULL out, as in MariaDB."""
    for name, argument_count, function in _FUNCTIONS:
        conn.create_function(name, argument_count, function, deterministic=True)
    conn.create_function("now", -1, _now)
    conn.create_function("curdate", 0, lambda: _now_datetime().date().isoformat())
    conn.create_function("curtime", 0, lambda: _now_datetime().time().replace(microsecond=0).isoformat())


def _now_datetime() -> datetime.datetime:
    # The site's clock, not the machine's: MariaDB's NOW() is the one thing in SQL that depends on a zone.
    from frappe.utils import now_datetime

    return now_datetime()


def _now(*_precision) -> str:
    return _now_datetime().isoformat(" ")


def _nullable(function):
    @functools.wraps(function)
    def call(*args):
        return None if None in args else function(*args)

    return call


def _moment(text) -> datetime.datetime | None:
    from frappe.database.connection import parse_datetime

    return parse_datetime(str(text))


def _date_format(value, pattern):
    moment = _moment(value)
    if moment is None:
        return None

    def part(match):
        code = match.group(0)
        if code == "%c":
            return str(moment.month)
        if code == "%e":
            return str(moment.day)
        if code == "%k":
            return str(moment.hour)
        return moment.strftime(_DATE_FORMAT[code]) if code in _DATE_FORMAT else code[1:]

    return re.sub(r"%.", part, pattern)


def _part(name):
    def read(value):
        moment = _moment(value)
        return None if moment is None else getattr(moment, name)

    return read


def _date_diff(later, earlier):
    first, second = _moment(later), _moment(earlier)
    return None if first is None or second is None else (first.date() - second.date()).days


def _text(value) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _concat_ws(separator, *values):
    return None if separator is None else _text(separator).join(_text(v) for v in values if v is not None)


def _timestamp(value, clock=None):
    from frappe.database.connection import parse_time

    moment = _moment(value)
    if moment is None:
        return None
    if clock is not None:
        offset = parse_time(str(clock))
        if offset is None:
            return None
        moment += offset
    return moment.isoformat(" ")


def _round_half_away(value, places=0):
    # MariaDB rounds halves away from zero on its decimals; SQLite's round() works on the binary fraction.
    from decimal import ROUND_HALF_UP, Decimal

    return float(Decimal(repr(value)).quantize(Decimal(1).scaleb(-int(places)), ROUND_HALF_UP))


def _truncate(value, places):
    factor = 10.0 ** int(places)
    return math.trunc(value * factor) / factor


def _shift(value, sign, days, months, microseconds):
    """value ± an interval; months are clamped to the month's last day as MariaDB does."""
    moment = _moment(value)
    if moment is None:
        return None
    month = moment.month - 1 + sign * months
    year, month = moment.year + month // 12, month % 12 + 1
    last = (datetime.date(year + month // 12, month % 12 + 1, 1) - datetime.timedelta(days=1)).day
    moment = moment.replace(year=year, month=month, day=min(moment.day, last))
    moment += sign * datetime.timedelta(days=days, microseconds=microseconds)
    if len(str(value)) == 10 and not microseconds:
        return moment.date().isoformat()
    return moment.isoformat(" ")


def _last_day(value):
    moment = _moment(value)
    if moment is None:
        return None
    following = datetime.date(moment.year + moment.month // 12, moment.month % 12 + 1, 1)
    return (following - datetime.timedelta(days=1)).isoformat()


def _unix_timestamp(value):
    moment = _moment(value)
    return None if moment is None else (moment - datetime.datetime(1970, 1, 1)).total_seconds()


def _substring_index(text, separator, count):
    parts = str(text).split(separator)
    return separator.join(parts[:count] if count > 0 else parts[count:]) if count else ""


def _if(condition, yes, no):
    return yes if condition else no


_FUNCTIONS = [
    ("concat", -1, _nullable(lambda *values: "".join(map(_text, values)))),
    ("concat_ws", -1, _concat_ws),
    ("if", 3, _if),
    ("locate", 2, _nullable(lambda part, text: _text(text).lower().find(_text(part).lower()) + 1)),
    (
        "locate",
        3,
        _nullable(lambda part, text, at: _text(text).lower().find(_text(part).lower(), at - 1) + 1),
    ),
    ("regexp", 2, _nullable(lambda pattern, text: int(bool(re.search(pattern, _text(text), re.IGNORECASE))))),
    ("char_length", 1, _nullable(lambda text: len(_text(text)))),
    ("character_length", 1, _nullable(lambda text: len(_text(text)))),
    ("date_format", 2, _nullable(_date_format)),
    ("datediff", 2, _nullable(_date_diff)),
    ("year", 1, _nullable(_part("year"))),
    ("month", 1, _nullable(_part("month"))),
    ("day", 1, _nullable(_part("day"))),
    ("dayofmonth", 1, _nullable(_part("day"))),
    ("hour", 1, _nullable(_part("hour"))),
    ("minute", 1, _nullable(_part("minute"))),
    ("second", 1, _nullable(_part("second"))),
    ("quarter", 1, _nullable(lambda value: (_moment(value).month + 2) // 3 if _moment(value) else None)),
    ("dayofyear", 1, _nullable(lambda value: _moment(value).timetuple().tm_yday if _moment(value) else None)),
    ("weekday", 1, _nullable(lambda value: _moment(value).weekday() if _moment(value) else None)),
    (
        "dayofweek",
        1,
        _nullable(lambda value: _moment(value).isoweekday() % 7 + 1 if _moment(value) else None),
    ),
    ("last_day", 1, _nullable(_last_day)),
    ("timestamp", 1, _nullable(_timestamp)),
    ("timestamp", 2, _nullable(_timestamp)),
    ("unix_timestamp", 1, _nullable(_unix_timestamp)),
    ("round", 1, _nullable(_round_half_away)),
    ("round", 2, _nullable(_round_half_away)),
    ("truncate", 2, _nullable(_truncate)),
    ("floor", 1, _nullable(lambda value: math.floor(value))),
    ("ceil", 1, _nullable(lambda value: math.ceil(value))),
    ("ceiling", 1, _nullable(lambda value: math.ceil(value))),
    ("pow", 2, _nullable(lambda base, exponent: float(base) ** exponent)),
    ("power", 2, _nullable(lambda base, exponent: float(base) ** exponent)),
    ("sqrt", 1, _nullable(lambda value: math.sqrt(value) if value >= 0 else None)),
    ("greatest", -1, _nullable(lambda *values: max(values))),
    ("least", -1, _nullable(lambda *values: min(values))),
    ("md5", 1, _nullable(lambda text: hashlib.md5(_text(text).encode(), usedforsecurity=False).hexdigest())),
    ("substring_index", 3, _nullable(_substring_index)),
    ("embedded_shift", 5, _nullable(_shift)),
]
