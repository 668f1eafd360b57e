from frappe.model.document import Document


class RedBlackList(Document):
    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from cadre_incentive.cadre_incentive.doctype.red_black_list_entry.red_black_list_entry import RedBlackListEntry
        from frappe.types import DF

        black_count: DF.Int
        black_limit: DF.Int
        black_line: DF.Percent
        board: DF.Link
        calendar_note: DF.SmallText | None
        category: DF.Link | None
        cutoff: DF.Datetime | None
        entries: DF.Table[RedBlackListEntry]
        input_digest: DF.Data | None
        item: DF.DynamicLink | None
        item_type: DF.Link | None
        metric: DF.Literal["On-time Rate", "Resolution Rate", "Satisfaction Rate"]
        minimum_sample: DF.Int
        period: DF.Data
        period_end: DF.Date | None
        period_start: DF.Date | None
        published_by: DF.Link | None
        published_on: DF.Datetime | None
        ranked_count: DF.Int
        red_count: DF.Int
        red_limit: DF.Int
        red_line: DF.Percent
        status: DF.Literal["Draft", "Published", "Superseded"]
        superseded_by: DF.Link | None
        supersedes: DF.Link | None
        track: DF.Link | None
        units_count: DF.Int
        version: DF.Int
    # end: auto-generated types

    pass
