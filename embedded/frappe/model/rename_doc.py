"""Renaming a document, or merging it into another: everything that names it follows."""

import frappe
from frappe import _, bold
from frappe.model.dynamic_links import get_dynamic_link_map
from frappe.model.naming import validate_name
from frappe.utils import cstr, sbool


def rename_doc(
    doctype: str | None = None,
    old: str | None = None,
    new: str | None = None,
    force: bool = False,
    merge: bool = False,
    ignore_permissions: bool = False,
    ignore_if_exists: bool = False,
    show_alert: bool = True,
    rebuild_search: bool = True,
    doc=None,
    validate: bool = True,
) -> str:
    """Rename `old` to `new`, or merge it into an existing `new`; returns the new name.

    Links, Dynamic Links, child rows, Singles and Versions follow without events of their documents.
    `before_rename(old, new, merge)` may give another name. Raises ValidationError where it is not allowed.
    """
    if not (doc and new) and not (doctype and old and new):
        raise TypeError(
            "{doctype, old, new} or {doc, new} are required arguments for frappe.model.rename_doc"
        )
    doctype, old = doctype or doc.doctype, old or doc.name
    if doctype == "DocType":
        raise NotImplementedError("frappe.rename_doc of a DocType")
    force, merge = sbool(force), sbool(merge)
    meta = frappe.get_meta(doctype)

    if validate:
        old_doc = doc or frappe.get_doc(doctype, old)
        answer = old_doc.run_method("before_rename", old, new, merge)
        new = (answer.get("new") if isinstance(answer, dict) else answer) or new
        new = validate_rename(
            doctype, old, new, meta, merge, force, ignore_permissions, ignore_if_exists, old_doc=old_doc
        )

    if not merge:
        _rename_rows(doctype, old, new, meta)
    _update_links(doctype, old, new)
    _update_dynamic_links(doctype, old, new)
    frappe.db.sql(
        "update `tabVersion` set docname = %s where ref_doctype = %s and docname = %s", (new, doctype, old)
    )
    frappe.db.value_cache.clear()
    frappe.clear_document_cache(doctype, old)

    new_doc = frappe.get_doc(doctype, new)
    new_doc.run_method("after_rename", old, new, merge)
    if merge:
        new_doc.add_comment("Edit", _("merged {0} into {1}").format(bold(old), bold(new)))
        frappe.delete_doc(doctype, old)
    else:
        from frappe.utils.password import rename_password

        rename_password(doctype, old, new)
        new_doc.add_comment("Edit", _("renamed from {0} to {1}").format(bold(old), bold(new)))
    new_doc.clear_cache()
    frappe.clear_cache()
    if show_alert:
        frappe.msgprint(
            _("Document renamed from {0} to {1}").format(bold(old), bold(new)), alert=True, indicator="green"
        )
    return new


def validate_rename(
    doctype,
    old,
    new,
    meta,
    merge,
    force=False,
    ignore_permissions=False,
    ignore_if_exists=False,
    save_point=False,
    old_doc=None,
) -> str:
    """The new name, checked: it is free (or there, for a merge), and the user may write and rename."""
    exists = frappe.db.sql(f"select name from `tab{doctype}` where name = %s for update", (new,))
    if not frappe.db.exists(doctype, old):
        frappe.throw(_("Can't rename {0} to {1} because {0} doesn't exist.").format(old, new))
    if old == new:
        frappe.throw(_("No changes made because old and new name are the same.").format(old, new))
    if merge and not exists:
        frappe.throw(_("{0} {1} does not exist, select a new target to merge").format(doctype, new))
    if not merge and exists and not ignore_if_exists:
        frappe.throw(_("Another {0} with name {1} exists, select another name").format(doctype, new))
    if not ignore_permissions:
        _check_may_write(doctype, old_doc or old, old, _("You need write permission on {0} {1} to rename"))
        if merge:
            _check_may_write(doctype, new, new, _("You need write permission on {0} {1} to merge"))
    if not (force or ignore_permissions) and not meta.allow_rename:
        frappe.throw(_("{0} not allowed to be renamed").format(_(doctype)))
    return validate_name(doctype, new)


def _check_may_write(doctype: str, doc, name: str, message: str) -> None:
    from frappe.permissions import has_permission

    if not has_permission(doctype, "write", doc, raise_exception=False):
        frappe.throw(message.format(doctype, name))


def _rename_rows(doctype: str, old: str, new: str, meta) -> None:
    frappe.db.sql(f"update `tab{doctype}` set name = %s where name = %s", (new, old))
    kind, _colon, fieldname = cstr(meta.autoname).partition(":")
    if kind == "field":
        frappe.db.sql(f"update `tab{doctype}` set `{fieldname}` = %s where name = %s", (new, new))
    for df in meta.get_table_fields():
        frappe.db.sql(
            f"update `tab{df.options}` set parent = %s where parent = %s and parenttype = %s",
            (new, old, doctype),
        )


def _update_links(doctype: str, old: str, new: str) -> None:
    for field in get_link_fields(doctype):
        parent, fieldname = field["parent"], field["fieldname"]
        if field["issingle"]:
            single = frappe.get_doc(parent)
            if single.get(fieldname) == old:
                single.set(fieldname, new)
                single.flags.ignore_mandatory = single.flags.ignore_links = True
                single.save(ignore_permissions=True)
        else:
            frappe.db.set_value(parent, {fieldname: old}, fieldname, new, update_modified=False)


def _update_dynamic_links(doctype: str, old: str, new: str) -> None:
    for df in get_dynamic_link_map().get(doctype, []):
        if frappe.get_meta(df.parent).issingle:
            single = frappe.db.get_singles_dict(df.parent)
            if (single.get(df.options), single.get(df.fieldname)) == (doctype, old):
                frappe.db.set_single_value(df.parent, df.fieldname, new, update_modified=False)
        else:
            frappe.db.sql(
                f"update `tab{df.parent}` set `{df.fieldname}` = %s "
                f"where `{df.options}` = %s and `{df.fieldname}` = %s",
                (new, doctype, old),
            )


def get_link_fields(doctype: str) -> list[dict]:
    """Link fields that point to a DocType, as dicts of parent, fieldname and issingle."""
    if not frappe.flags.link_fields:
        frappe.flags.link_fields = {}
    known = frappe.flags.link_fields
    if doctype not in known:
        standard = """select f.parent, f.fieldname, d.issingle from `tabDocField` f
            join `tabDocType` d on d.name = f.parent
            where f.options = %s and f.fieldtype = 'Link' and f.is_virtual = 0 and d.is_virtual = 0"""
        custom = """select f.dt as parent, f.fieldname, d.issingle from `tabCustom Field` f
            join `tabDocType` d on d.name = f.dt
            where f.options = %s and f.fieldtype = 'Link' and f.is_virtual = 0"""
        changed = """select s.doc_type as parent, s.field_name as fieldname, d.issingle
            from `tabProperty Setter` s join `tabDocType` d on d.name = s.doc_type
            where s.property = 'options' and s.value = %s and s.field_name is not null"""
        known[doctype] = [
            row
            for query in (standard, custom, changed)
            for row in frappe.db.sql(query, (doctype,), as_dict=True)
        ]
    return known[doctype]


def bulk_rename(doctype: str, rows=None, via_console: bool = False):
    """Not answered."""
    raise NotImplementedError("frappe.model.rename_doc.bulk_rename")


def update_document_title(**kwargs):
    """Not answered."""
    raise NotImplementedError("frappe.model.rename_doc.update_document_title")
