"""Satisfaction Response: what the person concerned says about a ticket's result, 1 to 5 (policy A4)."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, get_datetime

from cadre_incentive.access import visible_units

LOWEST, HIGHEST = 1, 5


class SatisfactionResponse(Document):
    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        answered_on: DF.Datetime
        category: DF.Link | None
        channel: DF.Literal["Link", "SMS", "Phone Call", "Hotline 12345", "Good or Bad Review", "On Site", "Other"]
        comment: DF.SmallText | None
        rating: DF.Int
        ticket: DF.Link
        unit: DF.Link | None
    # end: auto-generated types

    def validate(self):
        self.check_rating()
        self.check_ticket()
        self.check_writer()

    def check_rating(self):
        if not LOWEST <= cint(self.rating) <= HIGHEST:
            frappe.throw(_("A rating is a whole number from {0} to {1}.").format(LOWEST, HIGHEST))

    def check_ticket(self):
        """An answer belongs to a ticket that counts, and comes after it was reported."""
        ticket = frappe.db.get_value("Issue Ticket", self.ticket, ["state", "reported_on"], as_dict=True)
        if ticket.state == "Cancelled":
            frappe.throw(_("Ticket {0} is cancelled: it takes no answer.").format(self.ticket))
        if get_datetime(self.answered_on).date() < get_datetime(ticket.reported_on).date():
            frappe.throw(_("An answer cannot be given before the day on which the ticket was reported."))

    def check_writer(self):
        """The rated unit neither gives nor edits its own rating."""
        units = visible_units()
        if units is not None and self.unit in units:
            frappe.throw(_("People of the rated unit do not write answers."), frappe.PermissionError)


def on_doctype_update():
    """Index what the readings of a month count, so that the database need not open the rows."""
    frappe.db.add_index(
        "Satisfaction Response", ["answered_on", "unit", "rating", "category"], index_name="answered_on_reading_index"
    )
