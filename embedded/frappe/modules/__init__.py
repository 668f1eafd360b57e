"""Standard documents and their Python modules: `<app>/<module>/<doctype>/<name>/<name>.{json,py}`."""

from frappe import get_module_path, scrub
from frappe.modules.utils import (
    get_doc_module,
    get_doc_path,
    get_doctype_module,
    get_module_app,
    get_module_name,
    load_doctype_module,
    reload_doc,
    scrub_dt_dn,
)

__all__ = [
    "get_doc_module",
    "get_doc_path",
    "get_doctype_module",
    "get_module_app",
    "get_module_name",
    "get_module_path",
    "load_doctype_module",
    "reload_doc",
    "scrub",
    "scrub_dt_dn",
]
