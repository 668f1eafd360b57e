"""Satisfaction Response: what the person concerned says about a ticket's result, 1 to 5 (policy A4)."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, flt, get_datetime

from cadre_incentive.kinds import CheckedDocument
from cadre_incentive.setup import roles

LOWEST, HIGHEST = 1, 5


class SatisfactionResponse(CheckedDocument, Document):
    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        answered_on: DF.Datetime
        category: DF.Link | None
        channel: DF.Literal[
            "Link", "SMS", "Phone Call", "Hotline 12345", "Good or Bad Review", "On Site", "Other"
        ]
        comment: DF.SmallText | None
        rating: DF.Int
        ticket: DF.Link
        unit: DF.Link | None
    # end: auto-generated types

    def validate(self):
        self.keep_unit_and_category()
        self.check_rating()
        self.check_ticket()
        self.check_writer()

    def keep_unit_and_category(self):
        """An answer stays with the unit and category that it was given for, wherever its ticket goes."""
        if before := self.get_doc_before_save():
            self.unit, self.category = before.unit, before.category

    def check_rating(self):
        if flt(self.rating) != cint(self.rating) or not LOWEST <= cint(self.rating) <= HIGHEST:
            frappe.throw(_("A rating is a whole number from {0} to {1}.").format(LOWEST, HIGHEST))

    def check_ticket(self):
        """An answer belongs to a ticket that counts, and comes after it was reported."""
        if not self.ticket or not self.answered_on:
            return  # mandatory: refused as such
        ticket = frappe.db.get_value("Issue Ticket", self.ticket, ["state", "reported_on"], as_dict=True)
        if not ticket:
            # Frappe lets a link pass over which other fields are fetched.
            frappe.throw(_("Ticket {0} does not exist.").format(self.ticket), frappe.LinkValidationError)
        if ticket.state == "Cancelled":
            frappe.throw(_("Ticket {0} is cancelled: it takes no answer.").format(self.ticket))
        if get_datetime(self.answered_on).date() < get_datetime(ticket.reported_on).date():
            frappe.throw(_("An answer cannot be given before the day on which the ticket was reported."))

    def check_writer(self):
        """The rated unit neither gives nor edits its own rating, whatever other roles its people hold."""
        if (
            self.unit
            and frappe.session.user != "Administrator"
            and _belongs_to(frappe.session.user, self.unit)
        ):
            frappe.throw(_("People of the rated unit do not write answers."), frappe.PermissionError)


def _belongs_to(user: str, unit: str) -> bool:
    """Say whether a user works in a unit, or holds a unit's role there or above it."""
    if frappe.db.exists("Cadre", {"user": user, "unit": unit}):
        return True
    if not {roles.UNIT_STAFF, roles.UNIT_PRINCIPAL} & set(frappe.get_roles(user)):
        return False
    assigned = frappe.get_all(
        "User Permission", filters={"user": user, "allow": "Government Unit"}, pluck="for_value"
    )
    lft, rgt = frappe.db.get_value("Government Unit", unit, ["lft", "rgt"])
    above = {"name": ["in", assigned or [""]], "lft": ["<=", lft], "rgt": [">=", rgt]}
    return bool(frappe.db.exists("Government Unit", above))


def on_doctype_update():
    """Index what the readings of a month count, so that the database need not open the rows."""
    frappe.db.add_index(
        "Satisfaction Response",
        ["answered_on", "unit", "rating", "category"],
        index_name="answered_on_reading_index",
    )
