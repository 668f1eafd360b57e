"""Every verdict says rule, numbers and threshold in one sentence."""

from cadre_incentive.cadre_incentive.doctype.red_black_list import reasons
from cadre_incentive.readings import METRICS
from cadre_incentive.scoring import Rules, Sample, Verdict, judge
from cadre_incentive.tests.base import NO_TEST_RECORDS, CadreTestCase

test_ignore = NO_TEST_RECORDS
RULES = Rules(red_line=90, black_line=60, minimum_sample=10, red_limit=1, black_limit=1)


class TestReasons(CadreTestCase):
    def sentences(self, metric="On-time Rate", rules=RULES):
        samples = [
            Sample("A", "", 100, 100),
            Sample("B", "", 99, 100),
            Sample("C", "", 80, 100),
            Sample("D", "", 30, 100),
            Sample("E", "", 12, 40),
            Sample("F", "", 1, 3),
        ]
        sentence = reasons.sentence_maker(metric, rules)
        return {entry.verdict: sentence(entry) for entry in judge(samples, rules)}

    def test_each_verdict_gives_its_numbers(self):
        said = self.sentences()
        self.assertEqual(set(said), set(Verdict))
        for verdict, parts in {
            Verdict.RED: ("100", "100.0", "96.3", "90", "1"),
            Verdict.BEYOND_RED_LIMIT: ("99", "94.6", "90", "2", "1"),
            Verdict.NOT_SIGNIFICANT: ("80", "71.1", "86.7", "90", "60"),
            Verdict.BLACK: ("30", "30.0", "39.6", "60", "1"),
            Verdict.BEYOND_BLACK_LIMIT: ("12", "40", "30.0", "45.4", "60", "2"),
            Verdict.TOO_SMALL: ("1", "3", "33.3", "10"),
        }.items():
            for part in parts:
                self.assertIn(part, said[verdict])

    def test_metrics_are_named(self):
        said = {self.sentences(metric)[Verdict.RED] for metric in METRICS}
        self.assertEqual(len(said), 3)

    def test_a_bound_is_not_rounded_onto_the_line_it_misses(self):
        # The lower bound of 95 of 100 is 88.8249… %.
        self.assertEqual(reasons._percent(0.888249, 88.8), "88.82")
        self.assertEqual(reasons._percent(0.888249, 90), "88.8")
        self.assertEqual(reasons._percent(0.9, 90), "90.0")
