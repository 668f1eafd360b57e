"""System Settings: language, time zone, formats and security of the site."""

import frappe
from frappe.model.document import Document

_DEFAULTS = (
    "language",
    "time_zone",
    "date_format",
    "time_format",
    "number_format",
    "float_precision",
    "currency_precision",
    "first_day_of_the_week",
    "rounding_method",
    "session_expiry",
)


class SystemSettings(Document):
    """Its values are defaults of the whole site."""

    def on_update(self) -> None:
        for fieldname in _DEFAULTS:
            value = self.get(fieldname)
            if value not in (None, ""):
                frappe.db.set_default(fieldname, value)
        frappe.cache.delete_value("system_settings")
        frappe.cache.delete_value("time_zone")
        frappe.local.__dict__.pop("system_settings", None)
        frappe.clear_cache()
