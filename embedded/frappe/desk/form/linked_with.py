"""Which documents link to a document: over Link, Dynamic Link and table fields."""

import json
from collections import defaultdict

import frappe
from frappe.model import display_fieldtypes, table_fields
from frappe.request_arguments import as_dict, as_list

_NOT_SHOWN = (*display_fieldtypes, *table_fields, "Image", "HTML", "Button")


@frappe.whitelist()
def get(doctype: str, docname: str) -> dict[str, list]:
    """{DocType: documents that link to this one and that the user may read}, with their list view's
    columns."""
    frappe.has_permission(doctype, doc=docname, throw=True)
    return get_linked_docs(doctype, docname, get_linked_doctypes(doctype))


@frappe.whitelist()
def get_linked_doctypes(
    doctype: str, without_ignore_user_permissions_enabled: bool = False
) -> dict[str, dict]:
    """{DocType: {fieldname: [its fields], child_doctype?, doctype_fieldname?} or {get_parent}} that link
    to one."""
    if not frappe.is_table(doctype):
        frappe.has_permission(doctype, "read", throw=True)
    checked = without_ignore_user_permissions_enabled
    out = {**_linked_fields(doctype, checked), **_dynamic_fields(doctype, checked)}
    for row in _fields([["fieldtype", "in", table_fields], ["options", "=", doctype]], checked):
        out.setdefault(row.doctype, {"get_parent": True})
    return {name: link for name, link in out.items() if not _is_excluded(name)}


def get_linked_docs(doctype: str, name: str, linkinfo: dict | str | None = None) -> dict[str, list]:
    """The documents behind links as `get_linked_doctypes` gives them, as far as the user may read them."""
    linkinfo = json.loads(linkinfo) if isinstance(linkinfo, str) else linkinfo
    results = {}
    for linked, link in (linkinfo or {}).items():
        meta = frappe.get_meta(linked)
        if meta.issingle or meta.istable or not frappe.has_permission(linked):
            continue
        rows = _documents(doctype, name, linked, link, meta)
        if rows:
            results[linked] = rows
    return results


def _documents(doctype, name, linked, link, meta) -> list:
    shown = [df.fieldname for df in meta.fields if df.in_list_view and df.fieldtype not in _NOT_SHOWN]
    fields = [f"`tab{linked}`.`{column}`" for column in [*shown, "name", "modified", "docstatus"]]
    if link.get("get_parent"):
        row = frappe.db.get_value(doctype, name, ["parenttype", "parent"], as_dict=True)
        if not row or row.parenttype != linked:
            return []
        return frappe.get_list(linked, fields=fields, filters={"name": row.parent}, order_by=None)
    source = link.get("child_doctype") or linked
    names = link["fieldname"] if isinstance(link["fieldname"], list) else [link["fieldname"]]
    filters = [[source, link["doctype_fieldname"], "=", doctype]] if link.get("doctype_fieldname") else []
    return frappe.get_list(
        linked,
        fields=fields,
        filters=filters,
        or_filters=[[source, fieldname, "=", name] for fieldname in names],
        distinct=bool(link.get("child_doctype")),
        order_by=None,
    )


def _fields(filters: list, checked: bool = False) -> list:
    """[{doctype, fieldname, options}] of fields and custom fields that match."""
    if checked:
        filters = [*filters, ["ignore_user_permissions", "!=", 1]]
    standard = frappe.get_all(
        "DocField", filters=filters, fields=["parent as doctype", "fieldname", "options"]
    )
    custom = frappe.get_all("Custom Field", filters=filters, fields=["dt as doctype", "fieldname", "options"])
    return [*standard, *custom]


def _tables_of(children) -> list:
    """The table fields that hold one of these child DocTypes."""
    if not children:
        return []
    return _fields([["fieldtype", "in", table_fields], ["options", "in", list(children)]])


def _linked_fields(doctype: str, checked: bool) -> dict[str, dict]:
    by_doctype = defaultdict(list)
    for row in _fields([["fieldtype", "=", "Link"], ["options", "=", doctype]], checked):
        by_doctype[row.doctype].append(row.fieldname)
    out = {name: {"fieldname": fields} for name, fields in by_doctype.items()}
    children = [name for name in by_doctype if frappe.is_table(name)]
    for table in _tables_of(children):
        out[table.doctype] = {"child_doctype": table.options, "fieldname": by_doctype[table.options]}
    for child in children:
        out.pop(child, None)
    return out


def _dynamic_fields(doctype: str, checked: bool) -> dict[str, dict]:
    out = {}
    for row in _fields([["fieldtype", "=", "Dynamic Link"]], checked):
        meta = frappe.get_meta(row.doctype)
        if meta.issingle:
            continue
        link = {"fieldname": [row.fieldname], "doctype_fieldname": row.options}
        if meta.istable:
            parents = frappe.get_all(
                row.doctype, filters={row.options: doctype}, pluck="parenttype", distinct=True, order_by=None
            )
            out.update({parent: {"child_doctype": row.doctype, **link} for parent in parents})
        elif frappe.db.exists(row.doctype, {row.options: doctype}):
            out[row.doctype] = link
    return out


def _is_excluded(doctype: str) -> bool:
    """Whether the DocType's module says `exclude_from_linked_with`."""
    from frappe.modules import load_doctype_module

    try:
        return bool(getattr(load_doctype_module(doctype), "exclude_from_linked_with", False))
    except (ImportError, NotImplementedError):
        return False  # a custom DocType has no module


@frappe.whitelist()
def get_submitted_linked_docs(
    doctype: str, name: str, ignore_doctypes_on_cancel_all: str | list | None = None
) -> dict:
    """{docs: [{doctype, name, docstatus}], count}: submitted documents that hang on this one, over any
    number of
    submitted ones between; they are to be cancelled before it."""
    frappe.has_permission(doctype, doc=name, throw=True)
    ignored = as_list(ignore_doctypes_on_cancel_all or [])
    found: dict[str, list] = {}
    waiting, seen = [(doctype, name)], {(doctype, name)}
    while waiting:
        source, document = waiting.pop(0)
        if source in ignored:
            continue
        for linked, names in _submitted(source, document).items():
            for each in names:
                if (linked, each) not in seen:
                    seen.add((linked, each))
                    waiting.append((linked, each))
                    if linked not in ignored:
                        found.setdefault(linked, []).append(each)
    docs = [{"doctype": dt, "name": each, "docstatus": 1} for dt, names in found.items() for each in names]
    return {"docs": docs, "count": len(docs)}


def _submitted(doctype: str, name: str) -> dict[str, list]:
    """{submittable DocType: names of its submitted documents} that link to one, whoever may read them."""
    out: dict[str, list] = {}
    for link in _links_to(doctype):
        filters = {link.fieldname: name, "docstatus": 1}
        if link.type_field:
            filters[link.type_field] = doctype
        meta = frappe.get_meta(link.doctype)
        if not meta.istable:
            if meta.is_submittable:
                out.setdefault(link.doctype, []).extend(frappe.get_all(link.doctype, filters, pluck="name"))
            continue
        for row in frappe.get_all(
            link.doctype, filters, ["parenttype", "parent"], distinct=True, order_by=None
        ):
            if frappe.get_meta(row.parenttype).is_submittable:
                out.setdefault(row.parenttype, []).append(row.parent)
    return out


def _links_to(doctype: str):
    for row in _fields([["fieldtype", "=", "Link"], ["options", "=", doctype]]):
        if not frappe.get_meta(row.doctype).issingle:
            yield frappe._dict(doctype=row.doctype, fieldname=row.fieldname, type_field=None)
    for row in _fields([["fieldtype", "=", "Dynamic Link"]]):
        if not frappe.get_meta(row.doctype).issingle:
            yield frappe._dict(doctype=row.doctype, fieldname=row.fieldname, type_field=row.options)


@frappe.whitelist(methods=["POST", "PUT"])
def cancel_all_linked_docs(docs: str | list, ignore_doctypes_on_cancel_all: str | list | None = None) -> None:
    """Cancel these documents ([{doctype, name, docstatus}]), with the user's own rights. All or none."""
    ignored = as_list(ignore_doctypes_on_cancel_all or [])
    for row in map(as_dict, as_list(docs)):
        if validate_linked_doc(row, ignored):
            frappe.get_doc(row["doctype"], row["name"]).cancel()


def validate_linked_doc(docinfo: dict, ignore_doctypes_on_cancel_all=None) -> bool:
    """Whether a document is to be cancelled with the others: submitted, and not of an excepted DocType."""
    doctype = docinfo.get("doctype")
    if doctype in (ignore_doctypes_on_cancel_all or ()) or docinfo.get("docstatus") != 1:
        return False
    if not frappe.get_meta(doctype).is_submittable:
        return False
    return doctype not in get_exempted_doctypes()


def get_exempted_doctypes() -> list[str]:
    """DocTypes that the apps except from being cancelled with others."""
    return list(frappe.get_hooks("auto_cancel_exempted_doctypes"))
