"""Restoring a site from a backup: checked whole before anything of the site is touched."""

import json
import os
import shutil
import sqlite3
import tempfile

import frappe
from frappe.utils.backups import CONFIG, DATABASE, FOLDERS, DamagedBackupError, make_backup, unpack
from frappe.utils.synchronization import filelock


def restore(site: str, path: str) -> dict:
    """Put the backup `path` in the place of a site, or make the site of it; returns {"manifest", "kept"}.

    `kept` is a backup of the site as it was, None for a new one. The database is replaced in one transaction
    of its own, so that a server may go on running: its requests see the old site or the new one. Raises
    DamagedBackupError, and ValidationError if an app of the backup is missing here: nothing has changed then.
    """
    frappe.init(site, new_site=True, force=True)
    existed = os.path.exists(frappe.get_site_path("site_config.json"))
    os.makedirs(frappe.local.sites_path, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=frappe.local.sites_path, prefix=".restoring-") as folder:
        manifest = unpack(path, folder)
        _check_apps(manifest)
        if existed:
            frappe.destroy()
            frappe.init(site, force=True)
            with filelock("restore", timeout=1):
                kept = _back_up_present()
                _replace(folder)
        else:
            kept = None
            _make(folder)
    _forget(site)
    return {"manifest": manifest, "kept": kept}


def _check_apps(manifest: dict) -> None:
    import importlib.util

    missing = [app for app in manifest["apps"] if importlib.util.find_spec(app) is None]
    if missing:
        raise frappe.ValidationError("Apps of the backup that are not here: " + ", ".join(missing))


def _back_up_present() -> str | None:
    """A backup of the site as it is; None if its database cannot be read (then there is nothing to keep)."""
    frappe.connect()
    try:
        return make_backup()
    except sqlite3.DatabaseError:
        return None
    finally:
        frappe.db.close()


def _replace(folder: str) -> None:
    """Files first, aside and in; then the database. If that fails, the files come back."""
    swapped = []
    try:
        for name in FOLDERS:
            new, present = os.path.join(folder, name), frappe.get_site_path(*name.split("/"))
            aside = os.path.join(folder, "aside", name)
            os.makedirs(new, exist_ok=True)
            os.makedirs(os.path.dirname(aside), exist_ok=True)
            os.makedirs(present, exist_ok=True)
            os.rename(present, aside)
            swapped.append((present, aside))
            os.rename(new, present)
        _replace_database(os.path.join(folder, DATABASE))
    except BaseException:
        for present, aside in swapped:
            shutil.rmtree(present, ignore_errors=True)
            os.rename(aside, present)
        raise
    _take_encryption_key(folder)


def _replace_database(source: str) -> None:
    """Write all pages of a database over the site's, in one transaction."""
    from frappe.database import get_db

    path = get_db(cur_db_name=frappe.local.conf.db_name).path
    new = sqlite3.connect(source)
    present = sqlite3.connect(path, timeout=60)
    try:
        present.execute("pragma synchronous = full")
        new.backup(present)
        present.execute("pragma journal_mode = wal")
    except sqlite3.DatabaseError as error:
        raise frappe.ValidationError(f"The database could not be replaced: {error}") from error
    finally:
        new.close()
        present.close()


def _take_encryption_key(folder: str) -> None:
    """Secrets of the backup are encrypted with its key; all else of the configuration stays."""
    from frappe.installer import update_site_config

    with open(os.path.join(folder, CONFIG), encoding="utf-8") as handle:
        config = json.load(handle)
    if config.get("encryption_key"):
        update_site_config("encryption_key", config["encryption_key"])


def _make(folder: str) -> None:
    """A site that did not exist: whole under another name first, then renamed."""
    from frappe.installer import make_site_dirs

    with open(os.path.join(folder, CONFIG), encoding="utf-8") as handle:
        config = json.load(handle)
    db_name = config.get("db_name")
    if not isinstance(db_name, str) or os.path.basename(db_name) != db_name or db_name.startswith("."):
        raise DamagedBackupError(f"{CONFIG} names no database")
    site_path = frappe.local.site_path
    frappe.local.site_path = os.path.join(folder, "site")
    make_site_dirs()
    for name in (*FOLDERS, CONFIG):
        source, target = os.path.join(folder, name), frappe.get_site_path(*name.split("/"))
        if os.path.isdir(target):
            os.rmdir(target)
        if os.path.exists(source):
            os.rename(source, target)
        else:
            os.makedirs(target)
    os.rename(os.path.join(folder, DATABASE), frappe.get_site_path("db", f"{db_name}.db"))
    frappe.local.site_path = site_path
    os.rename(os.path.join(folder, "site"), site_path)


def _forget(site: str) -> None:
    """What processes have cached of the site was of the old one."""
    frappe.destroy()
    frappe.init(site, force=True)
    frappe.connect()
    try:
        frappe.clear_cache()
        frappe.db.commit()
    finally:
        frappe.destroy()
