"""Speak the site's language: a command has no user whose language could be asked."""

from collections.abc import Iterator
from contextlib import contextmanager

import frappe


@contextmanager
def site_language() -> Iterator[str]:
    """Translate into the site's language while the block runs; yields its code ("zh", "en", …)."""
    before = frappe.local.lang
    frappe.local.lang = frappe.db.get_single_value("System Settings", "language") or before or "en"
    try:
        yield frappe.local.lang
    finally:
        frappe.local.lang = before
