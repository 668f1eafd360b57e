"""Working days and due dates: the Chinese calendar with its make-up workdays.

The days come from the editable Holiday Calendar documents, one for each year. A year that nobody has
entered counts Monday to Friday as working days; `unentered_years` names such years, and whoever shows
a date that relies on them says so with `calendar_note` (a list stores that sentence).
"""

from cadre_incentive.workdays.loader import (
    add_working_days,
    calendar_note,
    clear_cache,
    due_date,
    is_working_day,
    unentered_years,
)

__all__ = [
    "add_working_days",
    "calendar_note",
    "clear_cache",
    "due_date",
    "is_working_day",
    "unentered_years",
]
