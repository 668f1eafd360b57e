from frappe.model.document import Document


class MeritLedgerEntry(Document):
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

    pass
