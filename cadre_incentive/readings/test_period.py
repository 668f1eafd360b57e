import unittest
from datetime import date, datetime

from cadre_incentive.readings import Period


class TestPeriod(unittest.TestCase):
    def test_month(self):
        month = Period.parse("2024-02")
        self.assertEqual(
            (month.start, month.end, month.next_start),
            (date(2024, 2, 1), date(2024, 2, 29), date(2024, 3, 1)),
        )
        self.assertEqual(month.last_second, datetime(2024, 2, 29, 23, 59, 59))
        self.assertEqual(str(month), "2024-02")

    def test_year_ends(self):
        month = Period.parse("2023-12")
        self.assertEqual((month.end, month.next_start), (date(2023, 12, 31), date(2024, 1, 1)))

    def test_other_forms_are_refused(self):
        for text in (
            "2024-13",
            "2024-00",
            "2024-9",
            "202409",
            "2024-09-01",
            " 2024-09",
            "２０２４-09",
            "1999-12",
            "",
            None,
        ):
            with self.assertRaises(ValueError, msg=repr(text)):
                Period.parse(text)
