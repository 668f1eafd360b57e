"""Cohorts and counts of the three metrics, against the records one by one."""

from datetime import datetime

import frappe

from cadre_incentive.readings import Period, Reading, read
from cadre_incentive.tests.base import CadreTestCase
from cadre_incentive.tests.counts import file_tickets
from cadre_incentive.tests.factories import make_category, make_response, make_ticket, make_unit

SEPTEMBER = Period(2024, 9)
CUTOFF = datetime(2024, 10, 10, 23, 59, 59)
ON_TIME, RESOLVED, SATISFIED = "On-time Rate", "Resolution Rate", "Satisfaction Rate"


class TestRead(CadreTestCase):
    def setUp(self):
        super().setUp()
        self.top = make_category(is_group=1, time_limit=10, time_limit_unit="Calendar Days")
        self.category = make_category(parent=self.top)
        self.unit = make_unit()

    def ticket(self, due_on, resolved_on=None, **fields):
        ticket = make_ticket(
            self.unit, fields.pop("category", self.category), reported_on="2024-08-01 08:00:00"
        )
        values = {
            "due_on": due_on,
            "resolved_on": resolved_on,
            "state": "Resolved" if resolved_on else "Reported",
        }
        # The counts are about what is on file, however it came there.
        frappe.db.set_value("Issue Ticket", ticket.name, values | fields)
        return ticket

    def reading(self, metric, **kwargs):
        rows = read(metric, SEPTEMBER, kwargs.pop("cutoff", CUTOFF), category=self.top.name, **kwargs)
        return [(row.k, row.n) for row in rows if row.unit == self.unit.name]

    def test_cohort_is_the_month_of_the_due_date(self):
        for due_on in ("2024-08-31", "2024-09-01", "2024-09-30", "2024-10-01"):
            self.ticket(due_on)
        self.assertEqual(self.reading(ON_TIME), [(0, 2)])

    def test_on_time_compares_dates(self):
        self.ticket("2024-09-10", "2024-09-10 23:59:59")
        self.ticket("2024-09-10", "2024-09-11 00:00:00")
        self.ticket("2024-09-10", "2024-09-09 12:00:00")
        self.assertEqual(self.reading(ON_TIME), [(2, 3)])

    def test_resolution_counts_until_the_cutoff_inclusive(self):
        self.ticket("2024-09-10", "2024-10-10 23:59:59")
        self.ticket("2024-09-10", "2024-10-11 00:00:00")
        self.ticket("2024-09-10")
        self.assertEqual(self.reading(RESOLVED), [(1, 3)])
        self.assertEqual(self.reading(RESOLVED, cutoff=datetime(2024, 10, 11, 0, 0, 0)), [(2, 3)])

    def test_cancelled_tickets_count_nowhere(self):
        self.ticket("2024-09-10", state="Cancelled")
        self.assertEqual(self.reading(ON_TIME), [])
        self.assertEqual(self.reading(RESOLVED), [])

    def test_satisfaction_counts_answers_given_in_the_month(self):
        ticket = self.ticket("2024-06-30")
        for answered_on, rating in (
            ("2024-08-31 23:59:59", 5),
            ("2024-09-01 00:00:00", 5),
            ("2024-09-15 12:00:00", 3),
            ("2024-09-30 23:59:59", 4),
            ("2024-10-01 00:00:00", 5),
        ):
            make_response(ticket, rating, answered_on=answered_on)
        self.assertEqual(self.reading(SATISFIED), [(2, 3)])
        self.set_settings(satisfied_from=5)
        self.assertEqual(self.reading(SATISFIED), [(1, 3)])

    def test_category_stands_for_its_subtree(self):
        other = make_category(time_limit=10, time_limit_unit="Calendar Days")
        file_tickets(self.unit, self.category, 1, 3)
        file_tickets(self.unit, self.top, 1, 1)
        file_tickets(self.unit, other, 5, 5)
        self.assertEqual(self.reading(ON_TIME), [(2, 4)])
        rows = read(ON_TIME, SEPTEMBER, CUTOFF, category=other.name)
        self.assertEqual(rows, [Reading(self.unit.name, 5, 5)])

    def test_unknown_metric_or_category_is_refused(self):
        with self.assertRaises(frappe.ValidationError):
            read("Speed", SEPTEMBER, CUTOFF)
        with self.assertRaises(frappe.DoesNotExistError):
            read(ON_TIME, SEPTEMBER, CUTOFF, category="No such category")

    def test_one_query_whatever_the_number_of_units(self):
        for _number in range(5):
            file_tickets(make_unit(), self.category, 1, 2)
        with self.assertQueryCount(1):
            read(ON_TIME, SEPTEMBER, CUTOFF)
