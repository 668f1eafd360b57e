"""Patches of `patches.txt`, each run once per site; the Patch Log remembers."""

import configparser
import time
from enum import Enum

import frappe


class PatchError(Exception):
    pass


class PatchType(Enum):
    pre_model_sync = "pre_model_sync"
    post_model_sync = "post_model_sync"


def run_all(skip_failing: bool = False, patch_type: PatchType | None = None) -> None:
    """Run what has not run of all installed apps. A failing patch stops, or is logged as skipped."""
    done = set(frappe.get_all("Patch Log", filters={"skipped": 0}, pluck="patch"))
    frappe.flags.final_patches = []

    def run(patch):
        try:
            if not run_single(patchmodule=patch):
                raise PatchError(patch)
        except Exception:
            if not skip_failing:
                raise
            print(f"Failed to execute patch {patch}")
            update_patch_log(patch, skipped=True)

    for patch in get_all_patches(patch_type=patch_type):
        if patch and patch not in done:
            run(patch)
    for patch in frappe.flags.final_patches:
        run(patch.replace("finally:", ""))


def get_all_patches(patch_type: PatchType | None = None) -> list[str]:
    return [
        patch
        for app in frappe.get_installed_apps()
        for patch in get_patches_from_app(app, patch_type=patch_type)
    ]


def get_patches_from_app(app: str, patch_type: PatchType | None = None) -> list[str]:
    """Lines of an app's `patches.txt`; without sections all of them count as before the model sync."""
    path = frappe.get_app_path(app, "patches.txt")
    try:
        return parse_as_configfile(path, patch_type)
    except configparser.MissingSectionHeaderError:
        if not patch_type or patch_type == PatchType.pre_model_sync:
            return frappe.get_file_items(path)
    return []


def parse_as_configfile(patches_file: str, patch_type: PatchType | None = None) -> list[str]:
    """Patches of one section of an ini file, or of both."""
    # Patches are keys without values; a newline as delimiter lets `execute:x=1` be one.
    parser = configparser.ConfigParser(allow_no_value=True, delimiters="\n", strict=False)
    parser.optionxform = str
    parser.read(patches_file, encoding="utf-8")
    if not parser.sections():
        return []
    if not patch_type:
        return [patch for kind in PatchType if parser.has_section(kind.value) for patch in parser[kind.value]]
    if parser.has_section(patch_type.value):
        return list(parser[patch_type.value])
    frappe.throw(frappe._("Patch type {} not found in patches.txt").format(patch_type))


def run_single(patchmodule=None, method=None, methodargs=None, force=False) -> bool:
    """Run one patch (or a method) in a transaction of its own, unless it has run."""
    if force or method or not executed(patchmodule):
        return execute_patch(patchmodule, method, methodargs)
    return True


def execute_patch(patchmodule, method=None, methodargs=None) -> bool:
    _patch_mode(True)
    print(f"Executing {patchmodule or methodargs} in {frappe.local.site}")
    started = time.monotonic()
    frappe.db.begin()
    try:
        if patchmodule and patchmodule.startswith("finally:"):
            frappe.flags.final_patches.append(patchmodule)
        elif patchmodule:
            if patchmodule.startswith("execute:"):
                # A line of the app's own patches.txt, as in Frappe: code, not a document's expression.
                exec(patchmodule.split("execute:", 1)[1], {"frappe": frappe})
            else:
                frappe.get_attr(f"{patchmodule.split(maxsplit=1)[0]}.execute")()
            update_patch_log(patchmodule)
        elif method:
            method(**methodargs)
    except Exception:
        frappe.db.rollback()
        raise
    frappe.db.commit()
    _patch_mode(False)
    print(f"Success: Done in {round(time.monotonic() - started, 3)}s")
    return True


def update_patch_log(patchmodule: str, skipped: bool = False) -> None:
    patch = frappe.get_doc({"doctype": "Patch Log", "patch": patchmodule})
    if skipped:
        patch.skipped = 1
        patch.traceback = frappe.get_traceback()
        print(patch.traceback)
    patch.insert(ignore_permissions=True)


def executed(patchmodule: str):
    return frappe.db.get_value("Patch Log", {"patch": patchmodule.replace("finally:", ""), "skipped": 0})


def _patch_mode(enable: bool) -> None:
    frappe.local.flags.in_patch = enable
    frappe.db.commit()
