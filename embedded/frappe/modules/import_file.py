"""Standard documents are imported from their JSON files when those have changed."""

import hashlib
import json
import os

import frappe
from frappe.modules.utils import get_doc_path, scrub_dt_dn
from frappe.utils import get_datetime, now

# What an administrator may have switched stays as it is when the file is imported again.
ignore_values = {
    "Report": ["disabled", "prepared_report", "add_total_row"],
    "Print Format": ["disabled"],
    "Notification": ["enabled"],
    "Workspace": ["is_hidden"],
}


def calculate_hash(path: str) -> str:
    """md5 of a file, hexadecimal."""
    with open(path, "rb") as handle:
        return hashlib.md5(handle.read(), usedforsecurity=False).hexdigest()


def import_files(module, dt=None, dn=None, force=False, pre_process=None, reset_permissions=False):
    options = {"force": force, "pre_process": pre_process, "reset_permissions": reset_permissions}
    if isinstance(module, list):
        return [import_file(*row[:3], **options) for row in module]
    return import_file(module, dt, dn, **options)


def import_file(module, dt, dn, force=False, pre_process=None, reset_permissions=False):
    path = get_file_path(module, dt, dn)
    return import_file_by_path(
        path, force=force, pre_process=pre_process, reset_permissions=reset_permissions
    )


def get_file_path(module: str, dt: str, dn: str) -> str:
    _dt, name = scrub_dt_dn(dt, dn)
    return os.path.join(get_doc_path(module, dt, dn), f"{name}.json")


def import_file_by_path(
    path: str,
    force: bool = False,
    data_import: bool = False,
    pre_process=None,
    ignore_version: bool | None = None,
    reset_permissions: bool = False,
):
    """Import the documents of a JSON file that are new or have changed.

    A DocType has changed when the file's hash differs from the one stored; any other document when the file's
    `modified` is newer. `force` imports in any case. Returns True, or None if there is no such file.
    """
    try:
        docs = read_doc_from_file(path)
    except OSError:
        print(f"{path} missing")
        return None

    file_hash = calculate_hash(path)
    for doc in docs if isinstance(docs, list) else [docs]:
        is_doctype = doc["doctype"] == "DocType"
        in_db = frappe.db.get_value(doc["doctype"], doc["name"], "modified")
        db_is_newer = bool(in_db) and get_datetime(doc.get("modified")) <= get_datetime(in_db)
        if in_db and not force:
            if is_doctype:
                if frappe.db.get_value("DocType", doc["name"], "migration_hash") == file_hash:
                    continue
            elif db_is_newer:
                continue

        import_doc(
            docdict=doc,
            data_import=data_import,
            pre_process=pre_process,
            ignore_version=ignore_version,
            reset_permissions=reset_permissions,
            path=path,
        )
        if is_doctype:
            frappe.db.sql("update `tabDocType` set migration_hash=%s where name=%s", (file_hash, doc["name"]))
        # A DocType changed without a newer `modified` is stamped now, so that browsers fetch it again.
        modified = now() if is_doctype and db_is_newer else doc.get("modified")
        if modified:
            update_modified(modified, doc)
    return True


def read_doc_from_file(path: str):
    if not os.path.exists(path):
        raise OSError(f"{path} missing")
    with open(path, encoding="utf-8") as handle:
        try:
            return json.load(handle)
        except ValueError:
            print(f"bad json: {path}")
            raise


def update_modified(original_modified, doc) -> None:
    if doc["doctype"] == doc["name"] and doc["name"] != "DocType":
        frappe.db.sql(
            "update `tabSingles` set value=%s where field='modified' and doctype=%s",
            (original_modified, doc["name"]),
        )
    else:
        frappe.db.sql(
            f"update `tab{doc['doctype']}` set modified=%s where name=%s", (original_modified, doc["name"])
        )
    frappe.clear_document_cache(doc["doctype"], doc["name"])


def import_doc(
    docdict, data_import=False, pre_process=None, ignore_version=None, reset_permissions=False, path=None
):
    """Insert a document from its dict, in place of the one of that name. Links are not checked."""
    from frappe.model.base_document import get_controller

    frappe.flags.in_import = True
    try:
        docdict["__islocal"] = 1
        controller = get_controller(docdict["doctype"])
        if callable(getattr(controller, "prepare_for_import", None)):
            controller.prepare_for_import(docdict)

        doc = frappe.get_doc(docdict)
        reset_tree_properties(doc)
        load_code_properties(doc, path)
        doc.run_method("before_import")
        doc.flags.ignore_version = ignore_version
        if pre_process:
            pre_process(doc)
        if frappe.db.exists(doc.doctype, doc.name):
            delete_old_doc(doc, reset_permissions)
        doc.flags.ignore_links = True
        if not data_import:
            doc.flags.ignore_validate = True
            doc.flags.ignore_permissions = True
            doc.flags.ignore_mandatory = True
        doc.insert()
    finally:
        frappe.flags.in_import = False
    return doc


def load_code_properties(doc, path) -> None:
    """Fill fields whose text lies in a file beside the JSON, as the controller's `get_code_fields` says."""
    if not path or not hasattr(doc, "get_code_fields"):
        return
    for fieldname, extension in doc.get_code_fields().items():
        code_file = f"{os.path.splitext(path)[0]}.{extension}"
        if os.path.exists(code_file):
            with open(code_file, encoding="utf-8") as handle:
                doc.set(fieldname, handle.read())


def delete_old_doc(doc, reset_permissions) -> None:
    """Delete the document that is replaced; the values of `ignore_values` pass to the new one."""
    kept = ignore_values.get(doc.doctype)
    if kept:
        old = frappe.get_doc(doc.doctype, doc.name)
        for fieldname in kept:
            doc.set(fieldname, old.get(fieldname))
    frappe.delete_doc(doc.doctype, doc.name, force=1, ignore_doctypes=[], for_reload=True)
    doc.flags.ignore_children_type = []


def reset_tree_properties(doc) -> None:
    """The nested set is the site's own: `lft` and `rgt` of a file would destroy it."""
    if getattr(doc.meta, "is_tree", None) and any([doc.lft, doc.rgt]):
        doc.lft = None
        doc.rgt = None
