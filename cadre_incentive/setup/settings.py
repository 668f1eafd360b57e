"""Cadre Incentive Settings: every field that was never stored gets its default."""

import frappe

SETTINGS = "Cadre Incentive Settings"


def seed_settings() -> None:
    """Store the defaults of the fields that hold nothing yet; a value once stored stays."""
    stored = frappe.db.get_singles_dict(SETTINGS)
    absent = [
        field for field in frappe.get_meta(SETTINGS).fields if field.default and field.fieldname not in stored
    ]
    if not absent:
        return
    settings = frappe.get_single(SETTINGS)
    for field in absent:
        settings.set(field.fieldname, field.default)
    settings.flags.ignore_permissions = True
    settings.save()
