"""How values are written as JSON."""

import datetime
import decimal
import uuid
from collections.abc import Iterable
from re import Match

from frappe._local import LocalProxy


def json_handler(obj):
    """Frappe's JSON for what `json` does not know: dates as text, decimals as floats, documents as dicts."""
    if isinstance(obj, (datetime.date, datetime.datetime, datetime.time)):
        return str(obj)
    if isinstance(obj, datetime.timedelta):
        from frappe.utils._durations import format_timedelta

        return format_timedelta(obj)
    if isinstance(obj, decimal.Decimal):
        return float(obj)
    if type(obj) is LocalProxy:
        return str(obj)
    if hasattr(obj, "as_dict") and hasattr(obj, "doctype"):
        return obj.as_dict(no_nulls=True)
    if isinstance(obj, Iterable):
        return list(obj)
    if isinstance(obj, Match):
        return obj.string
    if isinstance(obj, uuid.UUID):
        return str(obj)
    if isinstance(obj, (type, Exception)) or callable(obj):
        return repr(obj)
    raise TypeError(f"Object of type {type(obj)} with value of {obj!r} is not JSON serializable")
