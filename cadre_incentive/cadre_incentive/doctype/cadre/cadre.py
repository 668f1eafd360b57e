from frappe.model.document import Document


class Cadre(Document):
    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        cadre_code: DF.Data
        full_name: DF.Data
        joined_on: DF.Date | None
        left_on: DF.Date | None
        position: DF.Data | None
        rank: DF.Data | None
        status: DF.Literal["Active", "Left"]
        unit: DF.Link
        user: DF.Link | None
    # end: auto-generated types

    pass
