import frappe

from cadre_incentive.tests.base import NO_TEST_RECORDS, CadreTestCase

test_ignore = NO_TEST_RECORDS


def make_calendar(year, *days):
    rows = [{"date": day, "day_type": "Holiday"} for day in days]
    return frappe.get_doc({"doctype": "Holiday Calendar", "year": year, "days": rows}).insert()


class TestHolidayCalendar(CadreTestCase):
    def test_one_document_per_year(self):
        calendar = make_calendar(2095, "2095-10-01")
        self.assertEqual(calendar.name, "2095")
        frappe.clear_messages()
        with self.assertRaises(frappe.DuplicateEntryError):
            make_calendar(2095)
        (message,) = frappe.get_message_log()
        self.assertEqual(message["title"], "Duplicate Name")
        self.assertIn("already exists", message["message"])

    def test_year_out_of_range(self):
        for year in (1999, 2101):
            with self.assertRaisesRegex(frappe.ValidationError, "between"):
                make_calendar(year)

    def test_day_of_another_year(self):
        with self.assertRaisesRegex(frappe.ValidationError, "not in the year"):
            make_calendar(2095, "2096-01-01")

    def test_day_twice(self):
        with self.assertRaisesRegex(frappe.ValidationError, "both name"):
            make_calendar(2095, "2095-10-01", "2095-10-02", "2095-10-01")

    def test_the_year_is_not_changed(self):
        calendar = make_calendar(2095)
        calendar.year = 2096
        with self.assertRaises(frappe.CannotChangeConstantError):
            calendar.save()
