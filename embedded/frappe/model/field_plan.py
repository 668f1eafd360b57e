"""What saving a document of one DocType needs to know, worked out once per meta.

Saving asks the same questions for every document: which fields are mandatory, which link where, how each
column is stored. A plan answers them with short tuples, so that a save loops over the few fields that matter
and never over all of them.
"""

import datetime
import json
from functools import cached_property

import frappe
from frappe.model import data_fieldtypes, default_fields, float_like_fields, table_fields
from frappe.utils import cint, cstr, flt

STANDARD, TEXT, CHECK, INT, FLOAT, JSON_TEXT, DATE, DATETIME, TIME, UNIQUE, VIRTUAL = range(11)

_KINDS = {
    "Check": CHECK,
    "Int": INT,
    "Long Int": TEXT,
    "JSON": JSON_TEXT,
    "Date": DATE,
    "Datetime": DATETIME,
    "Time": TIME,
    **dict.fromkeys(float_like_fields, FLOAT),
}
_STANDARD_KINDS = {"creation": DATETIME, "modified": DATETIME, "docstatus": INT, "idx": INT}

# Frappe keeps these in varchar(140) unless the field says another length; other texts have no limit.
_VARCHAR = {
    "Data",
    "Link",
    "Dynamic Link",
    "Select",
    "Read Only",
    "Color",
    "Icon",
    "Phone",
    "Autocomplete",
}
_INTEGER_LIMITS = {"Int": 2**31 - 1, "Long Int": 2**63 - 1}


class FieldPlan:
    """The fields of `meta`, sorted by the question that saving asks about them."""

    def __init__(self, meta):
        self.doctype = meta.name
        self.columns = meta.get_valid_columns()
        fields = [df for df in meta.fields if df.fieldtype in data_fieldtypes]
        self.kinds = [(column, self._kind(meta.get_field(column), column)) for column in self.columns]
        self.stored = [(column, kind) for column, kind in self.kinds if kind != VIRTUAL]
        self.virtual = [df for df in fields if df.get("is_virtual")]
        self.blank = dict.fromkeys([*default_fields, *self.columns])
        self.blank["idx"] = 0
        self.tables = [df for df in meta.fields if df.fieldtype in table_fields]
        self.table_names = frozenset(df.fieldname for df in self.tables)
        self.checks = [df.fieldname for df in fields if df.fieldtype == "Check"]
        self.ints = [df.fieldname for df in fields if df.fieldtype == "Int"]
        self.floats = [df.fieldname for df in fields if df.fieldtype in float_like_fields]
        self.mandatory = [df for df in meta.fields if df.reqd]
        self.selects = [
            (df, (df.options or "").split("\n"))
            for df in fields
            if df.fieldtype == "Select"
            and df.options
            and df.options not in ("[Select]", "Loading...")
            and df.fieldname != "naming_series"
        ]
        self.formats = [
            (df, df.options)
            for df in fields
            if df.fieldtype == "Data"
            and df.options in ("Email", "Name", "Phone", "URL")
            and df.get("oldfieldtype") in (None, "", "Data")
        ]
        self.phones = [df for df in fields if df.fieldtype == "Phone"]
        self.non_negative = [
            df for df in fields if df.get("non_negative") and df.fieldtype in ("Int", "Float", "Currency")
        ]
        self.lengths = [(df, limit) for df in fields if (limit := self._length(df))]
        self.integers = [
            (df, _INTEGER_LIMITS["Long Int" if cint(df.get("length")) > 11 else df.fieldtype])
            for df in fields
            if df.fieldtype in _INTEGER_LIMITS
        ]
        self.ratings = [df.fieldname for df in fields if df.fieldtype == "Rating"]
        self.codes = [
            df for df in fields if df.fieldtype == "Code" and df.options in ("Python", "PythonExpression")
        ]
        self.passwords = [df.fieldname for df in fields if df.fieldtype == "Password"]
        self.sanitized = [column for column, kind in self.stored if kind in (TEXT, UNIQUE, STANDARD)]
        self.autoname_field = (meta.autoname or "").partition("field:")[2]
        self.links = self._links(meta)
        self._singles: dict[str, bool] = {}

    @staticmethod
    def _kind(df, column: str) -> int:
        if df is None:
            return _STANDARD_KINDS.get(column, STANDARD)
        if df.get("is_virtual"):
            return VIRTUAL
        kind = _KINDS.get(df.fieldtype, TEXT)
        return UNIQUE if kind == TEXT and df.get("unique") else kind

    @staticmethod
    def _length(df) -> int:
        if df.fieldtype not in _VARCHAR or df.get("is_virtual"):
            return 0
        return cint(df.get("length")) or 140

    @staticmethod
    def _links(meta) -> list[tuple]:
        """(field, whether it is dynamic, fields fetched over it) for Links, then for Dynamic Links."""
        links = [df for df in meta.fields if df.fieldtype == "Link" and df.options != "[Select]"]
        links += [df for df in meta.fields if df.fieldtype == "Dynamic Link"]
        return [(df, df.fieldtype == "Dynamic Link", meta.get_fields_to_fetch(df.fieldname)) for df in links]

    def is_single(self, doctype: str) -> bool:
        """Whether a linked DocType is a Single; DocTypes do not change in this."""
        if doctype not in self._singles:
            self._singles[doctype] = bool(frappe.get_meta(doctype).issingle)
        return self._singles[doctype]

    @cached_property
    def insert_sql(self) -> str:
        columns = ", ".join(f"`{column}`" for column, _kind in self.stored)
        marks = ", ".join(["%s"] * len(self.stored))
        return f"insert into `tab{self.doctype}` ({columns}) values ({marks})"

    @cached_property
    def update_sql(self) -> str:
        changes = ", ".join(f"`{column}` = %s" for column, _kind in self.stored if column != "name")
        return f"update `tab{self.doctype}` set {changes} where `name` = %s"

    def insert_values(self, doc) -> list:
        """The row as the database keeps it, in the order of `insert_sql`."""
        return self._row(doc, self.stored)

    def update_values(self, doc) -> list:
        """The row in the order of `update_sql`: the name stands last."""
        return [*self._row(doc, self._changeable), cstr(doc.name)]

    @cached_property
    def _changeable(self) -> list[tuple]:
        return [(column, kind) for column, kind in self.stored if column != "name"]

    def _row(self, doc, columns: list[tuple]) -> list:
        values, row = doc.__dict__, []
        for column, kind in columns:
            value = values.get(column)
            # Most values are standard columns and plain texts, which the database takes as they are.
            if kind > TEXT or (kind == TEXT and value is not None and value.__class__ is not str):
                value = stored(kind, value, column, self.doctype)
            row.append(value)
        return row


def stored(kind: int, value, column: str = "", doctype: str = ""):
    """`value` for the database, which itself brings dates, moments and decimals into their stored form."""
    if kind == CHECK:
        return 1 if cint(value) else 0
    if kind == INT:
        return int(value) if isinstance(value, int) else cint(value)
    if kind == FLOAT:
        return value if isinstance(value, float) else flt(value)
    if value is None or isinstance(value, str):
        if not value or kind == UNIQUE:
            return _blank(kind, value)
        if kind in (DATE, DATETIME):
            _refuse_non_date(value, column)
        return value
    if kind == JSON_TEXT and isinstance(value, dict | list):
        return json.dumps(value, separators=(",", ":"))
    if isinstance(value, list):
        label = frappe.get_meta(doctype).get_label(column)
        frappe.throw(frappe._("Value for {0} cannot be a list").format(frappe._(label)))
    if kind in (TEXT, UNIQUE) and not isinstance(value, str | int | float):
        return str(value)
    return value


def _blank(kind: int, value):
    """An empty date is NULL, and so is an empty unique text, of which a table may hold many."""
    if kind in (DATE, DATETIME, TIME) or (kind == UNIQUE and not (value or "").strip()):
        return None
    return value


def _refuse_non_date(value: str, column: str) -> None:
    """A date column takes what begins with an ISO date, and nothing else, as MariaDB does."""
    try:
        datetime.date.fromisoformat(value[:10])
    except ValueError:
        frappe.throw(
            frappe._("{0} is not a valid date: {1}").format(column, value), frappe.exceptions.InvalidDates
        )
