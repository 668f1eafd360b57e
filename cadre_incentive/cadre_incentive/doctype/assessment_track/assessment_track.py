from frappe.model.document import Document

from cadre_incentive.kinds import CheckedDocument


class AssessmentTrack(CheckedDocument, Document):
    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        description: DF.SmallText | None
        enabled: DF.Check
        track_name: DF.Data
    # end: auto-generated types
