"""The values of one document, a parent's or a child row's: reading, setting, appending."""

import weakref

import frappe
from frappe import _dict
from frappe.model import get_permitted_fields
from frappe.model.controllers import (
    CHILD_TABLES_OF_DOCTYPE,
    DOCTYPES_FOR_DOCTYPE,
    get_controller,
    import_controller,
)
from frappe.model.dict_forms import DictForms
from frappe.model.docstatus import DocStatus
from frappe.model.field_values import FieldValues
from frappe.model.links import Links
from frappe.model.row_validation import RowValidation
from frappe.model.stored_row import StoredRow
from frappe.utils import cint, compare

__all__ = [
    "DOCTYPES_FOR_DOCTYPE",
    "DOCTYPE_TABLE_FIELDS",
    "BaseDocument",
    "get_controller",
    "import_controller",
]

DOCTYPE_TABLE_FIELDS = [
    _dict(fieldname=fieldname, options=options) for fieldname, options in CHILD_TABLES_OF_DOCTYPE.items()
]
TABLE_DOCTYPES_FOR_DOCTYPE = CHILD_TABLES_OF_DOCTYPE


class BaseDocument(DictForms, StoredRow, FieldValues, Links, RowValidation):
    """Holds values by field name in its `__dict__`; knows its meta, its child rows and its own row."""

    _reserved_keywords = frozenset(
        (
            "doctype",
            "meta",
            "flags",
            "parent_doc",
            "_table_fields",
            "_valid_columns",
            "_doc_before_save",
            "_table_fieldnames",
            "_reserved_keywords",
            "permitted_fieldnames",
            "dont_update_if_missing",
            "_hidden_fields",
        )
    )

    def __init__(self, d: dict):
        if d.get("doctype"):
            self.doctype = d["doctype"]
        self._table_fieldnames = self._get_table_fieldnames()
        self.update(d)
        self.dont_update_if_missing = []
        if hasattr(self, "__setup__"):
            self.__setup__()

    @property
    def meta(self):
        """The Meta of this document's DocType."""
        try:
            return self.__dict__["meta"]
        except KeyError:
            meta = self.__dict__["meta"] = frappe.get_meta(self.doctype)
            return meta

    @property
    def permitted_fieldnames(self) -> list[str]:
        """Fields that the session's user may read."""
        return get_permitted_fields(self.doctype, getattr(self, "parenttype", None))

    def __getstate__(self) -> dict:
        state = self.__dict__.copy()
        for key in ("meta", "_parent_doc"):
            state.pop(key, None)
        return state

    def update(self, d: dict):
        """Set many fields; the name comes first, since child rows refer to it."""
        if "name" in d:
            self.name = d["name"]
        flags = self.__dict__.get("flags")
        as_value = bool(flags and flags.ignore_children)
        for key, value in d.items():
            self.set(key, value, as_value=as_value)
        return self

    def update_if_missing(self, d) -> None:
        """Set fields that have no value yet."""
        if isinstance(d, BaseDocument):
            d = d.get_valid_dict()
        values, kept = self.__dict__, self.dont_update_if_missing
        for key, value in d.items():
            if value is not None and values.get(key) is None and key not in kept:
                self.set(key, value)

    def get(self, key, filters=None, limit=None, default=None):
        """A value, or the child rows that match `filters`."""
        if isinstance(key, dict):
            return _filter(self.get_all_children(), key, limit=limit)
        if filters:
            if isinstance(filters, dict):
                return _filter(self.__dict__.get(key, []), filters, limit=limit)
            default = filters
        value = self.__dict__.get(key, default)
        if limit and isinstance(value, list | tuple) and len(value) > limit:
            value = value[:limit]
        return value

    def getone(self, key, filters=None):
        """The first child row that matches."""
        return self.get(key, filters=filters, limit=1)[0]

    def set(self, key: str, value, as_value: bool = False) -> None:
        """Set one field; a list given to a table field becomes child rows."""
        if key in self._reserved_keywords:
            return
        if not as_value and key in self._table_fieldnames:
            self.__dict__[key] = []
            if value:
                self.extend(key, value)
            return
        if key == "docstatus":
            value = DocStatus(cint(value))
        self.__dict__[key] = value

    def delete_key(self, key: str) -> None:
        """Drop a value altogether."""
        self.__dict__.pop(key, None)

    def append(self, key: str, value=None, position: int = -1):
        """Add a child row to table `key` and return it."""
        table = self.__dict__.get(key)
        if table is None:
            table = self.__dict__[key] = []
        row = self._init_child({} if value is None else value, key)
        if position == -1:
            table.append(row)
        else:
            table.insert(position, row)
            _number(table)
        row.parent_doc = weakref.ref(self)
        return row

    @property
    def parent_doc(self):
        """The document that holds this row, while it lives."""
        parent = self.__dict__.get("_parent_doc")
        return parent() if isinstance(parent, weakref.ReferenceType) else parent

    @parent_doc.setter
    def parent_doc(self, value) -> None:
        self.__dict__["_parent_doc"] = value

    @parent_doc.deleter
    def parent_doc(self) -> None:
        self.__dict__["_parent_doc"] = None

    def extend(self, key: str, value) -> None:
        """Append every item of `value`. Raises ValueError where it cannot be iterated."""
        try:
            rows = iter(value)
        except TypeError:
            raise ValueError(f"{key} takes a list of rows") from None
        for row in rows:
            self.append(key, row)

    def remove(self, doc) -> None:
        """Take a child row out of its table and number the rest anew."""
        if doc.get("parentfield"):
            table = self.get(doc.parentfield)
            table.remove(doc)
            _number(table)

    def _init_child(self, value, key: str):
        if not isinstance(value, BaseDocument):
            doctype = self.get_table_field_doctype(key)
            if not doctype:
                raise AttributeError(key)
            value["doctype"] = doctype
            value = get_controller(doctype)(value)
        values = value.__dict__
        values["parent"] = self.name
        values["parenttype"] = self.doctype
        values["parentfield"] = key
        if not values.get("idx"):
            values["idx"] = len(self.__dict__.get(key) or ()) + 1
        if not values.get("name"):
            values["__islocal"] = 1
        return value

    def _get_table_fields(self):
        if self.doctype == "DocType":
            return DOCTYPE_TABLE_FIELDS
        if self.doctype in DOCTYPES_FOR_DOCTYPE:
            return ()
        return self.meta.get_table_fields()

    def _get_table_fieldnames(self) -> frozenset:
        if self.doctype == "DocType":
            return frozenset(CHILD_TABLES_OF_DOCTYPE)
        if self.doctype in DOCTYPES_FOR_DOCTYPE:
            return frozenset()
        return self.meta.plan.table_names

    def init_child_tables(self) -> None:
        """An empty list for every table field without rows."""
        for fieldname in self._table_fieldnames:
            if self.__dict__.get(fieldname) is None:
                self.__dict__[fieldname] = []

    def init_valid_columns(self) -> None:
        """None for every column without a value; drafts and index 0 by default."""
        values = self.__dict__
        for column, value in self.meta.plan.blank.items():
            values.setdefault(column, value)
        if values.get("docstatus") is None:
            values["docstatus"] = DocStatus(0)
        if values.get("idx") is None:
            values["idx"] = 0

    def get_valid_columns(self) -> list[str]:
        """Columns of this DocType's table."""
        return self.meta.get_valid_columns()

    def is_new(self) -> bool:
        """Whether it has not been inserted yet."""
        return self.__dict__.get("__islocal")

    @property
    def docstatus(self) -> DocStatus:
        """Draft, submitted or cancelled."""
        value = self.__dict__.get("docstatus")
        return value if type(value) is DocStatus else DocStatus(cint(value))

    @docstatus.setter
    def docstatus(self, value) -> None:
        self.__dict__["docstatus"] = DocStatus(cint(value))

    def get_table_field_doctype(self, fieldname: str) -> str | None:
        """The child DocType of a table field."""
        if self.doctype == "DocType":
            return CHILD_TABLES_OF_DOCTYPE.get(fieldname)
        df = self.meta.get_field(fieldname)
        if df is None:
            raise AttributeError(fieldname)
        return df.options

    def get_parentfield_of_doctype(self, doctype: str) -> str | None:
        """The table field that holds rows of `doctype`."""
        names = [df.fieldname for df in self.meta.get_table_fields() if df.options == doctype]
        return names[0] if names else None


def _number(rows: list) -> None:
    for idx, row in enumerate(rows, 1):
        row.idx = idx


def _filter(data, filters, limit=None) -> list:
    """Rows that match `{"key": value}`; a value may be (operator, value), `"^prefix"`, True or False."""
    if not data:
        return []
    conditions = []
    for key, value in (filters or {}).items():
        if not isinstance(value, tuple | list):
            if value is True:
                value = ("not None", value)
            elif value is False:
                value = ("None", value)
            elif isinstance(value, str) and value.startswith("^"):
                value = ("^", value[1:])
            else:
                value = ("=", value)
        conditions.append((key, value[0], value[1]))
    out = []
    for row in data:
        if all(compare(getattr(row, key, None), operator, value) for key, operator, value in conditions):
            out.append(row)
            if limit and len(out) >= limit:
                break
    return out
