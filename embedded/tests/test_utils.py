"""`frappe.utils` answers as Frappe 15 does: against recorded answers; and by the site and the clock."""

import datetime
import json

import grid_of_utils
import pytest
from hypothesis import given
from hypothesis import strategies as st


def test_the_recorded_grid(frappe_site):
    recorded = json.loads(grid_of_utils.RECORDED.read_text(encoding="utf-8"))
    answers = grid_of_utils.answers()
    assert set(answers) == set(recorded)
    different = {key: (recorded[key], answers[key]) for key in answers if answers[key] != recorded[key]}
    assert different == {}


def test_now_is_in_the_time_zone_of_the_site(frappe_site):
    from frappe.utils import now, now_datetime, nowdate

    utc = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)
    for zone, hours in (("Asia/Shanghai", 8), ("UTC", 0), ("Nowhere/Atall", 0)):
        frappe_site.local.system_settings = frappe_site._dict(time_zone=zone)
        ahead = now_datetime() - utc
        assert abs(ahead - datetime.timedelta(hours=hours)) < datetime.timedelta(minutes=1), zone
        assert now().startswith(nowdate())
    del frappe_site.local.system_settings


def test_the_rounding_method_comes_from_system_settings(frappe_site):
    from frappe.utils import flt

    for method, expected in (("Banker's Rounding", 2.0), ("Commercial Rounding", 3.0)):
        frappe_site.local.system_settings = frappe_site._dict(rounding_method=method)
        assert flt(2.5, 0) == expected
    del frappe_site.local.system_settings


def test_named_spans_of_time(frappe_site):
    from frappe.utils.data import get_timespan_date_range

    frappe_site.local.frozen_utc = datetime.datetime(2024, 2, 29, 6, tzinfo=datetime.timezone.utc)
    date = datetime.date
    expected = {
        "today": (date(2024, 2, 29), date(2024, 2, 29)),
        "last 7 days": (date(2024, 2, 22), date(2024, 2, 29)),
        "last month": (date(2024, 1, 1), date(2024, 1, 31)),
        "this quarter": (date(2024, 1, 1), date(2024, 3, 31)),
        "last quarter": (date(2023, 10, 1), date(2023, 12, 31)),
        "last 6 months": (date(2023, 7, 1), date(2023, 12, 31)),
        "next year": (date(2025, 1, 1), date(2025, 12, 31)),
        "this week": (date(2024, 2, 25), date(2024, 3, 2)),
        "last 8 days": None,
    }
    assert {name: get_timespan_date_range(name) for name in expected} == expected


def test_dates_in_chinese(frappe_site):
    from frappe.utils import formatdate, global_date_format, pretty_date
    from frappe.utils.data import add_to_date, now_datetime

    frappe_site.local.lang = "zh"
    assert global_date_format("2024-11-05") == "2024年11月5日"
    assert formatdate("2024-11-05", "MMMM d EEEE") == "十一月 5 星期二"
    assert pretty_date(add_to_date(now_datetime(), days=-3)) == "3天前"


def test_html_is_sanitised_and_text_is_not(frappe_site):
    from frappe.utils import sanitize_html

    assert sanitize_html("1 < 2 and 3") == "1 < 2 and 3"
    assert sanitize_html('{"a": "<b>"}') == '{"a": "<b>"}'
    assert "onclick" not in sanitize_html("<b onclick='x()'>b</b>")
    assert "script" not in sanitize_html("<p>a</p><script>alert(1)</script>")
    assert "javascript" not in sanitize_html("<a href='javascript:x()'>l</a>")


def test_urls_of_documents(frappe_site):
    from frappe.utils import get_link_to_form, get_url_to_form

    frappe_site.local.conf.host_name = "https://cadre.example"
    assert get_url_to_form("Issue Ticket", "IT 1") == "https://cadre.example/app/issue-ticket/IT%201"
    assert get_link_to_form("A B", "x", "L") == '<a href="https://cadre.example/app/a-b/x">L</a>'


def test_values_are_formatted_by_type(frappe_site):
    assert frappe_site.format_value("2024-03-05", {"fieldtype": "Date"}) == "2024-03-05"
    assert frappe_site.format_value(12.345, {"fieldtype": "Percent"}) in ("12.35%", "12.34%")
    assert frappe_site.format_value(None, {"fieldtype": "Int"}) == ""
    assert frappe_site.format_value("a\nb", {"fieldtype": "Small Text"}) == "a<br>b"


def test_what_is_not_answered_names_itself():
    import frappe.utils

    with pytest.raises(NotImplementedError, match="frappe.utils.data.money_in_words"):
        frappe.utils.data.money_in_words(1)
    with pytest.raises(NotImplementedError, match="frappe.utils.no_such_thing"):
        getattr(frappe.utils, "no_such_thing")  # noqa: B009


@given(st.floats(-1e9, 1e9), st.integers(0, 6))
def test_rounding_moves_by_half_a_step_at_most(number, precision):
    from frappe.utils.data import rounded

    for method in grid_of_utils.ROUNDING:
        assert abs(rounded(number, precision, method) - number) <= 0.5 * 10**-precision * 1.001 + 1e-6


@given(st.dates(datetime.date(1900, 1, 2), datetime.date(2200, 1, 1)), st.integers(-500, 500))
def test_days_added_are_the_difference(date, days):
    from frappe.utils import add_days, date_diff, get_first_day, get_last_day

    assert date_diff(add_days(date, days), date) == days
    assert date_diff(add_days(str(date), days), str(date)) == days
    assert get_first_day(date) <= date <= get_last_day(date)


@given(st.integers(0, 10**7))
def test_durations_read_back(seconds):
    from frappe.utils.data import duration_to_seconds, format_duration

    assert duration_to_seconds(format_duration(seconds)) == seconds
