"""Filters on values in memory, and values cast by field type."""

import datetime
import operator
import re

import frappe
from frappe.utils._dates import get_datetime, get_timedelta, getdate, to_timedelta
from frappe.utils._numbers import cint, cstr, flt, sbool

_TEXT_TYPES = (
    "Data", "Text", "Small Text", "Long Text", "Text Editor", "Select", "Link", "Dynamic Link",
)  # fmt: skip
_NUMBER_TYPES = ("Currency", "Float", "Percent")
_FORBIDDEN_WORDS = ("select", "create", "insert", "delete", "drop", "update", "case", "and", "or")
_SUSPICIOUS = re.compile("^.*[,'();\n].*")
_OPERATORS = (
    "=", "!=", ">", "<", ">=", "<=", "like", "not like", "in", "not in", "is", "between", "timespan",
    "previous", "next", "ancestors of", "descendants of", "not ancestors of", "not descendants of",
    "descendants of (inclusive)",
)  # fmt: skip


def cast(fieldtype, value=None):
    """The value as the Python type of a field type; no value becomes the type's zero."""
    if fieldtype in _NUMBER_TYPES:
        return flt(value)
    if fieldtype in ("Int", "Check"):
        return cint(sbool(value))
    if fieldtype in _TEXT_TYPES:
        return cstr(value)
    if fieldtype == "Date":
        return getdate(value) if value else datetime.date(1, 1, 1)
    if fieldtype == "Datetime":
        return get_datetime(value) if value else datetime.datetime(1, 1, 1)
    if fieldtype == "Time":
        return get_timedelta(value)
    return value


def cast_fieldtype(fieldtype, value, show_warning=True):
    """Older `cast`: an empty date becomes today, an empty time stays empty."""
    if fieldtype in ("Int", "Check"):
        return cint(value)
    if fieldtype == "Date":
        return getdate(value)
    if fieldtype == "Datetime":
        return get_datetime(value)
    if fieldtype == "Time":
        return to_timedelta(value)
    return cast(fieldtype, value)


def sql_like(value: str, pattern: str) -> bool:
    """`like` on texts in memory; a pattern without % means contains."""
    if not isinstance(pattern, str) and isinstance(value, str):
        return False
    starts, ends = pattern.startswith("%"), pattern.endswith("%")
    if starts and not ends:
        return value.endswith(pattern.lstrip("%"))
    if ends and not starts:
        return value.startswith(pattern.rstrip("%"))
    return pattern.strip("%") in value if starts else pattern in value


def filter_operator_is(value, pattern: str) -> bool:
    """`is set` / `is not set`."""
    is_set = value is not None and value != ""
    if pattern.lower() == "set":
        return is_set
    if pattern.lower() == "not set":
        return not is_set
    frappe.throw(frappe._("Invalid argument for operator 'IS': {0}").format(pattern))


operator_map = {
    "^": lambda a, b: (a or "").startswith(b),
    "in": lambda a, b: operator.contains(b, a),
    "not in": lambda a, b: not operator.contains(b, a),
    "=": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
    ">=": operator.ge,
    "<=": operator.le,
    "not None": lambda a, b: a is not None,
    "None": lambda a, b: a is None,
    "like": sql_like,
    "not like": lambda a, b: not sql_like(a, b),
    "is": filter_operator_is,
}


def compare(val1, condition: str, val2, fieldtype: str | None = None) -> bool:
    """Compare two values by an operator's name, cast by field type first if given; False if unknown."""
    if fieldtype:
        val1, val2 = cast(fieldtype, val1), cast(fieldtype, val2)
    return operator_map[condition](val1, val2) if condition in operator_map else False


def evaluate_filters(doc, filters) -> bool:
    """Whether a document matches all filters (a dict, or a list of them)."""
    rows = [{key: value} for key, value in filters.items()] if isinstance(filters, dict) else filters
    for row in rows:
        condition = get_filter(None, row)
        if not compare(
            doc.get(condition.fieldname), condition.operator, condition.value, condition.fieldtype
        ):
            return False
    return True


def get_filter(doctype, f, filters_config=None):
    """A filter as `_dict(doctype, fieldname, operator, value, fieldtype)`. ValidationError if it is none."""
    from frappe.model import child_table_fields, default_fields, optional_fields

    if isinstance(f, dict) and f:
        key, value = next(iter(f.items()))
        f = make_filter_tuple(doctype, key, value)
    if not isinstance(f, (list, tuple)):
        frappe.throw(frappe._("Filter must be a tuple or list (in a list)"))
    if len(f) == 3:
        f = (doctype, *f)
    elif len(f) > 4:
        f = f[:4]
    elif len(f) != 4:
        frappe.throw(
            frappe._("Filter must have 4 values (doctype, fieldname, operator, value): {0}").format(str(f))
        )
    f = frappe._dict(doctype=f[0], fieldname=f[1], operator=f[2] or "=", value=f[3])
    sanitize_column(f.fieldname)

    valid = {*_OPERATORS, *(key.lower() for key in filters_config or ())}
    if f.operator.lower() not in valid:
        frappe.throw(frappe._("Operator must be one of {0}").format(", ".join(_OPERATORS)))

    known = (*default_fields, *optional_fields, *child_table_fields)
    if f.doctype and f.fieldname not in known:
        meta = frappe.get_meta(f.doctype)
        if not meta.has_field(f.fieldname):
            for df in meta.get_table_fields():
                if frappe.get_meta(df.options).has_field(f.fieldname):
                    f.doctype = df.options
                    break
    try:
        df = frappe.get_meta(f.doctype).get_field(f.fieldname) if f.doctype else None
    except frappe.DoesNotExistError:
        df = None
    f.fieldtype = df.fieldtype if df else None
    return f


def make_filter_tuple(doctype, key, value) -> list:
    if isinstance(value, (list, tuple)):
        return [doctype, key, value[0], value[1]]
    return [doctype, key, "=", value]


def make_filter_dict(filters):
    return frappe._dict({f[1]: (f[2], f[3]) for f in filters})


def sanitize_column(column_name: str) -> None:
    """Raise DataError for a column that holds more than a name (or a harmless ifnull)."""
    text = re.sub(r"/\*.*?\*/|--[^\n]*", "", column_name, flags=re.S).lower()
    if not _SUSPICIOUS.match(text):
        return
    if "ifnull" not in text or any(re.search(rf"\b{word}\b", text) for word in _FORBIDDEN_WORDS):
        frappe.throw(frappe._("Invalid field name {0}").format(column_name), frappe.DataError)
