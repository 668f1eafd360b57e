import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_datetime, now_datetime

from cadre_incentive import ledger
from cadre_incentive.cadre_incentive.doctype.red_black_list import rebuild, strikes, versions
from cadre_incentive.cadre_incentive.doctype.red_black_list.guard import refuse_edits
from cadre_incentive.kinds import CheckedDocument


class RedBlackList(CheckedDocument, Document):
    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        from cadre_incentive.cadre_incentive.doctype.red_black_list_entry.red_black_list_entry import (
            RedBlackListEntry,
        )

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

    def autoname(self):
        self.name = f"{self.board}-{self.period}-v{self.version}"

    def validate(self):
        if not self.flags.by_rebuild:
            refuse_edits(self)

    def before_submit(self):
        """Publishing decides on locked rows, so that two publications at once take turns."""
        versions.lock_board(self.board)
        self.validate_cutoff_passed()
        self.validate_not_stale()
        strikes.refresh(self)
        self.status = "Published"
        self.published_on = now_datetime()
        self.published_by = frappe.session.user

    def on_submit(self):
        """In the transaction of the submission: the old version goes, the ledger follows."""
        settled = {(self.item_type, self.item)}
        if self.supersedes:
            settled.add(versions.supersede(self.supersedes, self.name))
        # Sorted: whoever settles several items locks them in the same order.
        for item_type, item in sorted(settled):
            ledger.settle_strikes(item_type, item, self.period, voucher=self.name)

    def validate_cutoff_passed(self):
        if get_datetime(self.cutoff) > now_datetime():
            frappe.throw(
                _("{0} cannot be published before its cut-off {1}").format(self.name, self.cutoff),
                title=_("Cut-off in the Future"),
            )

    def validate_not_stale(self):
        """A draft of the first of the month may not be published on the tenth as if nothing had happened."""
        newest = versions.published(versions.of_period(self.board, self.period))
        follows = (newest.name if newest else None) == (self.supersedes or None)
        if not follows or self.input_digest != rebuild.digest_now(self.board, self.period, self.cutoff):
            frappe.throw(_("{0} is stale: rebuild it before publishing").format(self.name))

    def before_update_after_submit(self):
        frappe.throw(_("A published list is never changed: a correction is a new version"))

    def before_cancel(self):
        frappe.throw(_("A published list is never cancelled: a correction is a new version"))

    def before_rename(self, old, new, merge=False):
        frappe.throw(_("Lists are never renamed: the name says board, period and version"))

    def on_trash(self):
        if self.docstatus != 0:
            frappe.throw(_("A published list is never deleted"))


def on_doctype_update():
    frappe.db.add_index("Red Black List", ["board", "period"], "versions_index")
    frappe.db.add_index("Red Black List", ["item", "period", "docstatus"], "settlement_index")
