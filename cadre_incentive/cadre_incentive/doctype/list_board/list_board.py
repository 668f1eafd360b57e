from frappe.model.document import Document


class ListBoard(Document):
    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        black_limit: DF.Int
        black_line: DF.Percent
        board_name: DF.Data
        category: DF.Link | None
        description: DF.SmallText | None
        enabled: DF.Check
        metric: DF.Literal["On-time Rate", "Resolution Rate", "Satisfaction Rate"]
        minimum_sample: DF.Int
        red_limit: DF.Int
        red_line: DF.Percent
        track: DF.Link | None
        work_item: DF.Link | None
    # end: auto-generated types

    pass
