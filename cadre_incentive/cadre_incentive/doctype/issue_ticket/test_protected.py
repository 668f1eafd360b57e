"""Nobody improves what he is judged by: each refusal as Unit Staff, and the duty office that may."""

import frappe
from frappe.utils import add_days, add_to_date, get_datetime, getdate, now_datetime

from cadre_incentive.tests.base import NO_TEST_RECORDS, CadreTestCase
from cadre_incentive.tests.factories import make_category, make_ticket, make_unit, make_user

test_ignore = NO_TEST_RECORDS
REPORTED = "2024-09-02 09:00:00"
LATE = "2024-09-20 10:00:00"


class TestProtected(CadreTestCase):
    def setUp(self):
        super().setUp()
        self.unit, self.sister = make_unit(), make_unit()
        self.category = make_category(time_limit=5, time_limit_unit="Calendar Days")
        self.staff = make_user("Unit Staff", units=[self.unit, self.sister])
        self.duty = make_user("Duty Officer")

    def ticket(self, **fields):
        return make_ticket(self.unit, self.category, source="12345", external_id="A-1", **fields)

    def save_as(self, user, ticket, **changes):
        """Save changes of a ticket as another user; returns it as stored."""
        frappe.set_user(user.name)
        try:
            doc = frappe.get_doc("Issue Ticket", ticket.name)
            doc.update(changes)
            doc.save()
        finally:
            frappe.set_user("Administrator")
        return frappe.get_doc("Issue Ticket", ticket.name)

    def insert_as(self, user, **fields):
        frappe.set_user(user.name)
        try:
            values = {"unit": self.unit.name, "category": self.category.name, "reported_on": REPORTED}
            return frappe.get_doc({"doctype": "Issue Ticket", **values, **fields}).insert()
        finally:
            frappe.set_user("Administrator")

    def assertRefused(self, message, function, *args, **kwargs):
        with self.assertRaisesRegex(frappe.PermissionError, message):
            function(*args, **kwargs)

    def test_what_fixes_due_date_month_and_unit_stays(self):
        ticket = self.ticket(reported_on=REPORTED)
        longer = make_category(time_limit=900, time_limit_unit="Calendar Days")
        for field, value in (
            ("category", longer.name),
            ("reported_on", "2025-09-02 09:00:00"),
            ("unit", self.sister.name),
            ("source", "Radio"),
            ("external_id", "A-2"),
            ("external_id", None),
        ):
            with self.subTest(field=field, value=value):
                self.assertRefused("duty office only", self.save_as, self.staff, ticket, **{field: value})
        # Frappe itself puts back what stands on the duty office's level.
        stored = self.save_as(self.staff, ticket, due_on="2030-01-01", place="Gate 3")
        self.assertEqual((getdate(stored.due_on), stored.place), (getdate("2024-09-07"), "Gate 3"))

    def test_a_ticket_is_resolved_as_of_today(self):
        for day in (LATE, add_days(now_datetime(), -1), add_days(now_datetime(), 1)):
            with self.subTest(day=day):
                self.assertRefused("as of today", self.save_as, self.staff, self.plain(), resolved_on=day)
                self.assertRefused("as of today", self.insert_as, self.staff, resolved_on=day)
        today = now_datetime().replace(microsecond=0)
        self.assertEqual(get_datetime(self.insert_as(self.staff, resolved_on=today).resolved_on), today)
        self.assertEqual(self.save_as(self.staff, self.plain(), resolved_on=today).state, "Resolved")
        resolved = self.save_as(self.staff, self.plain(), state="Resolved")
        self.assertEqual(getdate(resolved.resolved_on), today.date())

    def test_today_s_resolution_may_be_taken_back_an_earlier_one_may_not(self):
        ticket = self.save_as(self.staff, self.plain(), state="Resolved")
        back = self.save_as(self.staff, ticket, state="In Progress", resolved_on=None)
        self.assertEqual((back.state, back.resolved_on), ("In Progress", None))
        for moment in (None, "2024-09-05 10:00:00", now_datetime()):
            changes = {"resolved_on": moment, "state": "Resolved" if moment else "In Progress"}
            ticket = self.plain(resolved_on=LATE)
            with self.subTest(moment=moment):
                self.assertRefused("on its own day", self.save_as, self.staff, ticket, **changes)

    def test_cancelling_and_taking_up_again_are_the_duty_office_s(self):
        self.assertRefused("cancelled", self.save_as, self.staff, self.plain(), state="Cancelled")
        self.assertRefused("cancelled", self.insert_as, self.staff, state="Cancelled")
        cancelled = self.plain(state="Cancelled")
        self.assertRefused("cancelled", self.save_as, self.staff, cancelled, state="Reported")
        self.save_as(self.staff, cancelled, place="Gate 3")

    def test_the_ordinary_way_is_open(self):
        ticket = self.insert_as(self.staff)
        for state in ("In Progress", "Resolved", "Closed"):
            self.assertEqual(self.save_as(self.staff, ticket, state=state).state, state)
        old = self.plain(resolved_on=LATE)
        self.assertEqual(self.save_as(self.staff, old, state="Closed", place="Gate 3").place, "Gate 3")

    def test_the_duty_officer_may(self):
        other = make_category(time_limit=10, time_limit_unit="Calendar Days")
        changed = self.save_as(
            self.duty,
            self.ticket(resolved_on=LATE),
            category=other.name,
            reported_on="2024-09-03 09:00:00",
            unit=self.sister.name,
            source="Radio",
            external_id="A-2",
            resolved_on="2024-09-10 08:00:00",
        )
        self.assertEqual(getdate(changed.due_on), getdate("2024-09-13"))
        self.assertEqual((changed.unit, changed.external_id), (self.sister.name, "A-2"))
        self.assertEqual(self.save_as(self.duty, changed, state="Cancelled").state, "Cancelled")
        self.assertEqual(self.save_as(self.duty, changed, state="Closed").state, "Closed")
        yesterday = add_to_date(now_datetime(), days=-1)
        self.assertTrue(self.insert_as(self.duty, resolved_on=yesterday).resolved_on)

    def test_what_the_system_saves_itself_is_free(self):
        ticket = self.plain(resolved_on=LATE)
        frappe.set_user(self.staff.name)
        doc = frappe.get_doc("Issue Ticket", ticket.name)
        doc.update({"state": "Cancelled", "unit": self.sister.name})
        doc.save(ignore_permissions=True)
        self.assertEqual(doc.state, "Cancelled")

    def plain(self, **fields):
        return make_ticket(self.unit, self.category, **fields)
