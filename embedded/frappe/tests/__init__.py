"""Helpers for the tests of apps."""

import frappe


def update_system_settings(args: dict, commit: bool = False) -> None:
    doc = frappe.get_doc("System Settings")
    doc.update(args)
    doc.flags.ignore_mandatory = 1
    doc.save()
    if commit:
        frappe.db.commit()


def get_system_setting(key: str):
    return frappe.db.get_single_value("System Settings", key)
