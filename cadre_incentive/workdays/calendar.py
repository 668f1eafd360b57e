"""Arithmetic over working days, free of Frappe: a calendar is plain data."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

CALENDAR_DAYS = "Calendar Days"
WORKING_DAYS = "Working Days"

SATURDAY = 5
ONE_DAY = timedelta(days=1)


class WorkingCalendar:
    """Which days are worked.

    `exceptions` maps the dates that a calendar names to whether they are worked (False: a holiday,
    True: a make-up workday); every other date is worked from Monday to Friday. `years` are the years
    that somebody has entered.
    """

    __slots__ = ("exceptions", "years")

    def __init__(self, exceptions: Mapping[date, bool], years: Iterable[int] = ()):
        self.exceptions = exceptions
        self.years = frozenset(years)

    def is_working_day(self, day: date) -> bool:
        worked = self.exceptions.get(day)
        return day.weekday() < SATURDAY if worked is None else worked

    def add_working_days(self, start: date, days: int) -> date:
        """The `days`-th working day after `start`; `start` itself for 0, whatever day it is.

        Raises ValueError for a negative number.
        """
        if days < 0:
            raise ValueError("a number of working days is not negative")
        day = start
        while days:
            day += ONE_DAY
            if self.is_working_day(day):
                days -= 1
        return day

    def due_date(self, start: date, limit: int, unit: str) -> date:
        """Last day of a time limit of `limit` days, counted from the day after `start`.

        Raises ValueError for a negative limit and for a unit that is neither "Calendar Days" nor
        "Working Days".
        """
        if unit == WORKING_DAYS:
            return self.add_working_days(start, limit)
        if unit != CALENDAR_DAYS:
            raise ValueError(f"unknown unit of time: {unit!r}")
        if limit < 0:
            raise ValueError("a time limit is not negative")
        return start + timedelta(days=limit)

    def unentered_years(self, start: date, end: date) -> list[int]:
        """The years between `start` and `end`, both included, that nobody has entered."""
        return [year for year in range(start.year, end.year + 1) if year not in self.years]
