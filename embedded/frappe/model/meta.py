"""Meta: a DocType as it stands after customisations, with the questions that code asks of it."""

from functools import cached_property

import frappe
from frappe.model import (
    child_table_fields,
    data_fieldtypes,
    default_fields,
    table_fields,
)
from frappe.model.base_document import BaseDocument
from frappe.model.controllers import CHILD_TABLES_OF_DOCTYPE
from frappe.model.document import Document
from frappe.model.field_plan import FieldPlan
from frappe.model.meta_fields import DEFAULT_FIELD_LABELS, MetaFields
from frappe.model.meta_source import read_customizations, read_doctype, row_document, sort_fields
from frappe.utils import cint

__all__ = ["DEFAULT_FIELD_LABELS", "Meta", "get_field_precision", "get_meta"]

_SET_ONCE = (
    frappe._dict(fieldname="creation", fieldtype="Datetime"),
    frappe._dict(fieldname="owner", fieldtype="Data"),
)


def get_meta(doctype, cached: bool = True) -> "Meta":
    """The Meta of a DocType by name (cached), or of a DocType document. Raises DoesNotExistError."""
    if cached and isinstance(doctype, str):
        meta = frappe.cache.hget_shared("doctype_meta", doctype)
        if meta:
            return meta
    meta = Meta(doctype)
    frappe.cache.hset("doctype_meta", meta.name, meta)
    return meta


class Meta(MetaFields, Document):
    """A DocType document with Custom Fields, Property Setters and Custom DocPerms applied."""

    _metaclass = True
    default_fields = list(default_fields)[1:]
    special_doctypes = frozenset({"DocType", "Module Def", *CHILD_TABLES_OF_DOCTYPE.values()})

    def __init__(self, doctype):
        values = _of_document(doctype) if isinstance(doctype, Document) else read_doctype(doctype)
        self.__dict__.update(values, doctype="DocType", flags=frappe._dict())
        self._table_fieldnames = frozenset(CHILD_TABLES_OF_DOCTYPE)
        self.dont_update_if_missing = []
        if self.name not in self.special_doctypes:
            read_customizations(self)
        self._index_fields()
        sort_fields(self)

    def _index_fields(self) -> None:
        self._fields = {df.fieldname: df for df in self.fields}
        self._table_fields = [df for df in self.fields if df.fieldtype in table_fields]

    def __getstate__(self) -> dict:
        state = super().__getstate__()
        for key in _COMPUTED:
            state.pop(key, None)
        return state

    @cached_property
    def plan(self) -> FieldPlan:
        """What saving a document asks of the fields."""
        return FieldPlan(self)

    def load_from_db(self):
        """A Meta is read once; ask `frappe.get_meta` again instead."""
        raise NotImplementedError("frappe.model.meta.Meta.load_from_db")

    def as_dict(self, no_nulls: bool = False) -> dict:
        """The DocType's properties with lists of plain dicts."""

        def plain(doc):
            out = {}
            for key, value in doc.__dict__.items():
                if key.startswith("_") or key in ("meta", "flags", "dont_update_if_missing", *_COMPUTED):
                    continue
                if isinstance(value, list):
                    if value and not isinstance(value[0], BaseDocument):
                        continue
                    value = [plain(each) for each in value]
                if value is None and no_nulls:
                    continue
                out[key] = value
            return out

        return plain(self)

    @cached_property
    def _set_only_once_fields(self) -> list:
        fields = [df for df in self.fields if df.set_only_once]
        names = {df.fieldname for df in fields}
        return fields + [df for df in _SET_ONCE if df.fieldname not in names]

    def get_set_only_once_fields(self) -> list:
        """Fields that never change once inserted; creation and owner among them."""
        return self._set_only_once_fields

    @cached_property
    def _valid_columns(self) -> list[str]:
        columns = self.default_fields + [
            df.fieldname for df in self.fields if df.fieldtype in data_fieldtypes
        ]
        if self.istable:
            columns += [column for column in child_table_fields if column not in columns]
        return columns

    def get_valid_columns(self) -> list[str]:
        """Standard columns, then those of the fields."""
        return self._valid_columns

    def get_workflow(self) -> str | None:
        """The name of the active Workflow, "" if there is none."""
        from frappe.model.workflow import get_workflow_name

        return get_workflow_name(self.name)

    @cached_property
    def high_permlevel_fields(self) -> list:
        """Fields above level 0."""
        return [df for df in self.fields if cint(df.permlevel) > 0]

    def get_high_permlevel_fields(self) -> list:
        """Fields above level 0."""
        return self.high_permlevel_fields

    def get_permitted_fieldnames(
        self, parenttype=None, *, user=None, permission_type="read", with_virtual_fields=True
    ) -> list[str]:
        """Fields at the levels that the user reaches; all of them where no permission is defined."""
        if self.istable and not parenttype:
            return []
        if permission_type == "select":
            return self.get_search_fields()
        if not self.get_permissions(parenttype=parenttype):
            return self.get_fieldnames_with_value()
        # Level 0 is open to whoever reaches the document, also by a share alone.
        levels = {0, *self.get_permlevel_access(permission_type or "read", parenttype, user=user)}
        return [
            df.fieldname
            for df in self.get_fieldnames_with_value(True, with_virtual_fields)
            if cint(df.permlevel) in levels
        ]

    def get_permlevel_access(self, permission_type="read", parenttype=None, *, user=None) -> list[int]:
        """Levels at which the user has this permission."""
        roles = set(frappe.get_roles(user))
        levels: list[int] = []
        for perm in self.get_permissions(parenttype):
            if perm.role in roles and perm.get(permission_type) and perm.permlevel not in levels:
                levels.append(perm.permlevel)
        return levels

    def get_permissions(self, parenttype=None) -> list:
        """Permission rules: the parent's, for a child table."""
        if self.istable and parenttype:
            return frappe.get_meta(parenttype).permissions
        return self.permissions

    def is_nested_set(self) -> bool:
        """Whether it is a tree."""
        return self.has_field("lft") and self.has_field("rgt")

    def get_dashboard_data(self):
        """Which documents its form shows as connected."""
        from frappe.desk.form.dashboard import get_dashboard_data

        return get_dashboard_data(self)


_COMPUTED = ("plan", "_set_only_once_fields", "_valid_columns", "high_permlevel_fields")


def _of_document(doc: Document) -> dict:
    """Values for a Meta from a DocType document, saved or not."""
    values = {key: doc.get(key) for key in doc.meta.get_valid_columns()}
    for table, doctype in CHILD_TABLES_OF_DOCTYPE.items():
        values[table] = [row_document(doctype, row.as_dict()) for row in doc.get(table) or ()]
    return values


def get_table_columns(doctype: str) -> list[str]:
    """Columns of a DocType's table as it stands."""
    return frappe.db.get_table_columns(doctype)


def is_single(doctype: str):
    """Whether the DocType is a Single."""
    return frappe.get_meta(doctype).issingle


def get_parent_dt(dt: str) -> str:
    """A DocType that holds `dt` as a child table, "" where none does."""
    if not frappe.is_table(dt):
        return ""
    filters = {"fieldtype": ("in", table_fields), "options": dt}
    return frappe.db.get_value("DocField", filters, "parent") or ""


def get_field_precision(df, doc=None, currency=None) -> int:
    """Decimals to show and round to: the field's own, else the site's default, else 3 (Currency: 2)."""
    if df.precision:
        return cint(df.precision)
    if df.fieldtype == "Currency":
        from frappe.utils import get_number_format_info

        number_format = frappe.db.get_default("number_format") or "#,###.##"
        return cint(frappe.db.get_default("currency_precision")) or get_number_format_info(number_format)[2]
    return cint(frappe.db.get_default("float_precision")) or 3


def get_field_currency(df, doc=None) -> str | None:
    """The currency that a field's options name in the document."""
    options = df.get("options")
    if not options or not doc:
        return None
    if ":" in options:
        doctype, link, field = options.split(":")
        return frappe.get_cached_value(doctype, doc.get(link), field) if doc.get(link) else None
    return doc.get(options)


def get_default_df(fieldname: str):
    """A field for one of the standard columns."""
    if fieldname not in default_fields + child_table_fields:
        return None
    fieldtype = "Data"
    if fieldname in ("creation", "modified"):
        fieldtype = "Datetime"
    elif fieldname in ("idx", "docstatus"):
        fieldtype = "Int"
    return frappe._dict(fieldname=fieldname, fieldtype=fieldtype)


def trim_tables(doctype=None, dry_run=False, quiet=False):
    """Dropping columns of removed fields is not answered."""
    raise NotImplementedError("frappe.model.meta.trim_tables")
