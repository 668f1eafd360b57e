"""Values written for readers, by their field's type."""

import datetime

import frappe
from frappe.utils import (
    cint,
    flt,
    fmt_money,
    format_datetime,
    format_duration,
    format_time,
    format_timedelta,
    formatdate,
)


def format_value(value, df=None, doc=None, currency=None, translated=False, format=None):
    """A value as text. `df`: a field, a dict of its properties, or the name of a field type.

    Dates follow the site's formats, Percent ends in `%`, Check and links stay as they are.
    """
    if isinstance(df, dict):
        df = frappe._dict(df)
    if isinstance(df, str):
        df = frappe._dict(fieldtype=df.replace("_", " ").title())
    if not df:
        df = frappe._dict()
        if isinstance(value, datetime.datetime):
            df.fieldtype = "Datetime"
        elif isinstance(value, datetime.date):
            df.fieldtype = "Date"
        elif isinstance(value, datetime.timedelta):
            df.fieldtype = "Time"
        elif isinstance(value, float):
            df.fieldtype = "Float"
        else:
            df.fieldtype = "Data"
    fieldtype = df.get("fieldtype")

    if value is None:
        value = ""
    if translated:
        value = frappe._(value)
    if fieldtype == "Currency" and currency:
        raise NotImplementedError("frappe.format_value(currency=…)")
    if not fieldtype or value == "":
        return value

    if fieldtype == "Date":
        return formatdate(value)
    if fieldtype == "Datetime":
        return format_datetime(value)
    if fieldtype == "Time":
        return format_time(format_timedelta(value) if isinstance(value, datetime.timedelta) else value)
    if fieldtype == "Duration":
        return format_duration(value, df.get("hide_days"))
    if fieldtype == "Int":
        return value
    if fieldtype in ("Float", "Currency"):
        return _number(value, df)
    if fieldtype == "Percent":
        return f"{flt(value, 2)}%"
    if fieldtype in ("Text", "Small Text"):
        text = str(value)
        return text if frappe.utils.is_html(text) else text.replace("\n", "<br>")
    return value


def _number(value, df):
    precision = cint(df.get("precision")) or cint(frappe.db.get_default("float_precision")) or None
    if precision is None and df.get("fieldtype") == "Float":
        decimals = str(value).split(".")
        # Without a precision a float is shown with the decimals it has.
        precision = len(decimals[1]) if len(decimals) == 2 and decimals[1] != "0" else 0
    return fmt_money(flt(value), precision=precision)
