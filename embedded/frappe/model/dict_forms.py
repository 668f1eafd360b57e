"""A document as a dict: by column, or whole with its child rows."""

import datetime
import json

import frappe
from frappe import _, _dict
from frappe.model import child_table_fields, default_fields
from frappe.model.field_plan import (
    CHECK,
    DATE,
    DATETIME,
    FLOAT,
    INT,
    JSON_TEXT,
    STANDARD,
    TEXT,
    TIME,
    UNIQUE,
    VIRTUAL,
)
from frappe.utils import cint, cstr, flt

_DATES = (datetime.datetime, datetime.date, datetime.time, datetime.timedelta)
_SHOWN_IF_SET = ("_user_tags", "__islocal", "__onload", "_liked_by", "__run_link_triggers", "__unsaved")


class DictForms:
    """Numbers are cast to their type on the way; dates stay what they are unless strings are asked for."""

    def get_valid_dict(
        self, sanitize=True, convert_dates_to_str=False, ignore_nulls=False, ignore_virtual=False
    ) -> _dict:
        """Values by column, numbers cast to their type."""
        out = _dict()
        values = self.__dict__
        for column, kind in self.meta.plan.kinds:
            value = values.get(column)
            if value is None and kind != VIRTUAL:
                if sanitize:
                    if kind == FLOAT:
                        value = 0.0
                    elif kind in (CHECK, INT):
                        value = 0
            elif kind == VIRTUAL:
                if ignore_virtual or column not in self.permitted_fieldnames:
                    continue
                value = self._virtual_value(column)
            elif kind != STANDARD:
                value = _cast(kind, value)
                if kind == TEXT and isinstance(value, list):
                    frappe.throw(_("Value for {0} cannot be a list").format(_(self.meta.get_label(column))))
            if convert_dates_to_str and isinstance(value, _DATES):
                value = str(value)
            if ignore_nulls and value is None:
                continue
            out[column] = value
        return out

    def _virtual_value(self, column: str):
        """A virtual field's value: the class's property, else its options as a safe expression."""
        if isinstance(getattr(type(self), column, None), property):
            return getattr(self, column)
        expression = self.meta.get_field(column).options
        return frappe.safe_eval(expression, None, {"doc": self}) if expression else None

    def as_dict(
        self,
        no_nulls=False,
        no_default_fields=False,
        convert_dates_to_str=False,
        no_child_table_fields=False,
    ) -> dict:
        """All values, child rows as lists of dicts."""
        out = self.get_valid_dict(convert_dates_to_str=convert_dates_to_str, ignore_nulls=no_nulls)
        out["doctype"] = self.doctype
        for df in self._get_table_fields():
            out[df.fieldname] = [
                row.as_dict(
                    no_nulls=no_nulls,
                    no_default_fields=no_default_fields,
                    convert_dates_to_str=convert_dates_to_str,
                    no_child_table_fields=no_child_table_fields,
                )
                for row in self.get(df.fieldname) or ()
            ]
        dropped = (default_fields if no_default_fields else ()) + (
            child_table_fields if no_child_table_fields else ()
        )
        dropped += tuple(self.__dict__.get("_hidden_fields") or ())
        for key in dropped:
            out.pop(key, None)
        for key in _SHOWN_IF_SET:
            if value := self.__dict__.get(key):
                out[key] = value
        return out

    def as_json(self) -> str:
        """`as_dict` as JSON."""
        return frappe.as_json(self.as_dict())


def _cast(kind: int, value):
    if kind == CHECK:
        return 1 if cint(value) else 0
    if kind == INT:
        return value if isinstance(value, int) else cint(value)
    if kind == FLOAT:
        return value if isinstance(value, float) else flt(value)
    if kind == JSON_TEXT and isinstance(value, dict):
        return json.dumps(value, separators=(",", ":"))
    if kind in (DATE, DATETIME, TIME) and value == "":
        return None
    if kind == UNIQUE and not cstr(value).strip():
        return None
    return value
