import unittest

from hypothesis import given
from hypothesis import strategies as st

from cadre_incentive import codes
from cadre_incentive.tests import base  # noqa: F401  (loads the hypothesis profile)


class TestCodes(unittest.TestCase):
    def test_one_way_of_writing(self):
        for written, code in (
            ("　ＡＢ－ｘ１   north ", "AB-x1 north"),
            ("A\u200b1", "A1"),
            ("A \u200b 1", "A 1"),
            ("A\x001\t2", "A1 2"),
            ("\ufeff", ""),
            (None, ""),
        ):
            self.assertEqual(codes.normalise(written), code)

    def test_same_code(self):
        self.assertEqual(codes.key("Straße Ａ"), codes.key("STRASSE  a"))
        self.assertNotEqual(codes.key("A-1"), codes.key("A1"))

    @given(st.text())
    def test_normalising_twice_changes_nothing(self, text):
        code = codes.normalise(text)
        self.assertEqual(codes.normalise(code), code)
        self.assertEqual(codes.key(codes.key(text)), codes.key(text))
        self.assertEqual(codes.key(code), codes.key(text))

    @given(st.text())
    def test_case_makes_no_other_code(self, text):
        self.assertEqual(codes.key(text.casefold()), codes.key(text))
