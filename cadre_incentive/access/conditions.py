"""A condition over one record, told once and asked twice: as SQL for lists, of a document for forms."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Protocol

import frappe


class Condition(Protocol):
    """`fields` are the fieldnames that the condition looks at."""

    @property
    def fields(self) -> frozenset[str]: ...

    def sql(self, doctype: str) -> str: ...

    def holds(self, value: Callable[[str], object]) -> bool: ...


@dataclass(frozen=True)
class OneOf:
    """The field's value is one of `values`; an empty value never is."""

    fieldname: str
    values: frozenset = field(default_factory=frozenset)

    @property
    def fields(self) -> frozenset[str]:
        return frozenset({self.fieldname})

    def sql(self, doctype: str) -> str:
        if not self.values:
            return "1 = 0"
        values = ", ".join(_literal(value) for value in sorted(self.values))
        return f"`tab{doctype}`.`{self.fieldname}` in ({values})"

    def holds(self, value: Callable[[str], object]) -> bool:
        return value(self.fieldname) in self.values


@dataclass(frozen=True)
class Both:
    first: Condition
    second: Condition

    @property
    def fields(self) -> frozenset[str]:
        return self.first.fields | self.second.fields

    def sql(self, doctype: str) -> str:
        return f"({self.first.sql(doctype)} and {self.second.sql(doctype)})"

    def holds(self, value: Callable[[str], object]) -> bool:
        return self.first.holds(value) and self.second.holds(value)


@dataclass(frozen=True)
class Either:
    first: Condition
    second: Condition

    @property
    def fields(self) -> frozenset[str]:
        return self.first.fields | self.second.fields

    def sql(self, doctype: str) -> str:
        return f"({self.first.sql(doctype)} or {self.second.sql(doctype)})"

    def holds(self, value: Callable[[str], object]) -> bool:
        return self.first.holds(value) or self.second.holds(value)


def one_of(fieldname: str, values: Iterable) -> OneOf:
    return OneOf(fieldname, frozenset(values))


def _literal(value: object) -> str:
    return str(value) if isinstance(value, int) else frappe.db.escape(value, percent=False)
