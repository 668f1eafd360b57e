from frappe.model.document import Document


class RedBlackListEntry(Document):
    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        colour: DF.Literal["", "Red", "Black"]
        high: DF.Percent
        k: DF.Int
        low: DF.Percent
        n: DF.Int
        parent: DF.Data
        parentfield: DF.Data
        parenttype: DF.Data
        rank: DF.Int
        rate: DF.Percent
        reason: DF.SmallText | None
        strike_principals: DF.SmallText | None
        strikes: DF.Int
        third_strike: DF.Check
        track: DF.Link | None
        unit: DF.Link
        unit_name: DF.Data | None
    # end: auto-generated types
