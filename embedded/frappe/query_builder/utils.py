"""Helpers that Frappe exports beside its query builder."""

from collections.abc import Callable
from enum import Enum
from typing import Any

import frappe
from frappe.query_builder.builder import SQLite, execute_query, prepare_query
from pypika.queries import Column, QueryBuilder, _SetOperation
from pypika.terms import PseudoColumn

__all__ = ["Column"]

# Unions are run like queries.
_SetOperation.run = execute_query
_SetOperation.walk = prepare_query


class PseudoColumnMapper(PseudoColumn):
    """A piece of SQL used as a column."""

    def get_sql(self, **kwargs):
        return self.name


class db_type_is(Enum):
    MARIADB = "mariadb"
    POSTGRES = "postgres"
    SQLITE = "sqlite"


class ImportMapper:
    """Picks a function by database; what is given for MariaDB serves SQLite too."""

    def __init__(self, func_map: dict[db_type_is, Callable]) -> None:
        self.func_map = func_map

    def __call__(self, *args: Any, **kwds: Any) -> Callable:
        function = self.func_map.get(db_type_is.SQLITE) or self.func_map[db_type_is.MARIADB]
        return function(*args, **kwds)


def get_query_builder(type_of_db: str = "sqlite"):
    """The builder class; there is one."""
    return SQLite


def get_query(*args, **kwargs) -> QueryBuilder:
    return SQLite.get_query(*args, **kwargs)


def DocType(*args, **kwargs):
    return frappe.qb.DocType(*args, **kwargs)


def Table(*args, **kwargs):
    return frappe.qb.Table(*args, **kwargs)


def patch_query_execute():
    """Nothing to patch: builders run themselves."""


def patch_query_aggregation():
    """Nothing to patch: `frappe.qb.max` and kin are there."""
