import frappe
from frappe import _
from frappe.model.document import Document

from cadre_incentive.kinds import CheckedDocument

# A list's name is "<board>-<YYYY-MM>-v<version>" and has to fit the 140 characters of a name.
LONGEST_NAME = 120


class ListBoard(CheckedDocument, Document):
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

    def validate(self):
        self.validate_name()
        self.validate_lines()
        self.validate_sizes()

    def validate_name(self):
        if len(self.board_name or "") > LONGEST_NAME:
            frappe.throw(_("The board's name may have at most {0} characters").format(LONGEST_NAME))

    def validate_lines(self):
        if not 0 <= (self.black_line or 0) <= (self.red_line or 0) <= 100:
            frappe.throw(
                _("Black line {0} % and red line {1} % must keep to 0 ≤ black ≤ red ≤ 100").format(
                    self.black_line, self.red_line
                )
            )

    def validate_sizes(self):
        if (self.minimum_sample or 0) < 1:
            frappe.throw(_("The minimum sample must be at least 1"))
        if (self.red_limit or 0) < 0 or (self.black_limit or 0) < 0:
            frappe.throw(_("The limits of a list cannot be negative (0 = no entries of that colour)"))
