"""Deleting documents: refused while something links to them, remembered in Deleted Document."""

import frappe
from frappe import _
from frappe.model import table_fields
from frappe.model.base_document import DOCTYPE_TABLE_FIELDS
from frappe.model.docstatus import DocStatus
from frappe.model.dynamic_links import get_dynamic_link_map
from frappe.model.naming import revert_series_of
from frappe.model.utils import is_virtual_doctype
from frappe.utils import cint

# (DocType, field of the DocType, field of the name) of rows that only speak about a document and go with it.
_ABOUT_DOCUMENTS = (
    ("ToDo", "reference_type", "reference_name"),
    ("DocShare", "share_doctype", "share_name"),
    ("Version", "ref_doctype", "docname"),
    ("Comment", "reference_doctype", "reference_name"),
    ("View Log", "reference_doctype", "reference_name"),
    ("Tag Link", "document_type", "document_name"),
    ("Notification Log", "document_type", "document_name"),
    ("Email Unsubscribe", "reference_doctype", "reference_name"),
)


def delete_doc(
    doctype=None,
    name=None,
    force=0,
    ignore_doctypes=None,
    for_reload=False,
    ignore_permissions=False,
    flags=None,
    ignore_on_trash=False,
    ignore_missing=True,
    delete_permanently=False,
):
    """Delete one document or a list of them. False where one is not there (or DoesNotExistError).

    Raises LinkExistsError, ValidationError (submitted), PermissionError.
    """
    names = [name] if isinstance(name, str | int) else name
    for each in names or ():
        if is_virtual_doctype(doctype):
            frappe.get_doc(doctype, each).delete()
            continue
        if not frappe.db.exists(doctype, each):
            if not ignore_missing:
                raise frappe.DoesNotExistError
            return False
        _delete_passwords(doctype, each)
        options = frappe._dict(
            force=force,
            ignored=ignore_doctypes or [],
            for_reload=for_reload,
            ignore_permissions=ignore_permissions,
            flags=flags,
            ignore_on_trash=ignore_on_trash,
        )
        doc = _delete_doctype(each, options) if doctype == "DocType" else _delete(doctype, each, options)
        doc.clear_cache()
        if not delete_permanently and not for_reload:
            add_to_deleted_document(doc)
        if not for_reload and not frappe.flags.in_patch:
            doc.notify_update()
            _tell_of_deletion(doc)
    return None


def _delete(doctype: str, name, options):
    doc = frappe.get_doc(doctype, name, for_update=True)
    if not options.for_reload:
        update_flags(doc, options.flags, options.ignore_permissions)
        check_permission_and_not_submitted(doc)
        if not options.ignore_on_trash:
            doc.run_method("on_trash")
            doc.flags.in_delete = True
            doc.run_method("on_change")
        if not options.force:
            _check_links(doc)
    revert_series_of(doc)
    delete_from_table(doctype, name, options.ignored, doc)
    doc.run_method("after_delete")
    if not options.for_reload:
        delete_dynamic_links(doc.doctype, doc.name)
    return doc


def _delete_doctype(name: str, options):
    doc = frappe.get_doc("DocType", name)
    if not options.for_reload:
        flags = frappe.flags
        if not (doc.custom or frappe.conf.get("developer_mode") or flags.in_patch or options.force):
            frappe.throw(_("Standard DocType can not be deleted."))
        update_flags(doc, options.flags, options.ignore_permissions)
        check_permission_and_not_submitted(doc)
        frappe.db.delete("Custom Field", {"options": name, "fieldtype": ("in", table_fields)})
        doc.run_method("on_trash")
    else:
        doc.run_method("before_reload")
    delete_from_table("DocType", name, options.ignored, None)
    frappe.clear_cache(doctype=name)
    return doc


def _check_links(doc) -> None:
    try:
        check_if_doc_is_linked(doc)
        check_if_doc_is_dynamically_linked(doc)
    except frappe.LinkExistsError:
        if doc.meta.has_field("enabled") or doc.meta.has_field("disabled"):
            frappe.throw(
                _("You can disable this {0} instead of deleting it.").format(_(doc.doctype)),
                frappe.LinkExistsError,
            )
        raise


def _delete_passwords(doctype: str, name) -> None:
    from frappe.utils.password import delete_all_passwords_for

    delete_all_passwords_for(doctype, name)


def update_flags(doc, flags=None, ignore_permissions=False) -> None:
    """Carry the caller's flags to the document."""
    doc.flags.update(flags or {})
    if ignore_permissions:
        doc.flags.ignore_permissions = ignore_permissions


def check_permission_and_not_submitted(doc) -> None:
    """Refuse who may not delete, and what is submitted."""
    if (
        not doc.flags.ignore_permissions
        and frappe.session.user != "Administrator"
        and (not doc.has_permission("delete") or (doc.doctype == "DocType" and not doc.custom))
    ):
        frappe.msgprint(
            _("User not allowed to delete {0}: {1}").format(doc.doctype, doc.name),
            raise_exception=frappe.PermissionError,
        )
    if doc.meta.is_submittable and doc.docstatus.is_submitted():
        frappe.msgprint(
            _("{0} {1}: Submitted Record cannot be deleted. You must {2} Cancel {3} it first.").format(
                _(doc.doctype), doc.name, "", ""
            ),
            raise_exception=True,
        )


def delete_from_table(doctype: str, name, ignore_doctypes: list[str], doc) -> None:
    """Delete the row and its child rows, except those of `ignore_doctypes`."""
    if doctype != "DocType" and doctype == name:
        frappe.db.delete("Singles", {"doctype": name})
    else:
        frappe.db.delete(doctype, {"name": name})
    tables = doc._get_table_fields() if doc else DOCTYPE_TABLE_FIELDS
    for child in {df.options for df in tables} - set(ignore_doctypes or ()):
        frappe.db.delete(child, {"parenttype": doctype, "parent": name})


def check_if_doc_is_linked(doc, method: str = "Delete") -> None:
    """Raise LinkExistsError if a Link field of any row names this document."""
    from frappe.model.rename_doc import get_link_fields

    ignored = _ignored_doctypes(doc, method)
    for field in get_link_fields(doc.doctype):
        link_dt, fieldname = field["parent"], field["fieldname"]
        if link_dt in ignored or (fieldname == "amended_from" and method == "Cancel"):
            continue
        meta = frappe.get_meta(link_dt)
        if field["issingle"]:
            if frappe.db.get_single_value(link_dt, fieldname) == doc.name:
                raise_link_exists_exception(doc, link_dt, link_dt)
            continue
        columns = "name, docstatus" + (", parent, parenttype, idx" if meta.istable else "")
        rows = frappe.db.sql(
            f"select {columns} from `tab{link_dt}` where `{fieldname}` = %s", (doc.name,), as_dict=True
        )
        for row in rows:
            owner_type = row.parenttype if row.parent else link_dt
            owner = row.parent or row.name
            if owner_type in ignored or (link_dt == doc.doctype and owner == doc.name):
                continue
            if owner_type == doc.doctype and owner == doc.name:
                continue
            if method == "Delete" or DocStatus(cint(row.docstatus)).is_submitted():
                raise_link_exists_exception(doc, owner_type, owner)


def check_if_doc_is_dynamically_linked(doc, method: str = "Delete") -> None:
    """Raise LinkExistsError if a Dynamic Link of a row that counts names this document."""
    ignored = _ignored_doctypes(doc, method)
    for df in get_dynamic_link_map().get(doc.doctype, []):
        if df.parent in ignored:
            continue
        meta = frappe.get_meta(df.parent)
        if meta.issingle:
            single = frappe.db.get_singles_dict(df.parent)
            rows = (
                [single]
                if (single.get(df.options), single.get(df.fieldname)) == (doc.doctype, doc.name)
                else []
            )
        else:
            columns = "name, docstatus" + (", parent, parenttype, idx" if meta.istable else "")
            rows = frappe.db.sql(
                f"select {columns} from `tab{df.parent}` where `{df.options}` = %s and `{df.fieldname}` = %s",
                (doc.doctype, doc.name),
                as_dict=True,
            )
        for row in rows:
            status = DocStatus(cint(row.get("docstatus")))
            counts = not status.is_cancelled() if method == "Delete" else status.is_submitted()
            owner_type = row.get("parenttype") if meta.istable else df.parent
            owner = row.get("parent") if meta.istable else (row.get("name") or df.parent)
            if counts and owner_type not in ignored:
                place = f"at Row: {row.idx}" if meta.istable else ""
                raise_link_exists_exception(doc, owner_type, owner, place)


def _ignored_doctypes(doc, method: str) -> set[str]:
    ignored = {about for about, _type_field, _name_field in _ABOUT_DOCUMENTS}
    ignored.update(frappe.get_hooks("ignore_links_on_delete") or ())
    if method == "Cancel":
        ignored.update(doc.get("ignore_linked_doctypes") or ())
    return ignored


def raise_link_exists_exception(doc, reference_doctype: str, reference_docname: str, row: str = "") -> None:
    """Raise LinkExistsError naming both documents."""
    link = frappe.utils.get_link_to_form(doc.doctype, doc.name)
    reference = frappe.utils.get_link_to_form(reference_doctype, reference_docname)
    if reference_doctype == reference_docname:
        reference_doctype = ""
    frappe.throw(
        _("Cannot delete or cancel because {0} {1} is linked with {2} {3} {4}").format(
            _(doc.doctype), link, _(reference_doctype), reference, row
        ),
        frappe.LinkExistsError,
    )


def delete_dynamic_links(doctype: str, name) -> None:
    """Delete rows that only speak about the document."""
    for about, type_field, name_field in _ABOUT_DOCUMENTS:
        if frappe.db.table_exists(about):
            frappe.db.delete(about, {type_field: doctype, name_field: name})


def add_to_deleted_document(doc) -> None:
    """Remember the document as JSON."""
    if doc.doctype == "Deleted Document" or frappe.flags.in_install == "frappe":
        return
    frappe.get_doc(
        doctype="Deleted Document",
        deleted_doctype=doc.doctype,
        deleted_name=doc.name,
        data=doc.as_json(),
        owner=frappe.session.user,
    ).db_insert()


def _tell_of_deletion(doc) -> None:
    flags = frappe.flags
    if flags.in_install or flags.in_uninstall or flags.in_import or doc.get("no_feed_on_delete"):
        return
    if doc.doctype == "Comment":
        return
    from frappe.utils import get_fullname

    frappe.get_doc(
        doctype="Comment",
        comment_type="Deleted",
        reference_doctype=doc.doctype,
        subject=f"{_(doc.doctype)} {doc.name}",
        full_name=get_fullname(doc.owner),
    ).insert(ignore_permissions=True)
