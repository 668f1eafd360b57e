"""Issue Ticket: one problem on its way from report to resolution (policy A1)."""

from contextlib import contextmanager

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_datetime, getdate, now_datetime

from cadre_incentive.cadre_incentive.doctype.issue_ticket import protected, rules
from cadre_incentive.kinds import CheckedDocument


class IssueTicket(CheckedDocument, Document):
    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        category: DF.Link
        description: DF.Text | None
        due_on: DF.Date | None
        external_id: DF.Data | None
        external_key: DF.Data | None
        naming_series: DF.Literal["IT-.YYYY.-.######"]
        place: DF.Data | None
        reported_on: DF.Datetime
        resolved_on: DF.Datetime | None
        source: DF.Data | None
        state: DF.Literal["Reported", "In Progress", "Resolved", "Closed", "Cancelled"]
        subject: DF.Data | None
        unit: DF.Link
    # end: auto-generated types

    def before_validate(self):
        super().before_validate()
        if not self.subject:
            self.subject = rules.subject_of(self.description, fallback=self.category or "")

    def validate(self):
        before = self.get_doc_before_save()
        if not self.reported_on:
            return  # mandatory: refused as such
        self.reported_on = get_datetime(self.reported_on)
        self.resolved_on = get_datetime(self.resolved_on) if self.resolved_on else None
        self.external_key = rules.external_key(self.source, self.external_id)
        self.set_state(before)
        self.check_resolution()
        protected.refuse_own_advantage(self, before)
        self.set_due_on(before)

    def set_state(self, before):
        """Keep state and time of resolution in step; reopening a ticket means to empty that time first."""
        reopened = before and before.state in rules.DONE_STATES and self.state in rules.OPEN_STATES
        if reopened and self.resolved_on:
            frappe.throw(
                _("Empty Resolved On before you set the ticket back to {0}.").format(
                    _(self.state, context="Issue Ticket")
                )
            )
        if self.state in rules.DONE_STATES and not self.resolved_on:
            self.resolved_on = now_datetime()
        self.state = rules.state_with(self.state, self.resolved_on)

    def check_resolution(self):
        if rules.resolved_too_early(self.reported_on, self.resolved_on):
            frappe.throw(_("A ticket cannot be resolved before the day on which it was reported."))

    def set_due_on(self, before):
        """Count the limit anew when its start or its category changes, unless the day was set by hand."""
        if self.due_on and not self.must_be_counted_anew(before):
            self.check_due_on()
            return
        self.due_on, note = rules.deadline(self.category, self.reported_on)
        if note:
            frappe.msgprint(note, alert=True, indicator="orange")

    def must_be_counted_anew(self, before) -> bool:
        if not before or getdate(before.due_on) != getdate(self.due_on):
            return False
        return get_datetime(before.reported_on) != self.reported_on or before.category != self.category

    def check_due_on(self):
        if getdate(self.due_on) < self.reported_on.date():
            frappe.throw(_("A ticket cannot fall due before the day on which it was reported."))

    def db_insert(self, *args, **kwargs):
        with self.naming_the_twin():
            super().db_insert(*args, **kwargs)

    def db_update(self):
        with self.naming_the_twin():
            super().db_update()

    @contextmanager
    def naming_the_twin(self):
        """Say which ticket stands for this source and number already.

        The unique index is asked, once, by the write itself: a query before it would cost every ticket
        what only the rare twin needs, and would not see the one that another process is about to commit.
        """
        try:
            yield
        except frappe.UniqueValidationError as error:
            try:
                twin = frappe.db.get_value("Issue Ticket", {"external_key": self.external_key}, "name")
            except Exception:
                # PostgreSQL answers nothing more in a transaction with a failed write.
                raise error
            frappe.clear_last_message()
            frappe.throw(
                _("{0} of {1} is already ticket {2}.").format(self.external_id, self.source, twin),
                frappe.DuplicateEntryError,
            )


def on_doctype_update():
    """Index what the readings of a month count, so that the database need not open the rows."""
    frappe.db.add_index(
        "Issue Ticket",
        ["due_on", "state", "unit", "resolved_on", "category"],
        index_name="due_on_reading_index",
    )
