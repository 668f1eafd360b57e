"""Weak locks on documents: a file that says that someone is at work. For real locks see `synchronization`."""

import os
import time
from contextlib import suppress

import frappe

LOCKS_DIR = "locks"


class LockTimeoutError(Exception):
    pass


def get_lock_path(name: str) -> str:
    return frappe.get_site_path(LOCKS_DIR, f"{name.lower()}.lock")


def create_lock(name: str) -> bool:
    """Lock; False if it is locked already. Raises LockTimeoutError if that lock is over ten minutes old."""
    path = get_lock_path(name)
    if check_lock(path):
        return False
    from frappe.utils import touch_file

    return touch_file(path)


def lock_exists(name: str) -> bool:
    return os.path.exists(get_lock_path(name))


def lock_age(name: str) -> float:
    """Seconds since the lock was made."""
    return time.time() - os.stat(get_lock_path(name)).st_mtime


def check_lock(path: str, timeout: int = 600) -> bool:
    if not os.path.exists(path):
        return False
    if time.time() - os.path.getmtime(path) > timeout:
        raise LockTimeoutError(path)
    return True


def delete_lock(name: str) -> bool:
    with suppress(OSError):
        os.remove(get_lock_path(name))
    return True


def release_document_locks() -> None:
    """Unlock the documents that this thread locked."""
    for doc in frappe.local.locked_documents:
        doc.unlock()
