from frappe.model.document import Document


class GovernmentUnitPrincipal(Document):
    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        cadre: DF.Link
        cadre_name: DF.Data | None
        from_date: DF.Date
        parent: DF.Data
        parentfield: DF.Data
        parenttype: DF.Data
        position: DF.Data | None
        to_date: DF.Date | None
    # end: auto-generated types
