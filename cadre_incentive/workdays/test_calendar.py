"""The working calendar against the package that prints the State Council's notices, and a naive model."""

import unittest
from datetime import date, timedelta

import chinese_calendar
from hypothesis import given
from hypothesis import strategies as st

from cadre_incentive.setup.calendars import known_days
from cadre_incentive.tests import base  # noqa: F401  (loads the hypothesis profile)
from cadre_incentive.workdays.calendar import WorkingCalendar

FIRST, LAST = date(2020, 1, 1), date(2026, 12, 31)


def chinese() -> WorkingCalendar:
    """The calendar that a fresh site is given."""
    days = {
        row["date"]: row["day_type"] == "Make-up Workday" for rows in known_days().values() for row in rows
    }
    return WorkingCalendar(days, known_days())


class TestChineseCalendar(unittest.TestCase):
    def test_every_day_from_2020_to_2026(self):
        calendar = chinese()
        day = FIRST
        while day <= LAST:
            self.assertEqual(calendar.is_working_day(day), chinese_calendar.is_workday(day), day)
            day += timedelta(days=1)

    def test_limits_run_over_a_long_holiday_and_its_make_up_days(self):
        """29 September 2024 is a Sunday that is worked, 12 October a Saturday; 1 to 7 October are free."""
        calendar = chinese()
        self.assertEqual(calendar.add_working_days(date(2024, 9, 28), 1), date(2024, 9, 29))
        self.assertEqual(calendar.add_working_days(date(2024, 9, 30), 1), date(2024, 10, 8))
        self.assertEqual(calendar.add_working_days(date(2024, 9, 30), 5), date(2024, 10, 12))
        self.assertEqual(calendar.due_date(date(2024, 9, 30), 5, "Working Days"), date(2024, 10, 12))
        self.assertEqual(calendar.due_date(date(2024, 9, 30), 5, "Calendar Days"), date(2024, 10, 5))


class TestFallback(unittest.TestCase):
    def test_a_year_that_nobody_entered_works_from_monday_to_friday(self):
        calendar = WorkingCalendar({}, [])
        self.assertTrue(calendar.is_working_day(date(2024, 10, 1)))
        self.assertFalse(calendar.is_working_day(date(2024, 9, 29)))

    def test_it_says_which_years_nobody_entered(self):
        calendar = WorkingCalendar({}, [2020, 2022])
        self.assertEqual(calendar.unentered_years(date(2019, 12, 31), date(2022, 1, 1)), [2019, 2021])
        self.assertEqual(calendar.unentered_years(date(2020, 1, 1), date(2020, 12, 31)), [])


class TestRefusals(unittest.TestCase):
    def test_negative_limits(self):
        for unit in ("Working Days", "Calendar Days"):
            with self.assertRaises(ValueError):
                WorkingCalendar({}).due_date(date(2024, 9, 2), -1, unit)

    def test_unknown_unit(self):
        with self.assertRaises(ValueError):
            WorkingCalendar({}).due_date(date(2024, 9, 2), 1, "Weeks")


days = st.dates(min_value=date(2023, 12, 1), max_value=date(2025, 1, 31))


class TestAgainstNaiveModel(unittest.TestCase):
    @given(start=days, limit=st.integers(0, 60), exceptions=st.dictionaries(days, st.booleans(), max_size=40))
    def test_counting_one_day_after_the_other(self, start, limit, exceptions):
        def worked(day):
            return exceptions[day] if day in exceptions else day.isoweekday() not in (6, 7)

        calendar = WorkingCalendar(exceptions)
        after = (start + timedelta(days=n) for n in range(1, 1000))
        expected = start if limit == 0 else [day for day in after if worked(day)][limit - 1]
        self.assertEqual(calendar.add_working_days(start, limit), expected)
