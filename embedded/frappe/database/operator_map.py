"""Filter operators as PyPika criteria."""

import operator
from collections.abc import Callable

from frappe.database.utils import NestedSetHierarchy
from frappe.query_builder import Field


def _listed(value):
    return value.split(",") if isinstance(value, str) else list(value)


def _timespan(key: Field, value: str):
    from frappe.utils.data import get_timespan_date_range

    return key[slice(*get_timespan_date_range(value))]


OPERATOR_MAP: dict[str, Callable] = {
    "+": operator.add,
    "=": operator.eq,
    "-": operator.sub,
    "!=": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    "=<": operator.le,
    ">=": operator.ge,
    "=>": operator.ge,
    "/": operator.truediv,
    "*": operator.mul,
    "in": lambda key, value: key.isin(_listed(value)),
    "not in": lambda key, value: key.notin(_listed(value)),
    "like": lambda key, value: key.like(value),
    "not like": lambda key, value: key.not_like(value),
    "regex": lambda key, value: key.regex(value),
    "between": lambda key, value: key[slice(*value)],
    "is": lambda key, value: key.isnotnull() if value.lower() == "set" else key.isnull(),
    "timespan": _timespan,
    "nested_set": NestedSetHierarchy,
}
