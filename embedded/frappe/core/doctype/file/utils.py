"""Where files lie, and which document stands for one."""

import hashlib
import os

import frappe
from frappe import _

HOME, ATTACHMENTS = "Home", "Home/Attachments"


def make_home_folder() -> None:
    """The two folders that every site has; nothing happens to those that are there."""
    for values in (
        {"file_name": HOME, "is_home_folder": 1},
        {"file_name": "Attachments", "folder": HOME, "is_attachments_folder": 1},
    ):
        name = ATTACHMENTS if values.get("folder") else HOME
        if not frappe.db.exists("File", name):
            frappe.get_doc({"doctype": "File", "is_folder": 1, **values}).insert(
                ignore_permissions=True, ignore_links=True
            )


def get_content_hash(content: bytes | str) -> str:
    """MD5 of the content: finds doubles, proves nothing."""
    content = content.encode() if isinstance(content, str) else content
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def safe_file_name(name: str) -> str:
    """A name that is one part of a path: no separators or control characters, no leading dots, no monster."""
    name = os.path.basename(str(name or "").replace("\\", "/"))
    name = (
        "".join(char for char in name if char.isprintable() and char not in "%?#").strip().lstrip(".").strip()
    )
    if not name:
        frappe.throw(_("File name is missing or not valid"))
    stem, extension = os.path.splitext(name)
    while len(name.encode()) > 120:
        stem = stem[:-1]
        name = stem + extension[:20]
    return name


def local_path(file_url: str) -> str:
    """Path on disk of `/files/…` or `/private/files/…`. Raises ValidationError for anything outside."""
    for prefix, folder in (("/private/files/", ("private", "files")), ("/files/", ("public", "files"))):
        if file_url.startswith(prefix):
            if "\0" in file_url:
                break
            base = os.path.realpath(frappe.get_site_path(*folder))
            path = os.path.realpath(os.path.join(base, file_url.removeprefix(prefix)))
            if path.startswith(base + os.sep):
                return path
    frappe.throw(_("The File URL you've entered is incorrect"), title=_("Invalid File URL"))


def generate_file_name(name: str, suffix: str | None = None, is_private: bool = False) -> str:
    """The name, or where that is taken the name with `suffix` (else a random one)."""
    from frappe.utils import get_files_path

    stem, extension = os.path.splitext(name)
    while os.path.exists(get_files_path(name, is_private=is_private)):
        name = f"{stem}{suffix or frappe.generate_hash(length=6)}{extension}"
        suffix = None
    return name


def find_file_by_url(path: str, name: str | None = None):
    """The first File with this address that the user may read; None if there is none."""
    filters = {"file_url": str(path)}
    if name:
        filters["name"] = str(name)
    for found in frappe.get_all("File", filters=filters, pluck="name"):
        file = frappe.get_doc("File", found)
        if file.is_downloadable():
            return file
    return None
