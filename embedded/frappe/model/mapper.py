"""Making one document out of another."""

import frappe
from frappe.model import child_table_fields, default_fields, table_fields
from frappe.utils import cstr

_NEVER_COPIED = {*default_fields, *child_table_fields}


def get_mapped_doc(
    from_doctype,
    from_docname,
    table_maps: dict,
    target_doc=None,
    postprocess=None,
    ignore_permissions=False,
    ignore_child_tables=False,
    cached=False,
):
    """A new document (or `target_doc`, filled) made of another one.

    `table_maps[doctype]` has doctype, field_map {from: to}, field_no_map,
    validation {field: [operator, value]}, condition(row), add_if_empty,
    postprocess(source, target, source_parent).
    """
    maps = table_maps[from_doctype]
    target = frappe.get_doc(frappe.parse_json(target_doc)) if target_doc else frappe.new_doc(maps["doctype"])
    source = frappe.get_doc(from_doctype, from_docname)
    if not ignore_permissions:
        source.check_permission("read")
        target.check_permission("create")
    _check(source, maps)
    map_fields(source, target, maps)
    if not ignore_child_tables:
        for df in source.meta.get_table_fields():
            _map_table(source, target, df, table_maps)
    if postprocess:
        postprocess(source, target)
    target.set_onload("load_after_mapping", True)
    return target


def _check(source, maps: dict) -> None:
    for field, (operator, value) in maps.get("validation", {}).items():
        if not frappe.utils.compare(source.get(field), operator, value):
            frappe.throw(
                frappe._("Cannot map because following condition fails:")
                + f" {source.meta.get_label(field)} {operator} {cstr(value)}"
            )


def _map_table(source, target, df, table_maps: dict) -> None:
    maps = table_maps.get(df.options)
    if not maps:
        field = target.meta.get_field(df.fieldname)
        same = field and field.fieldtype in table_fields and field.options == df.options and not df.no_copy
        if not same:
            return
        maps = {"doctype": df.options}
    table = target.get_parentfield_of_doctype(maps["doctype"])
    if not table or (maps.get("add_if_empty") and target.get(table)):
        return
    for row in source.get(df.fieldname):
        if maps.get("condition") and not maps["condition"](row):
            continue
        new_row = target.append(table, {})
        map_fields(row, new_row, maps, source)


def map_fields(source, target, maps: dict, source_parent=None) -> None:
    """Copy fields of the same name (unless `no_copy` or in field_no_map), then those of field_map."""
    excluded = set(maps.get("field_no_map", ())) | _NEVER_COPIED
    for df in target.meta.fields:
        if df.fieldname in excluded or df.fieldtype in table_fields or df.no_copy:
            continue
        if source.meta.has_field(df.fieldname) and not source.meta.get_field(df.fieldname).no_copy:
            value = source.get(df.fieldname)
            if value not in (None, ""):
                target.set(df.fieldname, value)
    field_map = maps.get("field_map", {})
    for from_field, to_field in field_map.items() if isinstance(field_map, dict) else field_map:
        value = source.get(from_field)
        if value not in (None, ""):
            target.set(to_field, value)
    if maps.get("postprocess"):
        maps["postprocess"](source, target, source_parent)
