"""Locks between processes."""

import os
from contextlib import contextmanager

import frappe
from frappe.utils.file_lock import LockTimeoutError

LOCKS_DIR = "locks"


@contextmanager
def filelock(lock_name: str, *, timeout=30, is_global: bool = False):
    """Hold `<site>/locks/<name>.lock` (or `<bench>/config/<name>.lock` if global) while the block runs.

    Raises LockTimeoutError after `timeout` seconds.
    """
    from filelock import FileLock, Timeout
    from frappe.utils import get_bench_path

    folder = os.path.join(get_bench_path(), "config") if is_global else frappe.get_site_path(LOCKS_DIR)
    os.makedirs(folder, exist_ok=True)
    path = os.path.abspath(os.path.join(folder, f"{lock_name}.lock"))
    lock = FileLock(path, timeout=timeout)
    try:
        lock.acquire()
    except Timeout as error:
        raise LockTimeoutError(
            frappe._("Failed to aquire lock: {}. Lock may be held by another process.").format(lock_name)
            + "<br>"
            + frappe._("You can manually remove the lock if you think it's safe: {}").format(path)
        ) from error
    try:
        yield
    finally:
        lock.release()
