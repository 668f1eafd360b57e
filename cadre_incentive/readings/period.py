"""The calendar month that a list is about; pure, no frappe."""

import re
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

_FORM = re.compile(r"(\d{4})-(\d{2})", re.ASCII)


class Period(NamedTuple):
    """A calendar month, written "YYYY-MM"."""

    year: int
    month: int

    @classmethod
    def parse(cls, text: str) -> "Period":
        """Read "YYYY-MM" and nothing else; raises ValueError. Years are 2000–2100."""
        match = _FORM.fullmatch(text) if isinstance(text, str) else None
        year, month = map(int, match.groups()) if match else (0, 0)
        if not (2000 <= year <= 2100 and 1 <= month <= 12):
            raise ValueError(f"{text!r} is not a month of the form YYYY-MM")
        return cls(year, month)

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"

    @property
    def start(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def next_start(self) -> date:
        return date(self.year + self.month // 12, self.month % 12 + 1, 1)

    @property
    def end(self) -> date:
        """The last day of the month."""
        return self.next_start - timedelta(days=1)

    @property
    def last_second(self) -> datetime:
        return datetime.combine(self.end, time(23, 59, 59))
