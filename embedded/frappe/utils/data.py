# ruff: noqa: F401, F403
"""Frappe's `frappe.utils.data`: dates, numbers, texts, addresses and filters under one name."""

from frappe.utils._dates import *
from frappe.utils._dates import (
    DATE_FORMAT,
    DATETIME_FORMAT,
    DEFAULT_TIME_ZONE,
    TIME_FORMAT,
)
from frappe.utils._durations import *
from frappe.utils._filters import *
from frappe.utils._format_dates import *
from frappe.utils._numbers import *
from frappe.utils._numbers import (
    _bankers_rounding,
    _bankers_rounding_legacy,
    _round_away_from_zero,
)
from frappe.utils._periods import *
from frappe.utils._strings import *
from frappe.utils._urls import *


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    raise NotImplementedError(f"frappe.utils.data.{name}")
