from datetime import datetime

import frappe

from cadre_incentive import readings
from cadre_incentive.tests.base import NO_TEST_RECORDS, CadreTestCase
from cadre_incentive.tests.factories import (
    make_cadre,
    make_category,
    make_response,
    make_ticket,
    make_unit,
    make_user,
)

test_ignore = NO_TEST_RECORDS


class TestSatisfactionResponse(CadreTestCase):
    def test_unit_and_category_come_from_the_ticket(self):
        ticket = make_ticket()
        response = make_response(ticket)
        self.assertEqual((response.unit, response.category), (ticket.unit, ticket.category))

    def test_an_answer_stays_where_it_was_given_and_stays_counted(self):
        ticket = make_ticket(category=make_category())
        response = make_response(ticket)
        ticket.update({"unit": make_unit().name, "category": make_category().name})
        ticket.save()
        response.reload()
        response.comment = "Corrected"
        response.save()
        given = (response.unit, response.category)
        self.assertNotIn(ticket.unit, given)
        self.assertNotIn(ticket.category, given)
        ticket.state = "Cancelled"
        ticket.save()
        cutoff = datetime(2024, 10, 10, 23, 59, 59)
        counted = readings.read("Satisfaction Rate", readings.Period(2024, 9), cutoff, response.category)
        self.assertEqual([(row.unit, row.n) for row in counted], [(response.unit, 1)])

    def test_refuses_ratings_outside_one_to_five(self):
        ticket = make_ticket()
        for rating in (0, 6, -1, 4.9, "2.5"):
            with self.subTest(rating=rating), self.assertRaisesRegex(frappe.ValidationError, "rating"):
                make_response(ticket, rating=rating)

    def test_refuses_an_answer_to_no_ticket(self):
        answer = {"doctype": "Satisfaction Response", "rating": 5}
        with self.assertRaises(frappe.LinkValidationError):
            frappe.get_doc({**answer, "ticket": "no such ticket"}).insert()
        with self.assertRaises(frappe.MandatoryError):
            frappe.get_doc(answer).insert()

    def test_refuses_an_answer_to_a_cancelled_ticket(self):
        with self.assertRaisesRegex(frappe.ValidationError, "cancelled"):
            make_response(make_ticket(state="Cancelled"))

    def test_refuses_an_answer_before_the_report(self):
        with self.assertRaisesRegex(frappe.ValidationError, "before the day"):
            make_response(make_ticket(reported_on="2024-09-02 09:00:00"), answered_on="2024-09-01 23:00:00")

    def test_the_ticket_of_an_answer_never_changes(self):
        response = make_response()
        response.ticket = make_ticket().name
        with self.assertRaises(frappe.CannotChangeConstantError):
            response.save()

    def test_the_rated_unit_does_not_write_its_own_rating(self):
        # Even where somebody has given its people a role that may write answers.
        county = make_unit(is_group=1)
        unit, other = make_unit(parent=county), make_unit(parent=county)
        staff = make_user("Unit Staff", "Duty Officer", units=[unit])
        above = make_user("Unit Principal", "Duty Officer", units=[county])
        member = make_user("Duty Officer")
        make_cadre(unit=unit, user=member.name)
        for user in (staff, above, member):
            with self.subTest(roles=[role.role for role in user.roles]):
                with self.assertRaisesRegex(frappe.PermissionError, "rated unit"):
                    self.answer_as(user, unit)
        self.answer_as(make_user("Duty Officer"), unit)
        self.answer_as(member, other)

    def answer_as(self, user, unit):
        ticket = make_ticket(unit)
        frappe.set_user(user.name)
        try:
            values = {"ticket": ticket.name, "rating": 5, "channel": "Other"}
            doc = frappe.get_doc({"doctype": "Satisfaction Response", **values})
            doc.insert(ignore_permissions=True)
        finally:
            frappe.set_user("Administrator")
