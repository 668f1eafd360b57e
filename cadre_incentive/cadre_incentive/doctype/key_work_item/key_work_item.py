from frappe.model.document import Document


class KeyWorkItem(Document):
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

    pass
