"""Calls about files."""

import frappe
from frappe.utils import cint

DEFAULT_LIMIT = 25 * 1024 * 1024


def get_max_file_size() -> int:
    """Bytes that one file may have: System Settings (in MB), else the site's configuration, else 25 MB."""
    return (
        cint(frappe.get_system_settings("max_file_size")) * 1024 * 1024
        or cint(frappe.local.conf.max_file_size)
        or DEFAULT_LIMIT
    )


@frappe.whitelist()
def get_max_file_size_allowed() -> int:
    """The same for signed-in clients."""
    return get_max_file_size()


@frappe.whitelist()
def get_files_in_folder(folder: str, start: int = 0, page_length: int = 20) -> dict:
    """A page of the files of a folder that the user may read."""
    files = frappe.get_list(
        "File",
        filters={"folder": folder},
        fields=["name", "file_name", "file_url", "is_folder", "modified"],
        order_by="modified desc",
        limit_start=start,
        limit_page_length=page_length + 1,
    )
    return {"files": files[:page_length], "has_more": len(files) > page_length}


@frappe.whitelist(methods=["POST"])
def create_new_folder(file_name: str, folder: str):
    """A new folder inside another one."""
    frappe.has_permission("File", "create", throw=True)
    return frappe.get_doc(doctype="File", file_name=file_name, is_folder=1, folder=folder).insert(
        ignore_if_duplicate=True
    )
