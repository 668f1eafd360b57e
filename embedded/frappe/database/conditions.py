"""Filters as WHERE: the forms and meanings of `frappe.qb.get_query`, written as SQL with values.

This is the road of `frappe.db.get_value`, `set_value`, `exists`, `count` and `delete`. It needs no PyPika.
"""

import frappe
from frappe import _
from frappe.database.introspection import quote, table_of
from frappe.database.schema import SPECIAL_CHAR_PATTERN
from frappe.database.utils import NestedSetHierarchy

_COMPARISONS = {
    "=": "=",
    "!=": "<>",
    "<": "<",
    ">": ">",
    "<=": "<=",
    "=<": "<=",
    ">=": ">=",
    "=>": ">=",
    "like": "like",
    "not like": "not like",
    "regex": "regexp",
}


class Conditions:
    """`where` and `values` of filters on one DocType, with `joins` for filters on its child tables.

    filters: a name, a dict {field: value | [operator, value]}, a list of names, or a list of
    [field, value], [field, operator, value], [doctype, field, operator, value] and dicts.
    A value None means IS NULL. Raises frappe.ValidationError for a field name with special characters.
    """

    def __init__(self, doctype: str, filters=None):
        self.doctype = doctype
        self.table = quote(table_of(doctype))
        self.parts: list[str] = []
        self.values: list = []
        self._joined: list[str] = []
        self._apply(filters)

    @property
    def joins(self) -> str:
        return "".join(self._joined)

    @property
    def where(self) -> str:
        return f" where {' and '.join(self.parts)}" if self.parts else ""

    def _apply(self, filters):
        if filters is None:
            return
        if isinstance(filters, (str, int)):
            self._add("name", str(filters))
        elif isinstance(filters, dict):
            for field, value in filters.items():
                if isinstance(value, (list, tuple)):
                    operator, value = value
                    self._add(field, value, operator)
                else:
                    self._add(field, value)
        elif isinstance(filters, (list, tuple)):
            if filters and all(isinstance(each, (str, int)) for each in filters):
                self._add("name", list(filters), "in")
                return
            for each in filters:
                if isinstance(each, (list, tuple)):
                    self._apply_list(each)
                else:
                    self._apply(each)
        else:
            raise NotImplementedError(f"filters of type {type(filters).__name__}")

    def _apply_list(self, each):
        if len(each) == 2:
            self._add(each[0], each[1])
        elif len(each) == 3:
            self._add(each[0], each[2], each[1])
        elif len(each) >= 4:
            self._add(each[1], each[3], each[2], each[0])

    def _add(self, field, value, operator="=", doctype=None):
        if SPECIAL_CHAR_PATTERN.search(field):
            frappe.throw(_("Invalid filter: {0}").format(field))
        column = f"{self._table_for(doctype)}.{quote(field)}"
        operator = operator.casefold()
        if isinstance(value, bool):
            value = int(value)
        elif not value and isinstance(value, (list, tuple, set)):
            value = nothing_of(doctype or self.doctype, field)

        if operator in NestedSetHierarchy:
            nodes = hierarchy_nodes(self._tree_of(field), value, operator) or ("",)
            self._compare(column, "not in" if operator.startswith("not") else "in", list(nodes))
        elif value is None:
            self.parts.append(f"{column} is null")
        elif operator in ("in", "not in"):
            self._compare(column, operator, value.split(",") if isinstance(value, str) else list(value))
        elif operator in ("between", "timespan"):
            if operator == "timespan":
                from frappe.utils.data import get_timespan_date_range

                value = get_timespan_date_range(value)
            self.parts.append(f"{column} between %s and %s")
            self.values.extend(value[:2])
        elif operator == "is":
            self.parts.append(f"{column} is {'not null' if value.lower() == 'set' else 'null'}")
        elif operator in _COMPARISONS:
            self._compare(column, _COMPARISONS[operator], value)
        else:
            raise NotImplementedError(f"filter operator {operator}")

    def _compare(self, column, operator, value):
        self.parts.append(f"{column} {operator} %s")
        self.values.append(value)

    def _table_for(self, doctype):
        if not doctype or doctype == self.doctype:
            return self.table
        table = quote(table_of(doctype))
        join = (
            f" left join {table} on {table}.`parent` = {self.table}.`name`"
            f" and {table}.`parenttype` = {frappe.db.escape(self.doctype)}"
        )
        if frappe.get_meta(doctype).istable and join not in self._joined:
            self._joined.append(join)
        return table

    def _tree_of(self, field):
        df = frappe.get_meta(self.doctype).get_field(field)
        return df.options if df else self.doctype


def nothing_of(doctype: str, field: str) -> tuple:
    """What an empty list holds in its stead: an empty text, which MariaDB takes for 0 beside a number."""
    kind = frappe.db.get_column_types(table_of(doctype)).get(field)
    return (0,) if kind in ("int", "bigint", "integer", "real") else ("",)


def hierarchy_nodes(doctype: str, name, operator: str) -> list[str]:
    """Names of the nodes of a tree that stand in the relation `operator` to the node `name`, nearest first
    for ancestors, in tree order for descendants; [] for an unknown node (but itself if inclusive)."""
    table = quote(table_of(doctype))
    ends = frappe.db.sql(f"select lft, rgt from {table} where name = %s", (name,))
    lft, rgt = ends[0] if ends else (None, None)
    if "descendants" in operator:
        nodes = frappe.db.sql(
            f"select name from {table} where lft > %s and rgt < %s order by lft", (lft, rgt), pluck=True
        )
        return [*nodes, name] if operator == "descendants of (inclusive)" else nodes
    return frappe.db.sql(
        f"select name from {table} where lft < %s and rgt > %s order by lft desc", (lft, rgt), pluck=True
    )
