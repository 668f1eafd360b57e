"""Terms of Frappe's own that have no PyPika counterpart."""

from typing import Any

from frappe.query_builder.terms import literal
from pypika.functions import DistinctOptionFunction
from pypika.terms import Term
from pypika.utils import format_alias_sql


class GROUP_CONCAT(DistinctOptionFunction):
    """All values of a group joined by commas (or by `separator`)."""

    def __init__(self, column, separator: str | None = None, alias: str | None = None):
        args = [column] if separator is None else [column, separator]
        super().__init__("GROUP_CONCAT", *args, alias=alias)


class MATCH:
    """Full text search of MariaDB."""

    def __init__(self, column, *args, **kwargs):
        raise NotImplementedError("frappe.query_builder.functions.Match")


class ConstantColumn(Term):
    """The same value in all rows, named by itself or by `.as_()`."""

    alias = None

    def __init__(self, value: str) -> None:
        self.value = value

    def get_sql(self, quote_char: str | None = None, **kwargs: Any) -> str:
        return format_alias_sql(
            literal(self.value).replace("%", "%%"),
            self.alias or str(self.value),
            quote_char=quote_char,
            **kwargs,
        )
