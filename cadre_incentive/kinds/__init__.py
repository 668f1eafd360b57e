"""What stands in a field is of the field's kind, before a rule looks at it.

Frappe brings numbers to their types after `validate` only and lets a client send anything for anything: a
form's "5" for an Int, a list for a Data, a word for a Date. Rules that compare would crash over it.
"""

import datetime
import math
from decimal import Decimal

import frappe
from frappe import _
from frappe.utils import cint, flt, get_datetime

WHOLE = frozenset({"Int", "Check"})
NUMBERS = frozenset({"Int", "Check", "Float", "Percent"})
MOMENTS = frozenset({"Date", "Datetime"})
TABLES = frozenset({"Table", "Table MultiSelect"})
# Limits of Int in the database (bigint on some, int on others) and of the decimals of Float.
LARGEST = {"Int": 2**31 - 1, "Check": 1}
# Terms are counted from days: the calendar must not end behind them.
FIRST_YEAR, LAST_YEAR = 1900, 2199
LARGEST_FLOAT = 10**11


class CheckedDocument:
    """Mixin for controllers, to stand before Document: what is written is checked first of all.

    A controller with a `before_insert` or `before_validate` of its own calls this one first.
    """

    def before_insert(self):
        check(self)

    def before_validate(self):
        if not self.is_new():
            check(self)


def check(doc) -> None:
    """Refuse values that are not of their fields' kinds, in the rows of tables too; numbers get their types.

    Raises frappe.ValidationError.
    """
    for df in doc.meta.fields:
        if df.fieldtype in TABLES:
            for row in doc.get(df.fieldname) or ():
                check(row)
            continue
        value = doc.get(df.fieldname)
        if value is None or value == "":
            continue
        if df.fieldtype in NUMBERS:
            doc.set(df.fieldname, _number(df, value))
        elif df.fieldtype in MOMENTS:
            _check_moment(df, value)
        elif isinstance(value, (list, dict, tuple, set)):
            _refuse(_("{0} must be a text."), df)
        elif isinstance(value, (bool, int, float)):
            doc.set(df.fieldname, str(value))


def _number(df, value):
    try:
        exact = float(value)
    except (TypeError, ValueError, OverflowError):
        exact = math.nan
    if not isinstance(value, (bool, int, float, str, Decimal)) or not math.isfinite(exact):
        _refuse(_("{0} must be a number."), df)
    if abs(exact) > LARGEST.get(df.fieldtype, LARGEST_FLOAT):
        _refuse(_("{0} is too large."), df)
    if df.fieldtype in WHOLE:
        # A fraction stays for the field's own rule to refuse: a rating of 4.9 is none of 4.
        return cint(value) if exact.is_integer() else exact
    return flt(value)


def _check_moment(df, value) -> None:
    """A text must be one that Frappe reads as a moment."""
    try:
        moment = get_datetime(value) if isinstance(value, str) else value
    except (ValueError, OverflowError, TypeError):
        moment = None
    if not isinstance(moment, datetime.date) or not FIRST_YEAR <= moment.year <= LAST_YEAR:
        _refuse(_("{0} must be a date."), df)


def _refuse(words: str, df) -> None:
    frappe.throw(words.format(frappe.bold(_(df.label, context=df.parent))))
