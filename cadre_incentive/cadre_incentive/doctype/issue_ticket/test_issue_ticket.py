import frappe
from frappe.utils import get_datetime, getdate

from cadre_incentive.cadre_incentive.doctype.issue_ticket import rules
from cadre_incentive.cadre_incentive.doctype.issue_ticket.bulk import insert_tickets
from cadre_incentive.tests.base import NO_TEST_RECORDS, CadreTestCase
from cadre_incentive.tests.factories import make_category, make_ticket, make_unit

test_ignore = NO_TEST_RECORDS

# Friday; the days that follow are a weekend, then a week without holidays.
FRIDAY = "2024-08-30 17:30:00"


class TestDueDate(CadreTestCase):
    def test_a_calendar_limit_counts_from_the_day_after_the_report(self):
        category = make_category(time_limit=30, time_limit_unit="Calendar Days")
        self.assertEqual(
            getdate(make_ticket(category=category, reported_on=FRIDAY).due_on), getdate("2024-09-29")
        )

    def test_a_working_day_limit_counts_make_up_workdays(self):
        category = make_category(time_limit=5, time_limit_unit="Working Days")
        # 2024-09-14 (Saturday) was worked for the Mid-Autumn holiday of the 15th to the 17th.
        ticket = make_ticket(category=category, reported_on="2024-09-11 10:00:00")
        self.assertEqual(getdate(ticket.due_on), getdate("2024-09-19"))

    def test_it_is_counted_anew_when_report_or_category_change(self):
        short = make_category(time_limit=3, time_limit_unit="Calendar Days")
        long = make_category(time_limit=10, time_limit_unit="Calendar Days")
        ticket = make_ticket(category=short, reported_on=FRIDAY)
        ticket.category = long.name
        ticket.save()
        self.assertEqual(getdate(ticket.due_on), getdate("2024-09-09"))
        ticket.reported_on = "2024-09-01 08:00:00"
        ticket.save()
        self.assertEqual(getdate(ticket.due_on), getdate("2024-09-11"))

    def test_a_date_set_by_hand_stays(self):
        short = make_category(time_limit=3, time_limit_unit="Calendar Days")
        long = make_category(time_limit=10, time_limit_unit="Calendar Days")
        ticket = make_ticket(category=short, reported_on=FRIDAY, due_on="2024-10-01")
        self.assertEqual(getdate(ticket.due_on), getdate("2024-10-01"))
        ticket.update({"category": long.name, "due_on": "2024-10-08"})
        ticket.save()
        self.assertEqual(getdate(ticket.due_on), getdate("2024-10-08"))

    def test_refuses_a_due_date_before_the_report(self):
        with self.assertRaisesRegex(frappe.ValidationError, "fall due before"):
            make_ticket(reported_on=FRIDAY, due_on="2024-08-29")


class TestState(CadreTestCase):
    def test_a_time_of_resolution_resolves(self):
        ticket = make_ticket(reported_on=FRIDAY, resolved_on="2024-09-02 00:00:00")
        self.assertEqual(ticket.state, "Resolved")

    def test_a_closed_ticket_stays_closed(self):
        ticket = make_ticket(reported_on=FRIDAY, resolved_on="2024-09-02 00:00:00", state="Closed")
        self.assertEqual(ticket.state, "Closed")

    def test_resolved_without_a_time_means_now(self):
        self.assertTrue(make_ticket(reported_on=FRIDAY, state="Resolved").resolved_on)

    def test_may_be_resolved_on_the_day_of_the_report_at_midnight(self):
        make_ticket(reported_on=FRIDAY, resolved_on="2024-08-30 00:00:00")

    def test_refuses_a_resolution_before_the_day_of_the_report(self):
        with self.assertRaisesRegex(frappe.ValidationError, "resolved before"):
            make_ticket(reported_on=FRIDAY, resolved_on="2024-08-29 23:59:59")

    def test_refuses_to_reopen_while_resolved_on_is_set(self):
        ticket = make_ticket(reported_on=FRIDAY, resolved_on="2024-09-02 00:00:00")
        ticket.state = "In Progress"
        with self.assertRaisesRegex(frappe.ValidationError, "Empty Resolved On"):
            ticket.save()
        ticket.reload()
        ticket.update({"state": "In Progress", "resolved_on": None})
        ticket.save()
        self.assertEqual(ticket.state, "In Progress")


class TestExternalKey(CadreTestCase):
    def test_refuses_the_same_number_of_the_same_source(self):
        first = make_ticket(source="12345", external_id="A-1")
        with self.assertRaisesRegex(frappe.DuplicateEntryError, first.name):
            make_ticket(source=" 12345 ", external_id="A-1 ")

    def test_the_index_has_the_last_word(self):
        make_ticket(source="12345", external_id="A-2")
        row = {
            "source": "12345",
            "external_id": "A-2",
            "unit": make_unit().name,
            "category": make_category().name,
            "reported_on": get_datetime(FRIDAY),
        }
        frappe.db.savepoint("twin")
        with self.assertRaises(Exception) as raised:
            insert_tickets([row])
        frappe.db.rollback(save_point="twin")
        self.assertTrue(frappe.db.is_duplicate_entry(raised.exception) or "nique" in str(raised.exception))

    def test_other_sources_other_cases_and_missing_numbers_do_not_collide(self):
        make_ticket(source="12345", external_id="A-3")
        make_ticket(source="Radio", external_id="A-3")
        make_ticket(source="12345", external_id="a-3")
        for _again in range(2):
            self.assertIsNone(make_ticket(source="12345").external_key)
            self.assertIsNone(make_ticket(external_id="A-3").external_key)


class TestSubject(CadreTestCase):
    def test_it_is_the_first_line_that_says_something(self):
        ticket = make_ticket(subject=None, description="\n  Lamp   broken \nsince May")
        self.assertEqual(ticket.subject, "Lamp broken")

    def test_a_long_line_is_cut(self):
        self.assertEqual(len(rules.subject_of("x" * 500, "")), rules.SUBJECT_LENGTH)


class TestBulk(CadreTestCase):
    def test_it_applies_the_rules_of_the_controller(self):
        category = make_category(time_limit=5, time_limit_unit="Working Days")
        values = {
            "unit": make_unit().name,
            "category": category.name,
            "source": "12345",
            "description": "No <b>water</b>\nsince noon",
            "reported_on": get_datetime("2024-09-11 10:00:00"),
            "resolved_on": get_datetime("2024-09-12 00:00:00"),
        }
        one = frappe.get_doc({"doctype": "Issue Ticket", **values, "external_id": "1"}).insert()
        first, second = insert_tickets([{**values, "external_id": "2"}, {**values, "external_id": "3"}])
        self.assertEqual(second, f"{first[:-6]}{int(first[-6:]) + 1:06}")
        many = frappe.get_doc("Issue Ticket", first)
        for field in ("subject", "description", "due_on", "state", "resolved_on", "reported_on", "source"):
            self.assertEqual(
                str(many.get(field)), str(frappe.get_doc("Issue Ticket", one.name).get(field)), field
            )
        self.assertEqual(many.external_key, rules.external_key("12345", "2"))
        self.assertEqual(make_ticket().name, f"{first[:-6]}{int(second[-6:]) + 1:06}")

    def test_it_refuses_what_the_controller_refuses(self):
        values = {
            "unit": make_unit().name,
            "category": make_category().name,
            "reported_on": get_datetime(FRIDAY),
            "resolved_on": get_datetime("2024-08-29 00:00:00"),
        }
        with self.assertRaisesRegex(frappe.ValidationError, "resolved before"):
            insert_tickets([values])

    def test_it_refuses_a_ticket_without_what_the_site_demands(self):
        values = {"unit": None, "category": make_category().name, "reported_on": get_datetime(FRIDAY)}
        with self.assertRaises(frappe.MandatoryError):
            insert_tickets([values])
