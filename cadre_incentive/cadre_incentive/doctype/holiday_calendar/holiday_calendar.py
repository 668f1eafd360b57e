import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, getdate

from cadre_incentive import workdays
from cadre_incentive.kinds import CheckedDocument

FIRST_YEAR, LAST_YEAR = 2000, 2100


class HolidayCalendar(CheckedDocument, Document):
    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        from cadre_incentive.cadre_incentive.doctype.holiday_calendar_day.holiday_calendar_day import (
            HolidayCalendarDay,
        )

        days: DF.Table[HolidayCalendarDay]
        source: DF.Data | None
        year: DF.Int
    # end: auto-generated types

    def validate(self):
        self.year = cint(self.year)
        if not FIRST_YEAR <= self.year <= LAST_YEAR:
            frappe.throw(_("Year {0} is not between {1} and {2}.").format(self.year, FIRST_YEAR, LAST_YEAR))
        self.validate_days()

    def on_update(self):
        self.forget_cached_calendar()

    def on_trash(self):
        self.forget_cached_calendar()

    def validate_days(self):
        rows = {}
        for row in self.days:
            day = getdate(row.date)
            if day.year != self.year:
                frappe.throw(_("Row {0}: {1} is not in the year {2}.").format(row.idx, day, self.year))
            if day in rows:
                frappe.throw(_("Rows {0} and {1} both name {2}.").format(rows[day], row.idx, day))
            rows[day] = row.idx

    @staticmethod
    def forget_cached_calendar():
        """Now, for this request; and when the transaction ends, for what others have read meanwhile."""
        workdays.clear_cache()
        frappe.db.after_commit.add(workdays.clear_cache)
        frappe.db.after_rollback.add(workdays.clear_cache)
