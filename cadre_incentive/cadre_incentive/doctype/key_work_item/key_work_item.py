import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate

from cadre_incentive.kinds import CheckedDocument


class KeyWorkItem(CheckedDocument, Document):
    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        description: DF.SmallText | None
        enabled: DF.Check
        from_date: DF.Date | None
        item_name: DF.Data
        lead_unit: DF.Link | None
        to_date: DF.Date | None
    # end: auto-generated types

    def validate(self):
        if self.from_date and self.to_date and getdate(self.to_date) < getdate(self.from_date):
            frappe.throw(_("To Date is before From Date."))
