"""Records of a site in their one written form, equal on every host.

Dates and times are text as stored, numbers that are missing are 0, fractions have nine digits (what MariaDB
keeps), other values that are missing are left out.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import frappe
from frappe.model import table_fields
from frappe.utils import cint, flt

from cadre_incentive.transfer.parts import MARKS, STAMPS, Part

CHUNK = 500
FRACTIONS = ("Float", "Currency", "Percent")
WHOLE = ("Int", "Check", "Long Int")
ROW_STAMPS = ("name", *STAMPS)


def names(part: Part) -> list[str]:
    """Names of the records of a part on this site, in the same order on every host."""
    if frappe.get_meta(part.doctype).issingle:
        return [part.doctype]
    filters = part.filters() if part.filters else {}
    if part.doctype == "DocType":
        # tables before what has them
        rows = frappe.get_all("DocType", filters=filters, fields=["name", "istable"], order_by=None)
        return [row.name for row in sorted(rows, key=lambda row: (not row.istable, row.name))]
    return sorted(frappe.get_all(part.doctype, filters=filters, pluck="name", order_by=None))


def read(part: Part, wanted: list[str]) -> Iterator[dict]:
    """Those of the named records that exist, in their written form, in the order of `wanted`."""
    if frappe.get_meta(part.doctype).issingle:
        yield _single(part)
        return
    for start in range(0, len(wanted), CHUNK):
        yield from _read_chunk(part, wanted[start : start + CHUNK])


def _read_chunk(part: Part, wanted: list[str]) -> Iterator[dict]:
    scalars = columns(part)
    rows = {
        row.name: row
        for row in frappe.get_all(part.doctype, filters={"name": ("in", wanted)}, fields=["*"], order_by=None)
    }
    tables = {field: _rows(part, field, child, list(rows)) for field, child, _names in tables_of(part)}
    for name in wanted:
        row = rows.get(name)
        if row is None:
            continue
        record = {"doctype": part.doctype, "name": name, **_written(row, scalars)}
        for field, found in tables.items():
            if found.get(name):
                record[field] = found[name]
        yield record


def _rows(part: Part, field: str, child: str, parents: list[str]) -> dict[str, list[dict]]:
    """{parent: rows of a table field in their written form, in order}."""
    found: dict[str, list[dict]] = {}
    if not parents:
        return found
    kinds = row_columns(part, field, child)
    rows = frappe.get_all(
        child,
        filters={"parenttype": part.doctype, "parentfield": field, "parent": ("in", parents)},
        fields=["*"],
        order_by=None,
    )
    for row in sorted(rows, key=lambda each: (each.idx or 0, each.name)):
        found.setdefault(row.parent, []).append({"name": row.name, **_written(row, kinds)})
    if part.fields is not None:
        # Rows of the framework's tables are known by what they say, not by their names.
        for each in found.values():
            for row in each:
                for stamp in ROW_STAMPS:
                    row.pop(stamp, None)
    return found


def columns(part: Part) -> dict[str, str]:
    """{column: fieldtype} that a record of the part carries, beside its name."""
    meta = frappe.get_meta(part.doctype)
    if meta.issingle:
        return {**_own_columns(meta), "modified": "Datetime", "modified_by": "Data"}
    if part.fields is None:
        marks = [mark for mark in MARKS if frappe.db.has_column(part.doctype, mark)]
        return {**_stamps(), **_own_columns(meta), **dict.fromkeys(marks, "Text")}
    stamps = {} if part.how == "keep" else _stamps()
    return {**stamps, **_named_columns(meta, part.fields)}


def row_columns(part: Part, field: str, child: str) -> dict[str, str]:
    meta = frappe.get_meta(child)
    named = next((fields for table, _child, fields in tables_of(part) if table == field), None)
    return {**_stamps(), **(_own_columns(meta) if named is None else _named_columns(meta, named))}


def tables_of(part: Part) -> list[tuple[str, str, tuple | None]]:
    """(field, child DocType, fields of the rows or None for all) of the tables that a record carries."""
    meta = frappe.get_meta(part.doctype)
    if part.fields is None:
        return [(df.fieldname, df.options, None) for df in meta.get_table_fields()]
    return [(field, meta.get_field(field).options, fields) for field, fields in part.tables or ()]


def _single(part: Part) -> dict:
    """A Single: its fields, and when it was changed by whom."""
    doc = frappe.get_doc(part.doctype)
    return {"doctype": part.doctype, "name": part.doctype, **_written(doc, columns(part))}


def _stamps() -> dict[str, str]:
    kinds = {"creation": "Datetime", "modified": "Datetime", "docstatus": "Int", "idx": "Int"}
    return {stamp: kinds.get(stamp, "Data") for stamp in STAMPS}


def _own_columns(meta) -> dict[str, str]:
    valid = set(meta.get_valid_columns())
    return {
        df.fieldname: df.fieldtype
        for df in meta.fields
        if df.fieldname in valid and df.fieldtype not in table_fields and not df.get("is_virtual")
    }


def _named_columns(meta, fields) -> dict[str, str]:
    """Fields that this host knows too."""
    found = {df.fieldname: df.fieldtype for df in meta.fields}
    found["parent"] = "Data"
    return {field: found[field] for field in fields if field in found}


def _written(row, kinds: dict[str, str]) -> dict:
    record = {}
    for column, fieldtype in kinds.items():
        value = written_value(row.get(column), fieldtype)
        if value is not None:
            record[column] = value
    return record


def written_value(value, fieldtype: str):
    """One value as a stream has it; None for one that is left out."""
    if fieldtype in WHOLE:
        return cint(value)
    if fieldtype in FRACTIONS:
        return round(flt(value), 9) + 0.0
    if isinstance(value, datetime):
        return value.isoformat(" ")
    if isinstance(value, (date, time, timedelta)):
        return str(value)
    if fieldtype == "Datetime" and value:
        return frappe.utils.get_datetime(value).isoformat(" ")
    return value if value is None or isinstance(value, (int, float)) else str(value)
