"""Cells of an import file as values of fields."""

import datetime
import re

import frappe
from frappe import _
from frappe.core.doctype.data_import.columns import get_select_options, get_user_format
from frappe.utils import cint, cstr, duration_to_seconds, flt

_DURATION = re.compile(r"^(?:(\d+d)?((^|\s)\d+h)?((^|\s)\d+m)?((^|\s)\d+s)?)$")
_TRUE, _FALSE = ("t", "true", "yes", "y", "是"), ("f", "false", "no", "n", "否")


def warning_of(value, column) -> dict | None:
    """Why a cell cannot be the field's value: {field, message}; None if it can."""
    df, message, more = column.df, None, {}
    if df.fieldtype == "Select":
        options = get_select_options(df)
        if options and cstr(value) not in options:
            shown = ", ".join(frappe.bold(option) for option in options)
            message = _("Value must be one of {0}").format(shown)
    elif df.fieldtype == "Link":
        if not frappe.db.exists(df.options, cstr(value), cache=True):
            message = _("Value {0} missing for {1}").format(frappe.bold(value), frappe.bold(df.options))
    elif df.fieldtype in ("Date", "Datetime"):
        if isinstance(_date(value, column), str):
            shown = frappe.bold(get_user_format(column.date_format))
            message = _("Value {0} must in {1} format").format(frappe.bold(value), shown)
            more = {"col": column.index + 1}
    elif df.fieldtype == "Duration" and not _DURATION.match(cstr(value)):
        message = _("Value {0} must be in the valid duration format: d h m s").format(frappe.bold(value))
        more = {"col": column.index + 1}
    if not message:
        return None
    keys = ("fieldname", "fieldtype", "label", "options", "parent", "default")
    return {"field": {key: df.get(key) for key in keys}, "message": message, **more}


def parse_value(value, column):
    """A cell as the field's value."""
    fieldtype = column.df.fieldtype
    if fieldtype in ("Date", "Datetime"):
        return _date(value, column)
    if isinstance(value, float) and value.is_integer() and fieldtype not in ("Float", "Percent", "Currency"):
        value = int(value)  # spreadsheets know no whole numbers
    text = cstr(value)
    if fieldtype == "Check" and text.strip().lower() in (*_TRUE, *_FALSE):
        return int(text.strip().lower() in _TRUE)
    if fieldtype in ("Int", "Check"):
        return cint(text)
    if fieldtype in ("Float", "Percent", "Currency"):
        return flt(text)
    if fieldtype == "Duration":
        return duration_to_seconds(text)
    return text


def _date(value, column):
    """A date or moment; the text itself where it does not have the column's format."""
    if isinstance(value, datetime.date):
        return value
    try:
        return datetime.datetime.strptime(cstr(value).strip(), column.date_format)
    except ValueError:
        return cstr(value)
