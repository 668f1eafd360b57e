import frappe
from frappe import _
from frappe.model.document import Document

from cadre_incentive.kinds import CheckedDocument


class WorkbookMail(CheckedDocument, Document):
    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        lists: DF.SmallText | None
        period: DF.Data
        sent_on: DF.Datetime
        user: DF.Link
    # end: auto-generated types

    def validate(self):
        if not self.is_new():
            frappe.throw(_("What has been sent is not edited: delete the record to have it sent again"))


def on_doctype_update():
    # One mail for a month and leader, also when two schedulers run at once.
    frappe.db.add_unique("Workbook Mail", ["period", "user"])
