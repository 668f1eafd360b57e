"""The rules of an Issue Ticket as plain functions: the controller and the import apply the very same ones.

All dates are naive and in the site's time zone. Nothing here queries the database, except that the limit of a
category and the working-day calendar come from the site's cache.
"""

import hashlib
from datetime import date, datetime

from cadre_incentive import workdays
from cadre_incentive.cadre_incentive.doctype.problem_category.limits import limit_of
from cadre_incentive.workdays.calendar import WORKING_DAYS

OPEN_STATES = ("Reported", "In Progress")
DONE_STATES = ("Resolved", "Closed")
SUBJECT_LENGTH = 140


def external_key(source: str | None, external_id: str | None) -> str | None:
    """Return the key that makes (source, external id) unique together, or None where either is missing.

    A digest, because an index over two texts would equate "A1", "a1 " and full-width forms on MariaDB,
    and because an empty text collides with the next empty one where NULL does not.
    """
    source, external_id = (source or "").strip(), (external_id or "").strip()
    if not source or not external_id:
        return None
    return hashlib.sha256(f"{source}\n{external_id}".encode()).hexdigest()


def subject_of(description: str | None, fallback: str) -> str:
    """Return a one-line subject: the description's first line that says something, else the fallback."""
    for line in (description or "").splitlines():
        if line := " ".join(line.split()):
            return line if len(line) <= SUBJECT_LENGTH else line[: SUBJECT_LENGTH - 1] + "…"
    return fallback[:SUBJECT_LENGTH]


def due_on(category: str, reported_on: datetime) -> date:
    """Return the day on which a ticket falls due: the category's limit from the day after the report."""
    return workdays.due_date(reported_on, *limit_of(category))


def deadline(category: str, reported_on: datetime) -> tuple[date, str | None]:
    """Return the due date, and what it says where it relies on years that nobody has entered."""
    length, unit = limit_of(category)
    due = workdays.due_date(reported_on, length, unit)
    return due, calendar_note(unit, reported_on, due)


def calendar_note(unit: str, start: datetime, due: date) -> str | None:
    """Return what a limit in working days says where it runs over years that nobody has entered."""
    return workdays.calendar_note(start, due) if unit == WORKING_DAYS else None


def resolved_too_early(reported_on: datetime, resolved_on: datetime | None) -> bool:
    """Say whether a ticket would be resolved on a day before it was reported.

    By day, because closing times are often the midnight of the closing day.
    """
    return bool(resolved_on) and resolved_on.date() < reported_on.date()


def state_with(state: str | None, resolved_on: datetime | None) -> str:
    """Return the state that a ticket has once its time of resolution is known."""
    state = state or "Reported"
    return "Resolved" if resolved_on and state in OPEN_STATES else state
