"""`frappe.query_builder`: PyPika with values bound as parameters, and `frappe.qb` for SQLite."""

from frappe.query_builder.terms import install_on_pypika
from pypika import *  # noqa: F403
from pypika import Case, Criterion, Field, Interval, Order

install_on_pypika()

from frappe.query_builder.utils import (  # noqa: E402
    Column,
    DocType,
    Table,
    get_query,
    get_query_builder,
    patch_query_aggregation,
    patch_query_execute,
)

__all__ = [
    "Case",
    "Column",
    "Criterion",
    "DocType",
    "Field",
    "Interval",
    "Order",
    "Table",
    "get_query",
    "get_query_builder",
    "patch_query_aggregation",
    "patch_query_execute",
]
