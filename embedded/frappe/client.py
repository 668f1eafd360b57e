"""Methods that clients call on documents of any DocType, each under the caller's permissions."""

import frappe
import frappe.model
from frappe import _
from frappe.api.documents import clean, existing, json_argument, parse, readable, received
from frappe.api.reading import (
    check_parent,
    expand_links,
    get_count,
    get_list,
    get_single_value,
    get_value,
    validate_link,
)
from frappe.utils import cint, sbool

__all__ = ["expand_links", "get_count", "get_list", "get_single_value", "get_value", "validate_link"]

MAX_INSERTS = 200
STANDARD_FIELDS = (*frappe.model.default_fields, *frappe.model.child_table_fields)


@frappe.whitelist()
def get(doctype, name=None, filters=None, parent=None) -> dict:
    """A document: by name, the first that matches the filters, or a Single."""
    check_parent(doctype, parent)
    filters = json_argument({"filters": filters}, "filters")
    if name:
        doc = existing(doctype, name)
    elif filters or filters == {}:
        doc = existing(doctype, filters)
    else:
        doc = existing(doctype, doctype)
    doc.check_permission()
    return readable(doc).as_dict()


@frappe.whitelist(methods=["POST", "PUT"])
def set_value(doctype, name, fieldname, value=None) -> dict:
    """Set a field, or fields given as a dict, through a save; standard fields of a dict are left out."""
    if isinstance(fieldname, str) and fieldname in STANDARD_FIELDS:
        frappe.throw(_("Cannot edit standard fields"))
    values = {fieldname: value} if isinstance(fieldname, str) else fieldname
    if not value and isinstance(fieldname, str) and fieldname.lstrip()[:1] == "{":
        values = parse(fieldname)
    elif not value and isinstance(fieldname, str):
        values = {fieldname: "" if value is None else value}
    if not isinstance(values, dict):
        frappe.throw(_("Invalid request arguments"))
    values = {key: each for key, each in clean(doctype, values).items() if key not in STANDARD_FIELDS}

    if frappe.is_table(doctype):
        doc = _parent_of(doctype, name)
        next(row for row in doc.get_all_children(doctype) if row.name == name).update(values)
    else:
        doc = existing(doctype, name, "write", for_update=True)
        doc.update(values)
    doc.save()
    return readable(doc).as_dict()


def _parent_of(doctype: str, name: str):
    """The document to which a child row belongs. Raises DoesNotExistError."""
    row = frappe.db.get_value(doctype, name, ["parenttype", "parent"], as_dict=True)
    if not row or not row.parenttype:
        raise frappe.DoesNotExistError
    return frappe.get_doc(row.parenttype, row.parent, for_update=True)


@frappe.whitelist(methods=["POST", "PUT"])
def insert(doc=None) -> dict:
    """Insert a document (a dict or its JSON)."""
    return readable(insert_doc(doc)).as_dict()


@frappe.whitelist(methods=["POST", "PUT"])
def insert_many(docs=None) -> list:
    """Insert up to 200 documents; all of them or none. Answers their names."""
    docs = parse(docs)
    if not isinstance(docs, list):
        frappe.throw(_("Invalid request arguments"))
    if len(docs) > MAX_INSERTS:
        frappe.throw(_("Only 200 inserts allowed in one request"))
    return [insert_doc(doc).name for doc in docs]


def insert_doc(doc):
    """Insert what a client sent; a child row goes in by its parent, which is returned."""
    values = parse(doc)
    if not isinstance(values, dict) or not isinstance(values.get("doctype"), str):
        frappe.throw(_("Invalid request arguments"))
    doctype = values["doctype"]
    if not frappe.is_table(doctype):
        return received(values).insert()
    if not (values.get("parenttype") and values.get("parent") and values.get("parentfield")):
        frappe.throw(_("Parenttype, Parent and Parentfield are required to insert a child record"))
    parent = frappe.get_doc(values["parenttype"], values["parent"], for_update=True)
    field = parent.meta.get_field(values["parentfield"])
    if not field or field.options != doctype:
        frappe.throw(_("Invalid request arguments"))
    parent.append(values["parentfield"], clean(doctype, values))
    return parent.save()


@frappe.whitelist(methods=["POST", "PUT"])
def save(doc) -> dict:
    """Save a whole document, as the client holds it."""
    return readable(received(doc).save()).as_dict()


@frappe.whitelist(methods=["POST", "PUT"])
def rename_doc(doctype, old_name, new_name, merge=False) -> str:
    """Rename a document, or merge it into another."""
    return frappe.rename_doc(doctype, old_name, new_name, merge=sbool(merge) is True or bool(cint(merge)))


@frappe.whitelist(methods=["POST", "PUT"])
def submit(doc) -> dict:
    """Submit a document, as the client holds it."""
    return readable(received(doc).submit()).as_dict()


@frappe.whitelist(methods=["POST", "PUT"])
def cancel(doctype, name) -> dict:
    """Cancel a submitted document."""
    return readable(existing(doctype, name, "cancel").cancel()).as_dict()


@frappe.whitelist(methods=["DELETE", "POST"])
def delete(doctype, name) -> None:
    """Delete a document, or a row of one."""
    delete_doc(doctype, name)


def delete_doc(doctype, name) -> None:
    """A child row is taken out of its parent, which is saved."""
    if not frappe.is_table(doctype):
        existing(doctype, name, "delete")
        frappe.delete_doc(doctype, name, ignore_missing=False)
        return
    parent = _parent_of(doctype, name)
    for row in parent.get_all_children(doctype):
        if row.name == name:
            parent.remove(row)
            parent.save()
            return


@frappe.whitelist(methods=["POST", "PUT"])
def bulk_update(docs) -> dict:
    """Update documents, each `{doctype, docname, …}`; those that fail change nothing and are returned."""
    docs = parse(docs)
    if not isinstance(docs, list) or not all(isinstance(doc, dict) for doc in docs):
        frappe.throw(_("Invalid request arguments"))
    failed = []
    for values in docs:
        frappe.db.savepoint("bulk_update")
        try:
            doc = existing(values["doctype"], values["docname"], "write", for_update=True)
            values = clean(doc.doctype, values)
            doc.update(
                {key: each for key, each in values.items() if key not in ("name", "owner", "creation")}
            )
            doc.save()
        except Exception:
            frappe.db.rollback(save_point="bulk_update")
            failed.append({"doc": values, "exc": frappe.utils.get_traceback()})
    return {"failed_docs": failed}


@frappe.whitelist()
def has_permission(doctype, docname, perm_type="read") -> dict:
    """Whether the user may `perm_type` the document."""
    allowed = frappe.has_permission(doctype, str(perm_type).lower(), docname)
    return {"has_permission": bool(allowed)}


@frappe.whitelist()
def get_doc_permissions(doctype, docname) -> dict:
    """The user's rights on a document, as `{"read": 1, …}`."""
    from frappe.api.documents import existing
    from frappe.permissions import get_doc_permissions

    return {"permissions": get_doc_permissions(existing(doctype, docname))}


@frappe.whitelist()
def get_password(doctype, name, fieldname) -> str:
    """The clear text of a secret, for System Managers."""
    frappe.only_for("System Manager")
    doc = frappe.get_doc(doctype, name)
    doc.check_permission("read")
    return doc.get_password(fieldname)


@frappe.whitelist(allow_guest=True)
def get_time_zone() -> dict:
    """The site's time zone."""
    return {"time_zone": frappe.get_system_settings("time_zone")}


@frappe.whitelist(methods=["POST", "PUT"])
def attach_file(
    filename=None,
    filedata=None,
    doctype=None,
    docname=None,
    folder=None,
    decode_base64=False,
    is_private=None,
    docfield=None,
):
    """Store content as a File attached to a document; `docfield` of the document gets its address."""
    doc = frappe.get_doc(doctype, docname)
    doc.check_permission("write" if docfield else "read")
    file = frappe.get_doc(
        {
            "doctype": "File",
            "file_name": filename,
            "attached_to_doctype": doctype,
            "attached_to_name": docname,
            "attached_to_field": docfield,
            "folder": folder,
            "is_private": cint(is_private),
            "content": filedata,
            "decode": cint(sbool(decode_base64)),
        }
    ).save()
    if docfield:
        doc.set(docfield, file.file_url)
        doc.save()
    return file


@frappe.whitelist()
def is_document_amended(doctype, docname):
    """The name of the document that amends this one, else False."""
    frappe.has_permission(doctype, throw=True)
    if frappe.get_meta(doctype).has_field("amended_from"):
        return frappe.db.exists(doctype, {"amended_from": docname}) or False
    return False


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    raise NotImplementedError(f"frappe.client.{name}")
