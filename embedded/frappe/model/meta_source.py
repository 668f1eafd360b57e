"""Where a Meta comes from: tables (or, for the DocTypes that describe DocTypes, the shipped files)."""

import json
import os
from functools import cache

import frappe
from frappe import _
from frappe.model.controllers import CHILD_TABLES_OF_DOCTYPE, DOCTYPES_FOR_DOCTYPE, get_controller
from frappe.model.docstatus import DocStatus
from frappe.utils import cast, cint

_NO_COLUMN = ("Section Break", "Column Break", "Tab Break", "Table", "HTML")
_STANDARD = {
    "name": None,
    "owner": None,
    "creation": None,
    "modified": None,
    "modified_by": None,
    "docstatus": 0,
    "idx": 0,
}
_CHILD = {"parent": None, "parentfield": None, "parenttype": None}


@cache
def _file(doctype: str) -> dict:
    folder = frappe.scrub(doctype)
    with open(
        os.path.join(os.path.dirname(frappe.__file__), "core", "doctype", folder, f"{folder}.json")
    ) as f:
        return json.load(f)


@cache
def blank(doctype: str) -> dict:
    """A row of one of the describing DocTypes with nothing in it: 0 for checks, None for the rest."""
    values = {**_STANDARD, **(_CHILD if doctype != "DocType" else {})}
    for df in _file(doctype)["fields"]:
        if df["fieldtype"] not in _NO_COLUMN:
            number = df["fieldtype"] in ("Check", "Int")
            values[df["fieldname"]] = cint(df.get("default")) if number else None
    return values


def row_document(doctype: str, row: dict):
    """A row of a describing DocType as a document, made without asking for its Meta."""
    doc = object.__new__(get_controller(doctype))
    doc.__dict__.update(blank(doctype))
    doc.__dict__.update(row)
    doc.__dict__.update(
        doctype=doctype,
        flags=frappe._dict(),
        docstatus=DocStatus(cint(row.get("docstatus"))),
        _table_fieldnames=frozenset(),
        dont_update_if_missing=[],
    )
    return doc


def read_doctype(name: str) -> dict:
    """The DocType's row and its child rows. Raises DoesNotExistError."""
    if name in DOCTYPES_FOR_DOCTYPE:
        return _read_file(name)
    rows = frappe.db.sql("select * from `tabDocType` where name = %s", (name,), as_dict=True)
    if not rows:
        frappe.throw(_("{0} {1} not found").format(_("DocType"), name), frappe.DoesNotExistError)
    values = {**blank("DocType"), **rows[0]}
    for table, doctype in CHILD_TABLES_OF_DOCTYPE.items():
        found = frappe.db.sql(
            f"select * from `tab{doctype}` where parent = %s and parentfield = %s order by idx",
            (name, table),
            as_dict=True,
        )
        values[table] = [row_document(doctype, row) for row in found]
    return values


def _read_file(name: str) -> dict:
    definition = _file(name)
    values = {**blank("DocType"), **definition, "field_order": None}
    for table, doctype in CHILD_TABLES_OF_DOCTYPE.items():
        values[table] = [
            row_document(
                doctype, {**row, "idx": idx, "parent": name, "parentfield": table, "parenttype": "DocType"}
            )
            for idx, row in enumerate(definition.get(table, ()), 1)
        ]
    return values


def read_customizations(meta) -> None:
    """Apply Custom Fields, Property Setters and Custom DocPerms to a Meta."""
    if not frappe.db.table_exists("Custom Field") or not frappe.db.table_exists("Property Setter"):
        return  # the core is being installed
    custom_fields = frappe.db.sql(
        "select * from `tabCustom Field` where dt = %s order by idx", (meta.name,), as_dict=True
    )
    for row in custom_fields:
        row.update(is_custom_field=1, parent=meta.name, parenttype="DocType", parentfield="fields")
        meta.fields.append(row_document("DocField", row))
    setters = frappe.db.sql(
        "select * from `tabProperty Setter` where doc_type = %s", (meta.name,), as_dict=True
    )
    for setter in setters:
        for target in _targets(meta, setter):
            target.set(setter.property, cast(setter.property_type, setter.value))
    _read_custom_permissions(meta)


def _targets(meta, setter) -> list:
    if setter.doctype_or_field == "DocType":
        return [meta]
    if setter.doctype_or_field == "DocField":
        return [df for df in meta.fields if df.fieldname == setter.field_name][:1]
    for table, doctype in CHILD_TABLES_OF_DOCTYPE.items():
        if setter.doctype_or_field == doctype:
            return [row for row in meta.get(table) if row.name == setter.row_name][:1]
    return []


def _read_custom_permissions(meta) -> None:
    if meta.istable or meta.name == "Custom DocPerm" or frappe.flags.in_install:
        return
    if not frappe.db.table_exists("Custom DocPerm"):
        return
    rows = frappe.db.sql("select * from `tabCustom DocPerm` where parent = %s", (meta.name,), as_dict=True)
    if rows:
        meta.permissions = [row_document("DocPerm", row) for row in rows]


def sort_fields(meta) -> None:
    """Put fields in order: a `field_order` set by hand, else the DocType's own with custom ones inserted."""
    by_name = meta._fields
    wanted = [name for name in json.loads(meta.get("field_order") or "[]") if name in by_name]
    order = wanted or [df.fieldname for df in meta.fields if not df.get("is_custom_field")]
    if not wanted:
        order = [
            df.fieldname for df in meta.fields if df.get("is_custom_field") and not df.get("insert_after")
        ] + order
    pending = [df for df in meta.fields if df.fieldname not in set(order)]
    _insert_after(order, pending, meta.fields)
    meta.fields = [by_name[name] for name in order]
    for idx, df in enumerate(meta.fields, 1):
        df.idx = idx


def _insert_after(order: list[str], pending: list, fields: list) -> None:
    """Insert each pending field behind its anchor; those whose anchor is unknown go to the end."""
    before = {df.fieldname: fields[i - 1].fieldname if i else None for i, df in enumerate(fields)}
    followers: dict[str, int] = {}
    while pending:
        left = []
        for df in pending:
            anchor = df.get("insert_after") if df.get("is_custom_field") else before[df.fieldname]
            if anchor is None:
                order.insert(0, df.fieldname)
            elif anchor in order:
                # Fields behind one anchor keep their own order.
                followers[anchor] = followers.get(anchor, 0) + 1
                order.insert(order.index(anchor) + followers[anchor], df.fieldname)
            else:
                left.append(df)
        if len(left) == len(pending):
            order.extend(df.fieldname for df in left)
            return
        pending = left
