import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint

from cadre_incentive.cadre_incentive.doctype.problem_category.limits import LONGEST_LIMIT
from cadre_incentive.kinds import CheckedDocument

LATEST_CUTOFF = 250


class CadreIncentiveSettings(CheckedDocument, Document):
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
        if not 0 <= cint(self.default_time_limit) <= LONGEST_LIMIT:
            frappe.throw(_("Default Time Limit must be from 0 to {0} days.").format(LONGEST_LIMIT))
        if not 0 <= cint(self.cutoff_working_days) <= LATEST_CUTOFF:
            frappe.throw(_("Cut-off Working Days must be from 0 to {0}.").format(LATEST_CUTOFF))
        if not 1 <= cint(self.satisfied_from) <= 5:
            frappe.throw(_("Satisfied From is a rating: 1 to 5."))
        if cint(self.strike_limit) < 1:
            frappe.throw(_("Strike Limit is at least 1."))
