"""Documents, lists, permissions, caches: thin delegates to the modules that answer them."""

import frappe
from frappe._cached import _set_document_in_cache, can_cache_doc
from frappe._web import whitelist
from frappe.exceptions import DoesNotExistError, PermissionError


def get_doc(*args, **kwargs):
    """A Document: by doctype and name, or new from a dict or keyword arguments."""
    from frappe.model.document import get_doc

    doc = get_doc(*args, **kwargs)
    if not kwargs.get("for_update") and (key := can_cache_doc(args)) and frappe.cache.exists(key):
        _set_document_in_cache(key, doc)
    return doc


def new_doc(doctype, *, parent_doc=None, parentfield=None, as_dict=False, **kwargs):
    """A new Document with its defaults, not inserted; keyword arguments set fields."""
    from frappe.model.create_new import get_new_doc

    return get_new_doc(doctype, parent_doc, parentfield, as_dict=as_dict).update(kwargs)


def get_last_doc(doctype, filters=None, order_by="creation desc", *, for_update=False):
    """The newest document that matches. Raises DoesNotExistError if none does."""
    names = frappe.get_all(doctype, filters=filters, limit_page_length=1, order_by=order_by, pluck="name")
    if not names:
        raise DoesNotExistError
    return frappe.get_doc(doctype, names[0], for_update=for_update)


def get_single(doctype):
    return frappe.get_doc(doctype, doctype)


def get_meta(doctype, cached=True):
    """Meta of a DocType: its fields, permissions and properties with customisations applied."""
    from frappe.model.meta import get_meta

    return get_meta(doctype, cached=cached)


def get_meta_module(doctype):
    from frappe.modules import load_doctype_module

    return load_doctype_module(doctype)


def get_precision(doctype, fieldname, currency=None, doc=None) -> int:
    from frappe.model.meta import get_field_precision

    return get_field_precision(frappe.get_meta(doctype).get_field(fieldname), doc, currency)


def is_table(doctype: str) -> bool:
    """Whether a DocType is a child table."""

    def get_tables():
        return frappe.db.get_values("DocType", filters={"istable": 1}, order_by=None, pluck=True)

    return doctype in frappe.cache.get_value("is_table", get_tables)


def set_value(doctype, docname, fieldname, value=None):
    from frappe.client import set_value

    return set_value(doctype, docname, fieldname, value)


def get_value(*args, **kwargs):
    """Alias of `frappe.db.get_value`."""
    return frappe.db.get_value(*args, **kwargs)


def get_list(doctype, *args, **kwargs):
    """Records the current user may read. Arguments as `frappe.model.db_query.DatabaseQuery.execute`."""
    from frappe.model.db_query import DatabaseQuery

    return DatabaseQuery(doctype).execute(*args, **kwargs)


def get_all(doctype, *args, **kwargs):
    """As get_list, without permissions and without a limit."""
    kwargs["ignore_permissions"] = True
    kwargs.setdefault("limit_page_length", 0)
    return frappe.get_list(doctype, *args, **kwargs)


def delete_doc(
    doctype=None,
    name=None,
    force=False,
    ignore_doctypes=None,
    for_reload=False,
    ignore_permissions=False,
    flags=None,
    ignore_on_trash=False,
    ignore_missing=True,
    delete_permanently=False,
):
    """Delete a document; refused with LinkExistsError while others link to it, unless `force`."""
    from frappe.model.delete_doc import delete_doc

    return delete_doc(
        doctype,
        name,
        force,
        ignore_doctypes,
        for_reload,
        ignore_permissions,
        flags,
        ignore_on_trash,
        ignore_missing,
        delete_permanently,
    )


def delete_doc_if_exists(doctype, name, force=0):
    frappe.delete_doc(doctype, name, force=force, ignore_missing=True)


@whitelist(methods=["POST", "PUT"])
def rename_doc(
    doctype: str,
    old: str,
    new: str,
    force: bool = False,
    merge: bool = False,
    *,
    ignore_if_exists: bool = False,
    show_alert: bool = True,
    rebuild_search: bool = True,
) -> str:
    """Rename a document and every link to it; returns the new name."""
    from frappe.model.rename_doc import rename_doc

    return rename_doc(
        doctype=doctype,
        old=old,
        new=new,
        force=force,
        merge=merge,
        ignore_if_exists=ignore_if_exists,
        show_alert=show_alert,
        rebuild_search=rebuild_search,
    )


def copy_doc(doc, ignore_no_copy: bool = True):
    """An unsaved copy. `ignore_no_copy=True` copies the no_copy fields too, as Frappe does."""
    import copy

    fields_to_clear = ["name", "owner", "creation", "modified", "modified_by"]
    if not frappe.local.flags.in_test:
        fields_to_clear.append("docstatus")

    def clean(row, fields):
        for fieldname in fields:
            row.set(fieldname, None)
        if not ignore_no_copy:
            for df in row.meta.get("fields", {"no_copy": 1}):
                if hasattr(row, df.fieldname):
                    row.set(df.fieldname, None)

    newdoc = frappe.get_doc(copy.deepcopy(doc if isinstance(doc, dict) else doc.as_dict()))
    newdoc.set("__islocal", 1)
    clean(newdoc, [*fields_to_clear, "amended_from", "amendment_date"])
    for row in newdoc.get_all_children():
        row.set("__islocal", 1)
        clean(row, fields_to_clear)
    return newdoc


def reload_doctype(doctype, force=False, reset_permissions=False):
    module = frappe.scrub(frappe.db.get_value("DocType", doctype, "module"))
    frappe.reload_doc(module, "doctype", frappe.scrub(doctype), force, reset_permissions)


def reload_doc(module, dt=None, dn=None, force=False, reset_permissions=False):
    """Import a standard document again from its JSON file."""
    from frappe.modules import reload_doc

    return reload_doc(module, dt, dn, force=force, reset_permissions=reset_permissions)


def get_roles(username=None) -> list[str]:
    """Roles of a user (the current one by default)."""
    if not frappe.local.session or not frappe.local.session.user:
        return ["Guest"]
    from frappe.permissions import get_roles

    return get_roles(username or frappe.local.session.user)


def has_permission(
    doctype=None, ptype="read", doc=None, user=None, throw=False, *, parent_doctype=None, debug=False
):
    """Whether the user may `ptype` a DocType or a document; PermissionError instead of False with `throw`."""
    import frappe.permissions

    if not doctype and doc:
        doctype = doc.doctype
    out = frappe.permissions.has_permission(
        doctype, ptype, doc=doc, user=user, raise_exception=throw, parent_doctype=parent_doctype, debug=debug
    )
    if throw and not out:
        label = frappe._(doctype)
        if doc:
            label = f"{label} {doc if isinstance(doc, str) else doc.name}"
        frappe.flags.error_message = frappe._("No permission for {0}").format(label)
        raise PermissionError
    return out


def only_has_select_perm(doctype, user=None, ignore_permissions=False):
    if ignore_permissions:
        return False
    from frappe.permissions import get_role_permissions

    permissions = get_role_permissions(doctype, user=user or frappe.local.session.user)
    return permissions.get("select") and not permissions.get("read")


def get_user():
    from frappe.utils.user import UserPermissions

    if not frappe.local.user_perms:
        frappe.local.user_perms = UserPermissions(frappe.local.session.user)
    return frappe.local.user_perms


def get_single_value(doctype, fieldname):
    return frappe.db.get_single_value(doctype, fieldname)
