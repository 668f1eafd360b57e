"""Where standard documents and their Python modules lie."""

import os

import frappe
from frappe import scrub

doctype_python_modules: dict = {}


def scrub_dt_dn(dt: str, dn: str) -> tuple[str, str]:
    return scrub(dt), scrub(dn)


def get_doc_path(module: str, doctype: str, name: str) -> str:
    return os.path.join(frappe.get_module_path(module), *scrub_dt_dn(doctype, name))


def get_doc_module(module: str, doctype: str, name: str):
    """Python module of a standard document such as a Report."""
    app = get_module_app(module)
    return frappe.get_module(f"{app}.{scrub(module)}.{scrub(doctype)}.{scrub(name)}.{scrub(name)}")


def get_doctype_module(doctype: str) -> str:
    """Module of a DocType. Raises DoesNotExistError if there is no such DocType."""

    def read():
        return dict(frappe.db.sql("select name, module from `tabDocType`"))

    module = frappe.cache.get_value("doctype_modules", generator=read).get(doctype)
    if not module:
        frappe.throw(frappe._("DocType {} not found").format(doctype), exc=frappe.DoesNotExistError)
    return module


def load_doctype_module(doctype: str, module: str | None = None, prefix: str = "", suffix: str = ""):
    """Python module of a DocType, or of a file beside it (`suffix="_dashboard"`). Raises ImportError."""
    module = module or get_doctype_module(doctype)
    key = (get_module_app(module), doctype, prefix, suffix)
    if key not in doctype_python_modules:
        name = get_module_name(doctype, module, prefix, suffix)
        try:
            doctype_python_modules[key] = frappe.get_module(name)
        except ImportError as error:
            raise ImportError(f"Module import failed for {doctype} ({name})\nError: {error}") from error
    return doctype_python_modules[key]


def get_module_name(doctype: str, module: str, prefix: str = "", suffix: str = "", app: str | None = None):
    """Dotted name of a DocType's Python module."""
    app = scrub(app or get_module_app(module))
    doctype = scrub(doctype)
    return f"{app}.{scrub(module)}.doctype.{doctype}.{prefix}{doctype}{suffix}"


def get_module_app(module: str) -> str:
    """App that a module belongs to. Raises DoesNotExistError."""
    app = frappe.local.module_app.get(scrub(module))
    if app is None:
        frappe.throw(frappe._("Module {} not found").format(module), exc=frappe.DoesNotExistError)
    return app


def get_app_publisher(module: str) -> str:
    return frappe.get_hooks(hook="app_publisher", app_name=get_module_app(module))[0]


def reload_doc(module, dt=None, dn=None, force=False, reset_permissions=False):
    """Import a standard document (or a list of (module, doctype, name)) again from its file."""
    from frappe.modules.import_file import import_files

    return import_files(module, dt, dn, force=force, reset_permissions=reset_permissions)


def export_module_json(doc, is_standard, module) -> None:
    """Standard documents are written by developers, not by a site: nothing happens outside developer mode."""
    if not frappe.flags.in_import and is_standard and frappe.conf.developer_mode:
        raise NotImplementedError("frappe.modules.utils.export_module_json in developer mode")


def sync_customizations(app: str | None = None) -> None:
    """Custom fields and property setters that an app ships in `<module>/custom/*.json` are not answered."""
    for app_name in [app] if app else frappe.get_installed_apps():
        for module in frappe.local.app_modules.get(app_name) or []:
            folder = frappe.get_app_path(app_name, module, "custom")
            if os.path.isdir(folder) and any(name.endswith(".json") for name in os.listdir(folder)):
                raise NotImplementedError(f"frappe.modules.utils.sync_customizations: {folder}")


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    raise NotImplementedError(f"frappe.modules.utils.{name}")
