"""Sites are made and apps are installed on them."""

import hashlib
import json
import os
import shutil

import frappe
from frappe.utils.data import DEFAULT_TIME_ZONE
from frappe.utils.synchronization import filelock

# Time zone of a new site by its language, unless one is asked for.
TIME_ZONES = {"zh": "Asia/Shanghai"}


class SiteExistsError(frappe.ValidationError):
    pass


def new_site(
    site: str,
    admin_password: str | None = None,
    db_name: str | None = None,
    install_apps=(),
    force: bool = False,
    language: str | None = None,
    time_zone: str | None = None,
) -> None:
    """Make a site: folders, configuration, database, the frappe app, Administrator, then `install_apps`.

    `force` replaces a site of that name. A site that could not be made to the end is removed again.
    Raises SiteExistsError; the site is connected afterwards.
    """
    frappe.init(site, new_site=True, force=True)
    existed = os.path.exists(get_site_config_path())
    if existed and not force:
        raise SiteExistsError(f"Site {site} already exists")

    make_site_dirs()
    try:
        with filelock("bench_new_site", timeout=1):
            install_db(db_name=db_name, admin_password=admin_password, force=force)
            for app in ["frappe", *(frappe.conf.get("install_apps") or []), *install_apps]:
                install_app(app)
                if app == "frappe":
                    _set_locale(language, time_zone)
            frappe.db.commit()
    except BaseException:
        if frappe.local.get("db"):
            frappe.db.close()
        if not existed:
            shutil.rmtree(frappe.local.site_path, ignore_errors=True)
        raise


def _set_locale(language, time_zone) -> None:
    """Write down what Frappe's setup wizard would ask; there is none here."""
    settings = frappe.get_doc("System Settings")
    settings.language = language or "en"
    settings.time_zone = time_zone or TIME_ZONES.get(settings.language[:2], DEFAULT_TIME_ZONE)
    settings.enable_scheduler = 1
    settings.flags.ignore_mandatory = True
    settings.flags.ignore_links = True
    settings.save()
    frappe.local.lang = settings.language
    frappe.clear_cache()


def install_db(db_name=None, admin_password=None, force=False) -> None:
    """The site's configuration and a database with the framework's tables."""
    from frappe.database import bootstrap_database, setup_database

    site, sites_path = frappe.local.site, frappe.local.sites_path
    make_site_config(db_name or default_db_name())
    frappe.destroy()
    frappe.init(site, sites_path=sites_path)
    frappe.flags.in_install_db = True
    setup_database(force=force)
    frappe.connect()
    bootstrap_database()
    frappe.conf.admin_password = frappe.conf.admin_password or admin_password
    frappe.flags.in_install_db = False
    frappe.clear_cache()


def default_db_name() -> str:
    path = os.path.realpath(frappe.get_site_path())
    return "_" + hashlib.sha1(path.encode(), usedforsecurity=False).hexdigest()[:16]


def install_app(name: str, verbose=False, set_as_patched: bool = True, force: bool = False) -> None:
    """Install an app on the connected site, what it requires first.

    Order: before_install, before_app_install, DocTypes, patches (as done), after_install, after_app_install,
    scheduled jobs, fixtures, after_sync.
    Nothing happens if the app is there, unless `force`.
    """
    from frappe.core.doctype.scheduled_job_type.scheduled_job_type import sync_jobs
    from frappe.model.sync import sync_for
    from frappe.modules.utils import sync_customizations
    from frappe.utils.fixtures import sync_fixtures

    frappe.flags.in_install = name
    try:
        frappe.clear_cache()
        frappe.setup_module_map()
        hooks = frappe.get_hooks(app_name=name)
        for required in hooks.required_apps or []:
            install_app(required.rsplit("/", 1)[-1], verbose=verbose)
            frappe.flags.in_install = name
        if name not in frappe.get_all_apps():
            raise Exception(f"App {name} not in apps.txt")
        if name in frappe.get_installed_apps() and not force:
            print(f"App {name} already installed")
            return

        print(f"Installing {name}...")
        if name != "frappe":
            frappe.only_for("System Manager")
        for method in hooks.before_install or []:
            if frappe.get_attr(method)() is False:
                return
        for method in frappe.get_hooks("before_app_install"):
            frappe.get_attr(method)(name)

        if name != "frappe":
            add_module_defs(name, ignore_if_duplicate=force)
        sync_for(name, force=force, reset_permissions=True)
        add_to_installed_apps(name)
        if name == "frappe":
            from frappe.utils.install import after_install

            after_install()
        if set_as_patched:
            set_all_patches_as_completed(name)

        for method in hooks.after_install or []:
            frappe.get_attr(method)()
        for method in frappe.get_hooks("after_app_install"):
            frappe.get_attr(method)(name)
        sync_jobs()
        sync_fixtures(name)
        sync_customizations(name)
        for method in hooks.after_sync or []:
            frappe.get_attr(method)()
    finally:
        frappe.flags.in_install = False


def add_to_installed_apps(app_name: str) -> None:
    installed = list(frappe.get_installed_apps())
    if app_name in installed:
        return
    installed.append(app_name)
    frappe.db.set_global("installed_apps", json.dumps(installed))
    frappe.db.commit()
    frappe.clear_cache()
    if frappe.flags.in_install:
        init_singles()
        frappe.db.commit()
        frappe.clear_cache()


def remove_from_installed_apps(app_name: str) -> None:
    installed = [app for app in frappe.get_installed_apps() if app != app_name]
    frappe.db.set_global("installed_apps", json.dumps(installed))
    frappe.db.commit()
    frappe.clear_cache()


def remove_app(app_name: str, force: bool = False) -> None:
    """Uninstall an app: its hooks, every document of its modules, its DocTypes with their tables."""
    if not force and app_name not in frappe.get_installed_apps():
        print(f"App {app_name} not installed on Site {frappe.local.site}")
        return
    for other in frappe.get_installed_apps():
        required = frappe.get_hooks("required_apps", [], app_name=other)
        if other != app_name and any(app.rsplit("/", 1)[-1] == app_name for app in required):
            frappe.throw(f"App {app_name} is a dependency of {other}. Uninstall {other} first.")

    frappe.flags.in_uninstall = True
    try:
        hooks = frappe.get_hooks(app_name=app_name)
        for method in hooks.before_uninstall or []:
            frappe.get_attr(method)()
        tables = []
        for module in frappe.get_all("Module Def", filters={"app_name": app_name}, pluck="name"):
            tables += _delete_module(module)
        remove_from_installed_apps(app_name)
        for doctype in tables:
            frappe.db.sql_ddl(f"drop table if exists `tab{doctype}`")
        for method in hooks.after_uninstall or []:
            frappe.get_attr(method)()
        frappe.db.commit()
    finally:
        frappe.flags.in_uninstall = False
    frappe.clear_cache()


def _delete_module(module: str) -> list[str]:
    """Delete a module's standard documents and DocTypes; returns the DocTypes whose tables are left."""
    delete = {"ignore_on_trash": True, "force": True}
    for doctype in ("Workspace", "Report", "Number Card", "Print Format"):
        if frappe.db.exists("DocType", doctype):
            for name in frappe.get_all(doctype, filters={"module": module}, pluck="name"):
                frappe.delete_doc(doctype, name, **delete)
    left = []
    for row in frappe.get_all("DocType", filters={"module": module}, fields=["name", "issingle"]):
        frappe.delete_doc("DocType", row.name, **delete)
        if not row.issingle:
            left.append(row.name)
    frappe.delete_doc("Module Def", module, **delete)
    return left


def set_all_patches_as_completed(app: str) -> None:
    """A fresh install needs no patch: log them all as done."""
    from frappe.modules.patch_handler import get_patches_from_app

    for patch in get_patches_from_app(app):
        frappe.get_doc({"doctype": "Patch Log", "patch": patch}).insert(ignore_permissions=True)
    frappe.db.commit()


def init_singles() -> None:
    """Save every Single once, so that its defaults are there."""
    for single in frappe.get_all("DocType", filters={"issingle": 1}, pluck="name"):
        if frappe.db.get_singles_dict(single):
            continue
        try:
            doc = frappe.new_doc(single)
        except (ImportError, frappe.DoesNotExistError):
            continue
        doc.flags.ignore_mandatory = True
        doc.flags.ignore_validate = True
        doc.save()


def add_module_defs(app: str, ignore_if_duplicate: bool = False) -> None:
    for module in frappe.get_module_list(app):
        doc = frappe.new_doc("Module Def")
        doc.app_name = app
        doc.module_name = module
        doc.insert(ignore_permissions=True, ignore_if_duplicate=ignore_if_duplicate)


# --- configuration


def get_site_config_path() -> str:
    return os.path.join(frappe.local.site_path, "site_config.json")


def make_site_dirs() -> None:
    for folder in ("public/files", "private/backups", "private/files", "locks", "logs", "db"):
        os.makedirs(frappe.get_site_path(*folder.split("/")), exist_ok=True)


def make_site_config(db_name: str) -> None:
    path = get_site_config_path()
    if not os.path.exists(path):
        _write_config(path, {"db_name": db_name, "db_type": "sqlite"})


def update_site_config(key, value, validate: bool = True, site_config_path: str | None = None) -> None:
    """Set a key of the site's configuration (or of another file); the text "None" removes it."""
    path = site_config_path or get_site_config_path()
    with filelock("site_config", is_global="common_site_config" in path):
        config = frappe.get_file_json(path) if os.path.exists(path) else {}
        words = {"0": 0, "1": 1, "false": False, "true": True}
        value = words.get(value, value) if isinstance(value, str) else value
        if value == "None":
            config.pop(key, None)
        else:
            config[key] = value
        _write_config(path, config)
    if frappe.local.get("conf") is not None:
        frappe.local.conf[key] = value


def _write_config(path: str, config: dict) -> None:
    interim = f"{path}.new"
    with open(interim, "w", encoding="utf-8") as handle:
        json.dump(config, handle, indent=1, sort_keys=True)
    os.replace(interim, path)


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    raise NotImplementedError(f"frappe.installer.{name}")
