import datetime

import frappe

from cadre_incentive import workdays
from cadre_incentive.tests.base import CadreTestCase
from cadre_incentive.tests.factories import make_category, make_ticket


def enter_year(year, *days):
    rows = [{"date": day, "day_type": day_type} for day, day_type in days]
    return frappe.get_doc({"doctype": "Holiday Calendar", "year": year, "days": rows}).insert()


class TestLoader(CadreTestCase):
    def test_seeded_calendar(self):
        self.assertFalse(workdays.is_working_day("2024-10-01"))
        self.assertTrue(workdays.is_working_day("2024-09-29"))
        self.assertEqual(
            workdays.due_date("2024-09-27 17:30:00", 3, "Working Days"), datetime.date(2024, 10, 8)
        )

    def test_a_new_year_counts_at_once(self):
        self.assertEqual(workdays.unentered_years("2090-01-01", "2090-12-31"), [2090])
        self.assertTrue(workdays.is_working_day("2090-10-02"))
        enter_year(2090, ("2090-10-02", "Holiday"), ("2090-10-07", "Make-up Workday"))
        self.assertEqual(workdays.unentered_years("2090-01-01", "2090-12-31"), [])
        self.assertFalse(workdays.is_working_day("2090-10-02"))
        self.assertTrue(workdays.is_working_day("2090-10-07"))

    def test_a_date_that_relies_on_such_a_year_says_so(self):
        self.assertIsNone(workdays.calendar_note("2024-12-20", "2025-01-06"))
        self.assertIn("2090", workdays.calendar_note("2089-12-20", "2090-01-06"))

    def test_a_ticket_says_so(self):
        for unit, said in (("Working Days", True), ("Calendar Days", False)):
            with self.subTest(unit=unit):
                frappe.clear_messages()
                make_ticket(
                    category=make_category(time_limit=5, time_limit_unit=unit),
                    reported_on="2090-03-01 09:00:00",
                )
                log = str(frappe.get_message_log())
                self.assertEqual("No Holiday Calendar is entered for 2090" in log, said)

    def test_a_changed_and_a_deleted_year_count_at_once(self):
        calendar = enter_year(2091, ("2091-10-02", "Holiday"))
        self.assertFalse(workdays.is_working_day("2091-10-02"))
        calendar.days[0].day_type = "Make-up Workday"
        calendar.save()
        self.assertTrue(workdays.is_working_day("2091-10-02"))
        calendar.days[0].day_type = "Holiday"
        calendar.save()
        calendar.delete()
        self.assertTrue(workdays.is_working_day("2091-10-02"))
        self.assertEqual(workdays.unentered_years("2091-01-01", "2091-12-31"), [2091])

    def test_a_rollback_takes_the_year_back(self):
        enter_year(2092, ("2092-10-02", "Holiday"))
        self.assertFalse(workdays.is_working_day("2092-10-02"))
        frappe.db.rollback()
        self.assertTrue(workdays.is_working_day("2092-10-02"))

    def test_the_calendar_is_read_once(self):
        workdays.is_working_day("2024-10-01")
        with self.assertQueryCount(0):
            workdays.due_date("2024-09-27", 30, "Working Days")
