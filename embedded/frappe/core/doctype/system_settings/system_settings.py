"""System Settings: language, time zone, formats and security of the site."""

import re

import frappe
from frappe import _
from frappe.model.document import Document

# Hours and minutes, with or without seconds, not nothing: whoever is signed in would be signed out by it.
_EXPIRY = re.compile(r"(?!0+:0+(:|$))\d{1,6}:\d{1,2}(:\d{1,2})?$")
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

    def validate(self) -> None:
        if self.session_expiry and not _EXPIRY.match(str(self.session_expiry)):
            frappe.throw(_("Session Expiry must be in format {0}").format("hh:mm"))

    def on_update(self) -> None:
        for fieldname in _DEFAULTS:
            value = self.get(fieldname)
            if value not in (None, ""):
                frappe.db.set_default(fieldname, value)
        frappe.cache.delete_value("system_settings")
        frappe.cache.delete_value("time_zone")
        frappe.local.__dict__.pop("system_settings", None)
        frappe.clear_cache()
