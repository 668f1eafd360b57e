"""Opening the file: pragmas that keep a committed transaction, and values in and out as Frappe gives them."""

import contextlib
import datetime
import os
import re
import sqlite3
from decimal import Decimal

from frappe.database.functions import register_functions

BUSY_TIMEOUT_SECONDS = 60

_TIME = re.compile(r"^(-?)(\d+):(\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?$")


def open_connection(path: str) -> sqlite3.Connection:
    """Open (and, if need be, create) the database file and return the connection.

    WAL with `synchronous=FULL`: a commit that has returned survives a crash and a power cut. Transactions are
    begun and ended by the caller alone (`isolation_level=None`).
    """
    os.makedirs(os.path.dirname(path), exist_ok=True)
    conn = sqlite3.connect(
        path,
        timeout=BUSY_TIMEOUT_SECONDS,
        isolation_level=None,
        detect_types=sqlite3.PARSE_DECLTYPES,
        cached_statements=512,
        check_same_thread=False,
    )
    for pragma in (
        "foreign_keys = off",
        "journal_mode = wal",
        "synchronous = full",
        "cache_size = -65536",
        "mmap_size = 268435456",
    ):
        conn.execute(f"pragma {pragma}")
    register_functions(conn)
    return conn


def remove_database_files(path: str) -> None:
    """Delete a database file with its write-ahead log; absent files are no error."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        with contextlib.suppress(FileNotFoundError):
            os.remove(path + suffix)


def parse_datetime(text: str) -> datetime.datetime | None:
    """`YYYY-MM-DD[( |T)HH:MM[:SS[.ffffff]]]` as a naive datetime, None for anything else."""
    try:
        return datetime.datetime.fromisoformat(text)
    except ValueError:
        head, dot, fraction = text.partition(".")
        if not dot or not fraction.isdigit() or len(fraction) > 6:
            return None
        try:
            return datetime.datetime.fromisoformat(head).replace(microsecond=int(fraction.ljust(6, "0")))
        except ValueError:
            return None


def parse_time(text: str) -> datetime.timedelta | None:
    """`[-]H+:MM[:SS[.ffffff]]` as a timedelta (Frappe's value of a Time field), None for anything else."""
    match = _TIME.match(text)
    if not match:
        return None
    sign, hours, minutes, seconds, fraction = match.groups()
    value = datetime.timedelta(
        hours=int(hours),
        minutes=int(minutes),
        seconds=int(seconds or 0),
        microseconds=int((fraction or "").ljust(6, "0")),
    )
    return -value if sign else value


def format_timedelta(value: datetime.timedelta) -> str:
    """A timedelta as MariaDB writes a TIME: `HH:MM:SS[.ffffff]`, hours unbounded."""
    sign, value = ("-", -value) if value < datetime.timedelta(0) else ("", value)
    seconds = value.days * 86400 + value.seconds
    text = f"{sign}{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    return f"{text}.{value.microseconds:06d}" if value.microseconds else text


def format_datetime(value: datetime.datetime) -> str:
    """The one stored form of a moment: `YYYY-MM-DD HH:MM:SS[.ffffff]`, which sorts as the moments do."""
    return value.replace(tzinfo=None).isoformat(" ")


def _read_datetime(raw: bytes):
    text = raw.decode()
    return parse_datetime(text) or text


def _read_date(raw: bytes):
    text = raw.decode()
    try:
        return datetime.date.fromisoformat(text[:10])
    except ValueError:
        return text


def _read_time(raw: bytes):
    text = raw.decode()
    value = parse_time(text)
    return text if value is None else value


READERS = {
    "datetime": lambda text: parse_datetime(text) or text,
    "date": lambda text: _read_date(text.encode()),
    "time": lambda text: _read_time(text.encode()),
    "moment": lambda text: (_read_date if len(text) == 10 else _read_datetime)(text.encode()),
}

sqlite3.register_converter("datetime", _read_datetime)
sqlite3.register_converter("date", _read_date)
sqlite3.register_converter("time", _read_time)
sqlite3.register_adapter(datetime.datetime, format_datetime)
sqlite3.register_adapter(datetime.date, datetime.date.isoformat)
sqlite3.register_adapter(datetime.time, datetime.time.isoformat)
sqlite3.register_adapter(datetime.timedelta, format_timedelta)
sqlite3.register_adapter(Decimal, float)
