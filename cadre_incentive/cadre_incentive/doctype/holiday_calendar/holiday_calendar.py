from frappe.model.document import Document


class HolidayCalendar(Document):
    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from cadre_incentive.cadre_incentive.doctype.holiday_calendar_day.holiday_calendar_day import HolidayCalendarDay
        from frappe.types import DF

        days: DF.Table[HolidayCalendarDay]
        source: DF.Data | None
        year: DF.Int
    # end: auto-generated types

    pass
