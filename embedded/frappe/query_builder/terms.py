"""PyPika terms that bind values instead of writing them into the text.

While a query is turned into SQL for running, a collector is active in this thread: each value then becomes
`%(paramN)s`. Without one (`str(query)`), values are written as literals, for people to read.
"""

import threading
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any

import pypika.queries
import pypika.terms
from frappe.database.connection import format_datetime, format_timedelta
from pypika.queries import QueryBuilder
from pypika.terms import ArithmeticExpression, Criterion, Field, Function, Interval, Node, ValueWrapper
from pypika.utils import format_alias_sql, ignore_copy

# SQLite binds no more than 32,766 values; a longer IN is written out.
MAX_BOUND_VALUES = 30_000

_active = threading.local()


class NamedParameterWrapper:
    """Collects the values of one query; also a context manager that makes it the active collector."""

    def __init__(self) -> None:
        self.parameters = {}

    def __enter__(self):
        self.outer = getattr(_active, "collector", None)
        _active.collector = self
        return self

    def __exit__(self, *exc):
        _active.collector = self.outer

    def get_sql(self, param_value: Any, **kwargs) -> str:
        key = f"param{len(self.parameters) + 1}"
        self.parameters[key] = param_value
        return f"%({key})s"

    def get_parameters(self) -> dict[str, Any]:
        return self.parameters


class ParameterizedValueWrapper(ValueWrapper):
    """A constant in a query."""

    def get_sql(self, quote_char=None, secondary_quote_char="'", **kwargs) -> str:
        value = self.value.value if isinstance(self.value, Enum) else self.value
        collector = getattr(_active, "collector", None)
        if value is None:
            sql = "NULL"
        elif isinstance(value, Node):
            sql = value.get_sql(quote_char=quote_char, secondary_quote_char=secondary_quote_char, **kwargs)
        elif collector is None or len(collector.parameters) >= MAX_BOUND_VALUES:
            sql = literal(value)
            if collector is not None:
                sql = sql.replace("%", "%%")
        else:
            sql = collector.get_sql(int(value) if isinstance(value, bool) else value)
        return format_alias_sql(sql, self.alias, quote_char=quote_char, **kwargs)


def literal(value) -> str:
    """A value as an SQL literal."""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, (int, float, Decimal)):
        return str(value)
    if isinstance(value, datetime):
        text = format_datetime(value)
    elif isinstance(value, timedelta):
        text = format_timedelta(value)
    elif isinstance(value, (date, time)):
        text = value.isoformat()
    else:
        text = str(value)
    return "'" + text.replace("'", "''") + "'"


class SubQuery(Criterion):
    """A query used as a value, `SubQuery(q) == 0`."""

    def __init__(self, subq: QueryBuilder, alias: str | None = None) -> None:
        super().__init__(alias)
        self.subq = subq

    def get_sql(self, **kwargs: Any) -> str:
        kwargs["subquery"] = True
        return self.subq.get_sql(**kwargs)


subqry = SubQuery

_arithmetic_sql = ArithmeticExpression.get_sql


def _shifted_or_arithmetic(self, with_alias=False, **kwargs) -> str:
    """`term ± Interval(…)` becomes a function call; SQLite has no INTERVAL."""
    if not isinstance(self.right, Interval):
        return _arithmetic_sql(self, with_alias=with_alias, **kwargs)
    interval = self.right
    part = {
        unit: getattr(interval, unit, 0)
        for unit in (*Interval.units, "quarters", "weeks")
        if hasattr(interval, unit)
    }
    sign = -1 if interval.is_negative else 1
    if self.operator.value == "-":
        sign = -sign
    months = part.get("years", 0) * 12 + part.get("quarters", 0) * 3 + part.get("months", 0)
    span = timedelta(
        hours=part.get("hours", 0),
        minutes=part.get("minutes", 0),
        seconds=part.get("seconds", 0),
        microseconds=part.get("microseconds", 0),
    )
    days = part.get("weeks", 0) * 7 + part.get("days", 0)
    microseconds = span // timedelta(microseconds=1)
    sql = f"embedded_shift({self.left.get_sql(**kwargs)},{sign},{days},{months},{microseconds})"
    return format_alias_sql(sql, self.alias, **kwargs) if with_alias else sql


def install_on_pypika() -> None:
    """Make PyPika use these terms, and `table.field` mean the column `field`, as Frappe does."""
    pypika.terms.ValueWrapper = ParameterizedValueWrapper
    pypika.queries.ValueWrapper = ParameterizedValueWrapper
    ArithmeticExpression.get_sql = _shifted_or_arithmetic
    pypika.queries.Selectable.__getattr__ = ignore_copy(lambda table, name: Field(name, table=table))
    pypika.queries.Selectable.__getitem__ = ignore_copy(lambda table, name: Field(name, table=table))
    pypika.queries.Selectable.field = pypika.terms.PseudoColumn("field")


ParameterizedFunction = Function
