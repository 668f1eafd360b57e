"""Documents and values that are kept: for the request, in `frappe.cache`, and how they are forgotten."""

import frappe
from frappe.exceptions import DoesNotExistError
from frappe.types.frappedict import _dict


def get_cached_doc(*args, **kwargs):
    """A Document from the cache; treat it as read-only."""
    if (key := can_cache_doc(args)) and (doc := frappe.cache.get_value(key)):
        return doc
    doc = frappe.get_doc(*args, **kwargs)
    _set_document_in_cache(key or get_document_cache_key(doc.doctype, doc.name), doc)
    return doc


def _set_document_in_cache(key, doc) -> None:
    frappe.cache.set_value(key, doc)


def can_cache_doc(args) -> str | None:
    """Key under which a document asked for by `args` is cached; None if it cannot be."""
    if not args:
        return None
    doctype = args[0]
    name = doctype if len(args) == 1 or args[1] is None else args[1]
    if isinstance(doctype, str) and isinstance(name, str):
        return get_document_cache_key(doctype, name)
    return None


def get_document_cache_key(doctype: str, name: str) -> str:
    return f"document_cache::{doctype}::{name}"


def clear_document_cache(doctype: str, name: str | None = None) -> None:
    """Forget a cached document now, and again when the transaction ends (others may have read meanwhile)."""

    def clear():
        if name is not None:
            frappe.cache.delete_value(get_document_cache_key(doctype, name))
        else:
            frappe.cache.delete_keys(get_document_cache_key(doctype, ""))

    clear()
    db = frappe.local.get("db")
    if db is not None and hasattr(db, "after_commit"):
        db.after_commit.add(clear)
        db.after_rollback.add(clear)
    if doctype == "System Settings":
        frappe.local.__dict__.pop("system_settings", None)
    if doctype == "Website Settings":
        frappe.local.__dict__.pop("website_settings", None)


def get_cached_value(doctype: str, name: str, fieldname="name", as_dict: bool = False):
    """Field or fields of a cached document; None if there is no such document."""
    try:
        doc = frappe.get_cached_doc(doctype, name)
    except DoesNotExistError:
        frappe.clear_last_message()
        return None
    if isinstance(fieldname, str):
        if as_dict:
            frappe.throw("Cannot make dict for single fieldname")
        return doc.get(fieldname)
    values = [doc.get(field) for field in fieldname]
    return _dict(zip(fieldname, values, strict=False)) if as_dict else values


def get_system_settings(key):
    """A field of System Settings; None while the site is being made."""
    local = frappe.local
    if "system_settings" not in local.__dict__:
        try:
            local.system_settings = frappe.get_cached_doc("System Settings")
        except DoesNotExistError:
            frappe.clear_last_message()
            return None
    return local.system_settings.get(key)


def local_cache(namespace, key, generator, regenerate_if_none=False):
    """A value computed once in this request."""
    store = frappe.local.cache.setdefault(namespace, {})
    if key not in store or (store[key] is None and regenerate_if_none):
        store[key] = generator()
    return store[key]


def reset_metadata_version() -> str:
    version = frappe.generate_hash()
    frappe.cache.set_value("metadata_version", version)
    return version


def clear_cache(user: str | None = None, doctype: str | None = None) -> None:
    """Forget what is cached of a user, of a DocType, or everything of the site."""
    import frappe.cache_manager
    import frappe.utils.caching

    local = frappe.local
    if doctype:
        frappe.cache_manager.clear_doctype_cache(doctype)
        reset_metadata_version()
    elif user:
        frappe.cache_manager.clear_user_cache(user)
    else:
        frappe.cache.clear_site(keep=frappe.get_hooks("persistent_cache_keys"))
        reset_metadata_version()
        local.cache = {}
        local.new_doc_templates = {}
        for method in frappe.get_hooks("clear_cache"):
            frappe.get_attr(method)()

    frappe.utils.caching.clear_site_cache()
    frappe.utils.caching.reset_request_cache()
    local.role_permissions = {}
    for name in ("system_settings", "website_settings", "doc_events_hooks"):
        local.__dict__.pop(name, None)
