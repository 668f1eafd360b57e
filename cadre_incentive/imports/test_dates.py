import unittest
from contextlib import suppress
from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from cadre_incentive.imports.dates import FIRST_YEAR, LAST_YEAR, compile_format

ISO = "%Y-%m-%d %H:%M:%S"
moments = st.datetimes(min_value=datetime(FIRST_YEAR, 1, 1), max_value=datetime(LAST_YEAR, 12, 31))


class TestDates(unittest.TestCase):
    @given(moments)
    def test_reads_back_what_strftime_writes(self, moment):
        for date_format in (
            f"{ISO}.%f",
            "%d/%m/%Y %I:%M:%S %p .%f",
            "%Y%m%d%H%M%S%f",
            "%d %B %Y %H:%M:%S %f",
            "%b-%d-%Y %H:%M:%S,%f",
        ):
            # strftime of some platforms writes years before 1000 without zeros; ours start later.
            self.assertEqual(compile_format(date_format)(moment.strftime(date_format)), moment, date_format)

    @given(st.text(max_size=30))
    def test_any_other_text_is_refused_and_nothing_else(self, text):
        with suppress(ValueError):
            self.assertIsInstance(compile_format(ISO)(text), datetime)

    def test_a_date_without_a_time_is_midnight(self):
        self.assertEqual(compile_format("%d.%m.%Y")("5.1.2024"), datetime(2024, 1, 5))
        self.assertEqual(compile_format("%Y年%m月%d日")("2024年1月5日"), datetime(2024, 1, 5))
        self.assertEqual(
            compile_format("%m/%d/%Y %I:%M %p")("01/05/2024 12:30 AM"), datetime(2024, 1, 5, 0, 30)
        )

    def test_refuses_texts_that_do_not_fit(self):
        parse = compile_format(ISO)
        for text in (
            "", "2024-01-05", "05/01/2024 10:00:00", "2024-02-30 10:00:00", "2024-01-05T10:00:00",
            "2024-01-05 24:00:00", " 2024-01-05 10:00:00", "2024-01-05 10:00:00 ", "24-01-05 10:00:00",
            "２０２４-01-05 10:00:00", "1899-01-05 10:00:00", "2200-01-05 10:00:00", "0001-01-01 00:00:00",
        ):  # fmt: skip
            with self.subTest(text=text), self.assertRaises(ValueError):
                parse(text)

    def test_takes_fixed_widths_only_where_nothing_separates(self):
        parse = compile_format("%Y%m%d")
        self.assertEqual(parse("20240105"), datetime(2024, 1, 5))
        with self.assertRaises(ValueError):
            parse("2024115")

    def test_refuses_formats_that_would_need_a_guess(self):
        for date_format in (
            "", "%Y-%m", "%m-%d", "%y-%m-%d", "%Y-%m-%d %Z", "%Y-%m-%d %z", "%c", "%Y-%m-%d %Y", "%Y-%m-%d %",
            "%Y-%m-%d %I:%M", "%Y-%m-%d %p", "%Y-%m-%d %H %I %p", "%Y-%b-%m-%d", "%Y-%j",
        ):  # fmt: skip
            with self.subTest(date_format=date_format), self.assertRaises(ValueError):
                compile_format(date_format)
