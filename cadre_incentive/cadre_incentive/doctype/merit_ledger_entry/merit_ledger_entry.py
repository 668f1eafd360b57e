import frappe
from frappe import _
from frappe.model.document import Document

from cadre_incentive.kinds import CheckedDocument


class MeritLedgerEntry(CheckedDocument, Document):
    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        item: DF.DynamicLink | None
        item_type: DF.Link | None
        kind: DF.Literal["Black List Strike"]
        party: DF.DynamicLink
        party_type: DF.Literal["Government Unit", "Cadre"]
        period: DF.Data | None
        points: DF.Float
        posting_date: DF.Date
        principal: DF.Link | None
        quantity: DF.Int
        remarks: DF.SmallText | None
        reverses: DF.Link | None
        voucher_no: DF.DynamicLink | None
        voucher_type: DF.Link | None
    # end: auto-generated types

    def validate(self):
        if not self.is_new():
            frappe.throw(_("Ledger entries are never edited: reverse the entry and post a new one"))
        if not self.flags.from_ledger:
            frappe.throw(_("Ledger entries are posted by the decision behind them, never by hand"))
        self.validate_quantity()
        if self.reverses:
            self.validate_reversal()

    def validate_quantity(self):
        if self.quantity not in (1, -1):
            frappe.throw(_("The quantity of a ledger entry is 1, or −1 for a reversal"))
        if (self.quantity < 0) != bool(self.reverses):
            frappe.throw(_("A negative ledger entry names the entry that it reverses, and no other does"))

    def validate_reversal(self):
        # Locked, so that two reversals at once cannot both find the entry open.
        original = frappe.db.get_value(
            "Merit Ledger Entry",
            self.reverses,
            ["kind", "party_type", "party", "quantity", "item_type", "item", "period"],
            as_dict=True,
            for_update=True,
        )
        if not original:
            frappe.throw(_("Ledger entry {0} does not exist").format(self.reverses))
        same = all(
            (self.get(field) or None) == (original[field] or None)
            for field in original
            if field != "quantity"
        )
        if not same or self.quantity != -original.quantity:
            frappe.throw(_("A reversal repeats the entry {0} with the opposite sign").format(self.reverses))
        if frappe.db.exists("Merit Ledger Entry", {"reverses": self.reverses}):
            frappe.throw(_("Ledger entry {0} has been reversed already").format(self.reverses))

    def before_rename(self, old, new, merge=False):
        frappe.throw(_("Ledger entries are never renamed"))

    def on_trash(self):
        frappe.throw(_("Ledger entries are never deleted: reverse the entry"))


def on_doctype_update():
    frappe.db.add_index(
        "Merit Ledger Entry", ["kind", "item_type", "item", "period", "party"], "strikes_by_item_index"
    )
