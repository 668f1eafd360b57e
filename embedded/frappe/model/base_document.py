"""The values of one document: reading and setting them, its child rows, and its row in the database."""

import datetime
import json
import re
import weakref

import frappe
from frappe import _, _dict
from frappe.model import child_table_fields, default_fields, get_permitted_fields
from frappe.model.controllers import CHILD_TABLES_OF_DOCTYPE, DOCTYPES_FOR_DOCTYPE, get_controller, import_controller
from frappe.model.docstatus import DocStatus
from frappe.model.field_plan import CHECK, DATE, DATETIME, FLOAT, INT, JSON_TEXT, STANDARD, TEXT, TIME, UNIQUE, VIRTUAL
from frappe.model.field_values import FieldValues
from frappe.model.links import Links
from frappe.model.row_validation import RowValidation
from frappe.utils import cint, compare, cstr, flt, now

__all__ = ["BaseDocument", "get_controller", "import_controller", "DOCTYPES_FOR_DOCTYPE", "DOCTYPE_TABLE_FIELDS"]

DOCTYPE_TABLE_FIELDS = [
    _dict(fieldname=fieldname, options=options) for fieldname, options in CHILD_TABLES_OF_DOCTYPE.items()
]
TABLE_DOCTYPES_FOR_DOCTYPE = CHILD_TABLES_OF_DOCTYPE

_DATES = (datetime.datetime, datetime.date, datetime.time, datetime.timedelta)
_SHOWN_IF_SET = ("_user_tags", "__islocal", "__onload", "_liked_by", "__run_link_triggers", "__unsaved")


class BaseDocument(FieldValues, Links, RowValidation):
    """Holds values by field name in its `__dict__`; knows its meta; writes and updates its own row."""

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
        for key in dropped:
            out.pop(key, None)
        for key in _SHOWN_IF_SET:
            if value := self.__dict__.get(key):
                out[key] = value
        return out

    def as_json(self) -> str:
        """`as_dict` as JSON."""
        return frappe.as_json(self.as_dict())

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

    def db_insert(self, ignore_if_duplicate: bool = False) -> None:
        """INSERT the row. Raises DuplicateEntryError (name) or UniqueValidationError (unique field)."""
        if not self.name:
            from frappe.model.naming import set_new_name

            set_new_name(self)
        if not self.creation:
            self.creation = self.modified = now()
            self.owner = self.modified_by = frappe.session.user
        plan = self.meta.plan
        try:
            frappe.db.sql(plan.insert_sql, plan.insert_values(self))
        except Exception as e:
            if self._is_name_taken(e):
                if self.meta.autoname == "hash" and self._retry_with_another_hash():
                    return
                if not ignore_if_duplicate:
                    self._refuse_duplicate_name(e)
            elif frappe.db.is_unique_key_violation(e):
                self.show_unique_validation_message(e)
            else:
                raise
        self.__dict__["__islocal"] = False

    def _is_name_taken(self, error) -> bool:
        """Where the name is taken and another unique value too, it is the name that is refused."""
        if frappe.db.is_primary_key_violation(error):
            return True
        return frappe.db.is_unique_key_violation(error) and bool(
            frappe.db.sql(f"select 1 from `tab{self.doctype}` where name = %s", (self.name,))
        )

    def _retry_with_another_hash(self) -> bool:
        self.flags.retry_count = (self.flags.retry_count or 0) + 1
        if self.flags.retry_count > 5:
            return False
        self.name = None
        self.db_insert()
        return True

    def _refuse_duplicate_name(self, error) -> None:
        frappe.msgprint(
            _("{0} {1} already exists").format(_(self.doctype), frappe.bold(self.name)),
            title=_("Duplicate Name"),
            indicator="red",
        )
        raise frappe.DuplicateEntryError(self.doctype, self.name, error)

    def db_update(self) -> None:
        """UPDATE the row (INSERT where it is new), without validation or events."""
        if self.is_new() or not self.name:
            self.db_insert()
            return
        plan = self.meta.plan
        try:
            frappe.db.sql(plan.update_sql, plan.update_values(self))
        except Exception as e:
            if frappe.db.is_unique_key_violation(e):
                self.show_unique_validation_message(e)
            raise

    def db_update_all(self) -> None:
        """UPDATE the row and its child rows, without validation or events."""
        self.db_update()
        for fieldname in self._table_fieldnames:
            for row in self.get(fieldname):
                row.db_update()

    def show_unique_validation_message(self, error) -> None:
        """Raise UniqueValidationError naming the field of the broken index."""
        columns = re.findall(r"\.`?(\w+)`?", str(error)) or [str(error)]
        label = self.get_label_from_fieldname(columns[-1])
        frappe.msgprint(_("{0} must be unique").format(label or columns[-1]))
        raise frappe.UniqueValidationError(self.doctype, self.name, error)

    def get_label_from_fieldname(self, fieldname: str) -> str | None:
        """The label of a field, None where there is no such field."""
        df = self.meta.get_field(fieldname)
        return df.label if df else None

    def update_modified(self) -> None:
        """Stamp the document and its row with the present time."""
        self.set("modified", now())
        if self.meta.issingle:
            frappe.db.set_single_value(self.doctype, "modified", self.modified, update_modified=False)
        else:
            frappe.db.set_value(
                self.doctype, self.name, "modified", self.modified, update_modified=False
            )


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
