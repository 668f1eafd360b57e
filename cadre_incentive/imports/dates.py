"""Strict dates: a text is read by one format or not at all, never guessed.

The directives mean what they mean to Python's strptime, independent of the process's locale: month names
and AM/PM are English, digits are ASCII. A leading zero may be missing where a separator follows; two-
digit years and time zones are not taken, because both would need a guess.
"""

import re
from collections.abc import Callable
from datetime import datetime

FIRST_YEAR, LAST_YEAR = 1900, 2199
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
LONG_MONTHS = [
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
]  # fmt: skip
FIELDS = {
    "Y": "(?P<Y>[0-9]{4})",
    "m": "(?P<m>[0-9]{1,2})",
    "d": "(?P<d>[0-9]{1,2})",
    "H": "(?P<H>[0-9]{1,2})",
    "I": "(?P<I>[0-9]{1,2})",
    "M": "(?P<M>[0-9]{1,2})",
    "S": "(?P<S>[0-9]{1,2})",
    "f": "(?P<f>[0-9]{1,6})",
    "p": "(?P<p>AM|PM)",
    "b": f"(?P<b>{'|'.join(MONTHS)})",
    "B": f"(?P<B>{'|'.join(LONG_MONTHS)})",
}


def compile_format(date_format: str) -> Callable[[str], datetime]:
    """Return a function that reads a text by this format and raises ValueError where it does not fit.

    Raises ValueError where the format is no use: an unknown directive, one given twice, or no year, month
    and day.
    """
    pattern, seen, position, touched = "", set(), 0, 0
    for found in re.finditer(r"%(.?)", date_format, re.DOTALL):
        pattern += re.escape(date_format[position : found.start()])
        position = found.end()
        directive = found[1]
        if directive == "%":
            pattern += "%"
            continue
        if directive not in FIELDS:
            raise ValueError(f"%{directive}")
        if directive in seen:
            raise ValueError(f"%{directive} %{directive}")
        seen.add(directive)
        field = FIELDS[directive]
        touches_last = found.start() > 0 and found.start() == touched
        touched = position
        if touches_last or date_format[position : position + 1] == "%":
            # Nothing separates this number from its neighbour: only fixed widths can be told apart.
            field = field.replace("{1,2}", "{2}").replace("{1,6}", "{6}")
        pattern += field
    pattern += re.escape(date_format[position:])
    _check(seen)
    match = re.compile(pattern, re.IGNORECASE).fullmatch

    def parse(text: str) -> datetime:
        found = match(text)
        if not found:
            raise ValueError(text)
        return _build(found.groupdict())

    return parse


def _check(seen: set[str]) -> None:
    months = seen & {"m", "b", "B"}
    if not {"Y", "d"} <= seen or len(months) != 1:
        raise ValueError("%Y %m %d")
    if ("I" in seen) != ("p" in seen) or {"H", "I"} <= seen:
        raise ValueError("%I %p")


def _build(parts: dict[str, str]) -> datetime:
    if "b" in parts:
        month = MONTHS.index(parts["b"].lower()) + 1
    elif "B" in parts:
        month = LONG_MONTHS.index(parts["B"].lower()) + 1
    else:
        month = int(parts["m"])
    if "I" in parts:
        hour = int(parts["I"])
        if not 1 <= hour <= 12:
            raise ValueError(parts["I"])
        hour = hour % 12 + (12 if parts["p"].upper() == "PM" else 0)
    else:
        hour = int(parts.get("H") or 0)
    value = datetime(
        int(parts["Y"]),
        month,
        int(parts["d"]),
        hour,
        int(parts.get("M") or 0),
        int(parts.get("S") or 0),
        int((parts.get("f") or "").ljust(6, "0")),
    )
    return in_range(value)


def in_range(value: datetime) -> datetime:
    """Return the value, or raise ValueError where no ticket can have been reported in that year."""
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValueError(value.year)
    return value
