import csv
import os
import re
import unittest
from collections import Counter

import frappe

from cadre_incentive.tests import strings
from cadre_incentive.tests.base import CadreTestCase

PLACEHOLDER = re.compile(r"\{[^{}]*\}")
# Words that the desk says itself, of other things or in other Chinese. A translation of ours without a
# context would replace its own everywhere: every enabled user "in office", every red colour "a red list".
WORDS_OF_THE_DESK = """
    Active, Black, Cancelled, Category, Category Name, Channel, Closed, Comment, Description, Draft,
    Enabled, From Date, Full Name, ID, In Progress, Left, Line, List, Lists, Method, Not permitted,
    Overview, Period, Points, Position, Published, Published On, Rank, Reason, Rebuild, Red, Reports,
    Result, Rules, Scope, Source, Subject, Summary, To Date, Total, Year, Your Shortcuts
"""


def rows():
    with (strings.APP / "translations" / "zh.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def frappe_chinese():
    """What Frappe says without a context; nothing where the host has no translations of its own."""
    path = frappe.get_app_path("frappe", "translations", "zh.csv")
    if not os.path.exists(path):
        return {}
    with open(path, encoding="utf-8", newline="") as file:
        return {row[0]: row[1] for row in csv.reader(file) if len(row) == 2 or (row and not row[2])}


class TestTranslations(unittest.TestCase):
    def test_every_string_has_its_chinese(self):
        translated = {(row[0], row[2]) for row in rows() if row[1]}
        missing = {
            (text, context): files
            for (text, context), files in strings.collect().items()
            if (text, context) not in translated and (text, "") not in translated
        }
        self.assertEqual(missing, {})

    def test_nothing_is_translated_that_nobody_says(self):
        said = strings.collect()
        texts = {text for text, _context in said}
        unsaid = [
            row for row in rows() if (row[0] not in texts if not row[2] else (row[0], row[2]) not in said)
        ]
        self.assertEqual(unsaid, [])

    def test_every_row_has_source_translation_and_context(self):
        self.assertEqual([row for row in rows() if len(row) != 3], [])
        counts = Counter((row[0], row[2]) for row in rows())
        self.assertEqual([source for source, count in counts.items() if count > 1], [])

    def test_placeholders_survive(self):
        for source, translation, _context in rows():
            with self.subTest(source=source):
                wanted, found = (Counter(PLACEHOLDER.findall(text)) for text in (source, translation))
                self.assertEqual(found, wanted)

    def test_the_desk_keeps_its_own_words(self):
        """Give such a word the context of its DocType, or choose a source that says more."""
        words = {word.strip() for word in WORDS_OF_THE_DESK.split(",")}
        self.assertEqual([row for row in rows() if not row[2] and row[0] in words], [])


class TestInFrappe(CadreTestCase):
    def test_a_chinese_user_reads_chinese(self):
        frappe.local.lang = "zh"
        self.assertEqual(frappe._("Red Black List"), "红黑榜")
        self.assertEqual(frappe._("On-time Rate"), "按期办结率")
        self.assertEqual(frappe._("Red", context="Red Black List Entry"), "红榜")
        self.assertEqual(frappe._("Active", context="Cadre"), "在职")

    def test_frappe_s_own_chinese_stays(self):
        own = frappe_chinese()
        changed = [row for row in rows() if not row[2] and own.get(row[0], row[1]) != row[1]]
        self.assertEqual(changed, [])
        frappe.local.lang = "zh"
        for word in ("Active", "Closed", "Red"):
            self.assertEqual(frappe._(word), own.get(word, word))
