"""The one stored form of each kind of value, and of what it is compared with."""

from datetime import date, datetime, time

from frappe.database.connection import format_datetime, parse_datetime


def _as_stored_datetime(value):
    """A moment in the stored form; what is no moment stays as it is."""
    if value.__class__ is str and value[10:11] == " " and value[16:17] == ":":
        if len(value) == 19:
            return value
        if len(value) == 26 and value[19] == ".":
            return value[:19] if value.endswith(".000000") else value
    if isinstance(value, datetime):
        return format_datetime(value)
    if isinstance(value, date):
        return f"{value.isoformat()} 00:00:00"
    if isinstance(value, str) and len(value) >= 10 and (moment := parse_datetime(value.strip())):
        return format_datetime(moment)
    return value


def _as_stored_date(value):
    """The date of a moment, as a date column stores it."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, str) and len(value) > 10 and (moment := parse_datetime(value.strip())):
        return moment.date().isoformat()
    return value


def _as_compared_date(value):
    """Midnight equals its date; any other moment stays between two dates, as MariaDB compares them."""
    if isinstance(value, datetime):
        value = format_datetime(value)
    if isinstance(value, str) and len(value) > 10 and (moment := parse_datetime(value.strip())):
        text = format_datetime(moment)
        return text[:10] if text.endswith(" 00:00:00") else text
    return value


def _as_stored_time(value):
    if isinstance(value, time):
        return value.isoformat()
    if isinstance(value, str) and value.endswith(".000000"):
        return value[:-7]
    return value


def _as_stored_decimal(value):
    """Floats keep nine decimals, as in MariaDB's decimal(21,9)."""
    return round(value, 9) if isinstance(value, float) else value


WRITERS = {
    "datetime": _as_stored_datetime,
    "date": _as_stored_date,
    "time": _as_stored_time,
    "real": _as_stored_decimal,
}
COMPARERS = {"datetime": _as_stored_datetime, "date": _as_compared_date, "time": _as_stored_time}


# The same, for a whole column of values at once.
_COLUMN_WRITERS = {
    "datetime": lambda values: [
        v.isoformat(" ") if v.__class__ is datetime and v.tzinfo is None else _as_stored_datetime(v)
        for v in values
    ],
    "date": lambda values: [v.isoformat() if v.__class__ is date else _as_stored_date(v) for v in values],
    "time": lambda values: [_as_stored_time(v) for v in values],
    "real": lambda values: [round(v, 9) if v.__class__ is float else v for v in values],
}


def store_rows(rows: list, columns: list[str], types: dict[str, str]):
    """Rows with each value in the stored form of its column. All rows have as many values as `columns`."""
    stored = [types.get(column) for column in columns]
    if not any(kind in _COLUMN_WRITERS for kind in stored):
        return rows
    by_column = zip(*rows, strict=True)
    return zip(
        *(
            _COLUMN_WRITERS[k](values) if k in _COLUMN_WRITERS else values
            for k, values in zip(stored, by_column, strict=True)
        ),
        strict=True,
    )
