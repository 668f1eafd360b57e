import csv
import re
import unittest
from collections import Counter

import frappe

from cadre_incentive.tests import strings
from cadre_incentive.tests.base import CadreTestCase

PLACEHOLDER = re.compile(r"\{[^{}]*\}")


def rows():
    with (strings.APP / "translations" / "zh.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


class TestTranslations(unittest.TestCase):
    def test_every_string_has_its_chinese(self):
        translated = {row[0] for row in rows() if row[1]}
        missing = {text: files for text, files in strings.collect().items() if text not in translated}
        self.assertEqual(missing, {})

    def test_nothing_is_translated_that_nobody_says(self):
        said = strings.collect()
        self.assertEqual([row[0] for row in rows() if row[0] not in said], [])

    def test_every_row_has_source_translation_and_context(self):
        self.assertEqual([row for row in rows() if len(row) != 3], [])
        counts = Counter((row[0], row[2]) for row in rows())
        self.assertEqual([source for source, count in counts.items() if count > 1], [])

    def test_placeholders_survive(self):
        for source, translation, _context in rows():
            with self.subTest(source=source):
                wanted, found = (Counter(PLACEHOLDER.findall(text)) for text in (source, translation))
                self.assertEqual(found, wanted)


class TestInFrappe(CadreTestCase):
    def test_a_chinese_user_reads_chinese(self):
        frappe.local.lang = "zh"
        self.assertEqual(frappe._("Red Black List"), "红黑榜")
        self.assertEqual(frappe._("On-time Rate"), "按期办结率")
