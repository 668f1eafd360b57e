import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint


class CadreIncentiveSettings(Document):
    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        cutoff_working_days: DF.Int
        default_time_limit: DF.Int
        default_time_limit_unit: DF.Literal["Calendar Days", "Working Days"]
        satisfied_from: DF.Int
        strike_limit: DF.Int
    # end: auto-generated types

    def validate(self):
        if not 1 <= cint(self.satisfied_from) <= 5:
            frappe.throw(_("Satisfied From is a rating: 1 to 5."))
        if cint(self.strike_limit) < 1:
            frappe.throw(_("Strike Limit is at least 1."))
