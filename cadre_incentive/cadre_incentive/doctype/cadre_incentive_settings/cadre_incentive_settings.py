from frappe.model.document import Document


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
