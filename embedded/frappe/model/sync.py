"""Bringing a site's DocTypes, reports and other standard documents up to the files of an app."""

import os

import frappe
from frappe.cache_manager import clear_controller_cache
from frappe.model.base_document import get_controller
from frappe.modules.import_file import import_file_by_path

# Folders of a module whose JSON files are documents of the DocType that the folder is named after.
IMPORTABLE = (
    "doctype",
    "report",
    "number_card",
    "dashboard_chart",
    "workspace",
    "notification",
    "server_script",
    "print_format",
)
# Folders that Frappe imports too, and this host cannot.
UNANSWERED = (
    "page",
    "dashboard_chart_source",
    "web_page",
    "website_theme",
    "web_form",
    "web_template",
    "print_style",
    "onboarding_step",
    "module_onboarding",
    "form_tour",
    "client_script",
    "custom_field",
    "property_setter",
)
# What describes DocTypes comes first, then what every DocType's installation asks for.
_FIRST = (
    ("core", "docfield"),
    ("core", "docperm"),
    ("core", "doctype_action"),
    ("core", "doctype_link"),
    ("core", "doctype_state"),
    ("core", "doctype"),
    ("core", "role"),
    ("core", "has_role"),
    ("core", "module_def"),
    ("custom", "custom_field"),
    ("custom", "property_setter"),
    ("core", "custom_docperm"),
)


def sync_all(force: int = 0, reset_permissions: bool = False) -> None:
    """Sync every installed app."""
    frappe.flags.in_patch = True
    try:
        for app in frappe.get_installed_apps():
            sync_for(app, force, reset_permissions=reset_permissions)
    finally:
        frappe.flags.in_patch = False
    frappe.clear_cache()


def sync_for(app_name: str, force: int = 0, reset_permissions: bool = False) -> None:
    """Import what is new or changed of one app: DocTypes by the hash of their file, others by `modified`."""
    files: list[str] = []
    if app_name == "frappe":
        base = frappe.get_app_path("frappe")
        files = [os.path.join(base, module, "doctype", name, f"{name}.json") for module, name in _FIRST]
    for module in frappe.local.app_modules.get(app_name) or []:
        files = get_doc_files(files, frappe.get_app_path(app_name, module))
    # A DocType may be asked for by a document of any module: all DocTypes first.
    files.sort(key=lambda path: path.split(os.sep)[-3] != "doctype")
    for path in files:
        import_file_by_path(path, force=force, ignore_version=True, reset_permissions=reset_permissions)
        frappe.db.commit()


def get_doc_files(files: list[str], start_path: str) -> list[str]:
    """Add the standard documents of a module's folder; NotImplementedError for kinds without DocType."""
    files = files or []
    for kind in UNANSWERED:
        if found := _documents(start_path, kind):
            raise NotImplementedError(f"standard documents of kind {kind}: {found[0]}")
    for kind in IMPORTABLE:
        files += [path for path in _documents(start_path, kind) if path not in files]
    return files


def _documents(start_path: str, kind: str) -> list[str]:
    folder = os.path.join(start_path, kind)
    if not os.path.isdir(folder):
        return []
    paths = [os.path.join(folder, name, f"{name}.json") for name in sorted(os.listdir(folder))]
    return [path for path in paths if os.path.exists(path)]


def remove_orphan_doctypes() -> None:
    """Delete DocTypes whose code is gone; their tables and rows stay."""
    clear_controller_cache()
    overridden = frappe.get_hooks("override_doctype_class") or {}
    for name in frappe.get_all("DocType", {"custom": 0}, pluck="name"):
        if name in overridden:
            continue
        try:
            get_controller(name)
        except (ImportError, frappe.DoesNotExistError):
            print(f"Orphaned DocType found: {name}")
            frappe.delete_doc("DocType", name, force=True, ignore_missing=True)
    frappe.db.commit()
