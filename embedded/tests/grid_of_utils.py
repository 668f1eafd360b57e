# ruff: noqa: E501
"""Calls of `frappe.utils` whose answers were recorded on Frappe 15.55.1 in `data/utils_of_frappe_15.json`.

To record them again, run this file with the Python of a bench: `python grid_of_utils.py SITE SITES_PATH`.
"""

import datetime
import itertools
import json
import sys
from pathlib import Path

RECORDED = Path(__file__).parent / "data" / "utils_of_frappe_15.json"

NUMBERS = [0, 1, -1, 0.5, 1.5, 2.5, -0.5, -2.5, 2.675, 1.005, 1.0049999, 0.125, 1e10 + 0.5, -2.675, 1234567.891,
           "1,234.567", "abc", None, "", True, "  12 ", "1e3", 0.285, 8.345, 1e-9, 99999.995]  # fmt: skip
ROUNDING = ["Banker's Rounding", "Commercial Rounding", "Banker's Rounding (legacy)"]
FORMATS = ["#,###.##", "#.###,##", "#,##,###.##", "#,###", "# ###,##", "#.###", "#,###.###"]
DATES = ["2024-01-31", "2024-02-29", "2023-12-31", "2024-13-01", "01-02-2024", "2024/03/05", "2024-01-31 10:20:30",
         "2024-01-31 10:20:30.123456", "2024-01-31T10:20:30", "nonsense", "Jan 5 2024", "20240105",
         datetime.date(2024, 5, 6), datetime.datetime(2024, 5, 6, 7, 8, 9, 123), "2024-2-3", "2024-01-31 25:00",
         "2024-01-31 10:20", " 2024-01-31"]  # fmt: skip
MOVES = [{"days": 1}, {"months": 1}, {"years": -1}, {"hours": 3}, {"months": -13, "days": 2},
         {"weeks": 2, "minutes": 5}, {"days": 1, "as_string": True},
         {"days": 1, "as_string": True, "as_datetime": True}, {"seconds": 1.5}, {"days": 0.5}]  # fmt: skip
OF_A_DATE = ["getdate", "get_datetime", "get_first_day", "get_last_day", "get_quarter_start", "get_quarter_ending",
             "get_year_start", "get_year_ending", "get_first_day_of_week", "get_last_day_of_week",
             "is_last_day_of_the_month", "get_datetime_str", "get_date_str", "get_month", "formatdate",
             "format_datetime", "global_date_format"]  # fmt: skip
OF_TWO_DATES = ["date_diff", "month_diff", "time_diff", "time_diff_in_seconds", "time_diff_in_hours"]
TIMES = ["10:20:30", "10:20", "1:2:3.5", "25:00:00", "2 days, 3:04:05", "abc", datetime.timedelta(hours=30),
         "10:20:30.123456"]  # fmt: skip
CONDITIONS = [
    ">",
    "<",
    "=",
    "!=",
    "in",
    "not in",
    "like",
    "is",
    "^",
    "None",
    "bogus",
    ">=",
    "not like",
    "not None",
]


def calls():
    """Yields (name of the function, positional arguments, keyword arguments)."""
    for number in NUMBERS:
        for precision in (None, 0, 2, "3"):
            yield "flt", (number, precision), {}
            for method in ROUNDING:
                yield "flt", (number, precision, method), {}
        for name in ("cint", "cstr", "sbool", "floor", "ceil"):
            yield name, (number,), {}
        for form, precision in itertools.product(FORMATS, (None, 0, 2, 4)):
            yield "fmt_money", (number, precision, None, form), {}
    yield "flt", (1.5, 0, "no such method"), {}
    for a, b in itertools.product([7, 7.5, -7, 0], [2, 3, 0.5]):
        yield "remainder", (a, b), {}
        yield "safe_div", (a, b), {}
    yield "safe_div", (1, 0), {}

    for date in DATES:
        for name in OF_A_DATE:
            yield name, (date,), {}
        yield "getdate", (date, True), {}
        for move in MOVES:
            yield "add_to_date", (date,), move
        for months in (-14, -1, 1, 11, 12):
            yield "get_first_day", (date, 1, months, True), {}
        for form in ("dd-mm-yyyy", "mm/dd/yyyy", "d MMM yyyy", "MMMM d, y", "EEEE", "long", "dd-mm-yy"):
            yield "formatdate", (date, form), {}
        for form in ("HH:mm", "hh:mm a", "dd/MM/yyyy HH:mm:ss", "h:m:s", "yyyy-MM-dd HH:mm:ss.SSS"):
            yield "format_datetime", (date, form), {}
    some = ["2024-01-31", "2023-02-01 10:00:00", "2024-03-01", datetime.date(2022, 1, 1)]
    for (a, b), name in itertools.product(itertools.product(some, repeat=2), OF_TWO_DATES):
        yield name, (a, b), {}

    for moment in TIMES:
        for name in ("get_timedelta", "get_time", "to_timedelta", "format_time", "get_time_str"):
            yield name, (moment,), {}
        yield "format_time", (moment, "HH:mm"), {}
    for seconds in [0, 1, 59, 60, 3600, 90061, 86400, "12885", -5, 1.5]:
        yield "format_duration", (seconds,), {}
        yield "format_duration", (seconds, True), {}
        yield "format_timedelta", (seconds,), {}
    for text in ["3h 34m 45s", "1d", "2d 3h", "5m", "", "45s 3h", "3x", "1d2h"]:
        yield "duration_to_seconds", (text,), {}

    for text in ["a < b", "<b>x</b> & 'y' \"z\"", "<!-- c -->hi", "plain"]:
        for name in ("escape_html", "strip_html", "strip_html_tags"):
            yield name, (text,), {}
    for items in [[], ["a"], ["a", "b"], ["a", "b", "c"], ("x",), "abc", None, [1, 2, 3]]:
        for name, quotes in itertools.product(("comma_and", "comma_or"), (True, False)):
            yield name, (items, quotes), {}
        yield "new_line_sep", (items,), {}
    for name, length in itertools.product(["John Doe", "a", "", "A B C D"], (1, 2, 3)):
        yield "get_abbr", (name, length), {}
    for value, pattern in itertools.product(["abc", "xabc", ""], ["abc", "%abc", "abc%", "%abc%", "%"]):
        yield "sql_like", (value, pattern), {}
    for kind in ("Int", "Check", "Float", "Percent", "Data", "Time", "Select", "Table"):
        for value in (None, "", "1", "true", "abc", "2024-01-02", "10:20:30", 5, 2.5):
            yield "cast", (kind, value), {}
    pairs = [(1, 2), ("a", "abc"), ("abc", "a%"), (None, "set"), ("x", "set"), ("", "not set"), (2, [1, 2])]
    for condition, (a, b) in itertools.product(CONDITIONS, pairs):
        yield "compare", (a, condition, b), {}

    for text in ["a@b.com", "a@b", "A <a@b.co>", "a@b.com, c@d.org", "a b@c.com", "", "undisclosed-recipients",
                 None, "a@b.com,bad"]:  # fmt: skip
        yield "validate_email_address", (text,), {}
        yield "validate_email_address", (text, True), {}
    for text in ["+86 138-0000", "abc", "", "1" * 25, "(010) 1234.5", "12#3", "12;3"]:
        yield "validate_phone_number", (text,), {}
    for text in ["John Doe", "Jo-hn O'Neil", "张三", "a  b", "a1", "x_y", "@", "John ", "ab."]:
        yield "validate_name", (text,), {}
    for column in ["name", "a.b", "ifnull(a,'')", "a; drop", "count(*)", "a,b", "ifnull(a,(select 1))"]:
        yield "sanitize_column", (column,), {}
    yield "unique", ([1, 2, 1, 3],), {}
    yield "strip", ("\ufeff a\u200b b ",), {}
    yield "get_string_between", ("a", "xaYbz", "b"), {}
    yield "is_subset", ([1], [1, 2]), {}
    for text in ['{"a":1}', "5", "abc"]:
        yield "get_safe_filters", (text,), {}
    yield "safe_json_loads", ("[1]", "x"), {}
    yield "dict_to_str", ({"a": "x y", "b": None},), {}
    yield "get_absolute_url", ("A B", "中文 x"), {}


def answers() -> dict[str, str]:
    """What each call answers, as text: its repr, or the name of the exception."""
    import frappe.utils

    out = {}
    for name, args, kwargs in calls():
        key = f"{name}{args!r}{kwargs or ''}"
        try:
            out[key] = repr(getattr(frappe.utils, name)(*args, **kwargs))
        except Exception as error:
            out[key] = type(error).__name__
    return out


if __name__ == "__main__":
    import frappe

    frappe.init(sys.argv[1], sites_path=sys.argv[2])
    frappe.connect()
    RECORDED.parent.mkdir(exist_ok=True)
    RECORDED.write_text(json.dumps(answers(), ensure_ascii=False, indent=0))
