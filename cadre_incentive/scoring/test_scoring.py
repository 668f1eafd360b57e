"""Policy E1, D3: the list rules against the printed check values and a naive reference."""

import unittest
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

import cadre_incentive.tests.base  # noqa: F401  (loads the hypothesis profile)
from cadre_incentive.scoring import BLACK, RED, Rules, Sample, Verdict, judge, wilson

LENIENT = Rules(red_line=90, black_line=60, minimum_sample=10, red_limit=5, black_limit=5)

counts = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
rules_of = st.tuples(
    st.floats(0, 100), st.floats(0, 100), st.integers(1, 40), st.integers(0, 6), st.integers(0, 6)
).map(lambda r: Rules(max(r[:2]), min(r[:2]), *r[2:]))


@st.composite
def tables(draw):
    # Few distinct counts, so that ties at the cut are common.
    pool = draw(st.lists(counts, min_size=1, max_size=8))
    picks = draw(st.lists(st.tuples(st.sampled_from(pool), st.sampled_from(["", "A", "B"])), max_size=40))
    return [Sample(f"U{i:03}", track, k, n) for i, ((k, n), track) in enumerate(picks)]


def naive(samples, rules):
    """The rules read word by word, quadratic on purpose: {unit: (rank, colour)}."""
    out = {}
    for me in samples:
        peers = [s for s in samples if s.track == me.track and s.n >= rules.minimum_sample]
        if me.n < rules.minimum_sample:
            out[me.unit] = (None, None)
            continue
        mine = (Fraction(me.k, me.n), me.n)
        rank = 1 + sum((Fraction(p.k, p.n), p.n) > mine for p in peers)
        colour = None
        low, high = wilson(me.k, me.n)
        if low >= rules.red_line / 100:
            ahead = sum((wilson(p.k, p.n)[0], Fraction(p.k, p.n)) > (low, mine[0]) for p in peers)
            colour = RED if ahead < rules.red_limit else None
        if high < rules.black_line / 100:
            below = sum((wilson(p.k, p.n)[1], Fraction(p.k, p.n)) < (high, mine[0]) for p in peers)
            colour = BLACK if below < rules.black_limit else None
        out[me.unit] = (rank, colour)
    return out


class TestWilson(unittest.TestCase):
    def test_printed_check_values(self):
        for k, n, percent in (
            (3, 3, 43.8),
            (10, 10, 72.2),
            (28, 30, 78.7),
            (95, 100, 88.8),
            (285, 300, 91.9),
        ):
            self.assertEqual(round(100 * wilson(k, n)[0], 1), percent, f"{k}/{n}")

    def test_impossible_counts_are_refused(self):
        for k, n in ((0, 0), (-1, 3), (4, 3), (1, -1)):
            with self.assertRaises(ValueError):
                wilson(k, n)

    @given(counts)
    def test_interval_solves_the_score_equation(self, count):
        k, n = count
        low, high = wilson(k, n)
        share = k / n
        self.assertTrue(0 <= low <= share <= high <= 1)
        # Each end is where a z-test of that proportion would just accept the observed share.
        for end in (low, high):
            self.assertAlmostEqual((share - end) ** 2, 1.96**2 * end * (1 - end) / n, delta=1e-12)
        self.assertAlmostEqual(wilson(n - k, n)[1], 1 - low, delta=1e-12)


class TestJudge(unittest.TestCase):
    @given(tables(), rules_of)
    def test_agrees_with_the_naive_reference(self, samples, rules):
        got = {e.unit: (e.rank, e.colour) for e in judge(samples, rules)}
        self.assertEqual(got, naive(samples, rules))

    @given(tables(), rules_of, st.randoms())
    def test_order_of_input_changes_nothing(self, samples, rules, random):
        shuffled = list(samples)
        random.shuffle(shuffled)
        self.assertEqual(judge(shuffled, rules), judge(samples, rules))

    @given(tables(), rules_of)
    def test_verdict_and_colour_agree(self, samples, rules):
        for e in judge(samples, rules):
            self.assertEqual(e.colour == RED, e.verdict is Verdict.RED)
            self.assertEqual(e.colour == BLACK, e.verdict is Verdict.BLACK)
            self.assertEqual(e.rank is None, e.verdict is Verdict.TOO_SMALL)
            self.assertEqual((e.k / e.n, *wilson(e.k, e.n)), (e.rate, e.low, e.high))

    def test_small_sample_is_neither_ranked_nor_listed(self):
        (entry,) = judge([Sample("U", "", 0, 9)], LENIENT)
        self.assertEqual((entry.rank, entry.colour, entry.verdict), (None, None, Verdict.TOO_SMALL))

    def test_between_the_lines_is_not_significant(self):
        # 95 of 100 looks like 95 %, but its lower bound is 88.8 %: under the red line of 90 %.
        (entry,) = judge([Sample("U", "", 95, 100)], LENIENT)
        self.assertEqual((entry.rank, entry.colour, entry.verdict), (1, None, Verdict.NOT_SIGNIFICANT))

    def test_ties_at_the_cut_are_all_in(self):
        rules = LENIENT._replace(black_limit=2)
        samples = [Sample("A", "", 0, 20), *(Sample(u, "", 2, 20) for u in "BCD"), Sample("E", "", 3, 20)]
        blacks = {e.unit for e in judge(samples, rules) if e.colour == BLACK}
        self.assertEqual(blacks, set("ABCD"))

    def test_tracks_do_not_compete(self):
        rules = LENIENT._replace(black_limit=1)
        samples = [Sample("A", "T1", 0, 20), Sample("B", "T2", 5, 20), Sample("C", "", 6, 20)]
        self.assertEqual([e.colour for e in judge(samples, rules)], [BLACK] * 3)

    def test_limit_zero_lists_nobody(self):
        rules = LENIENT._replace(red_limit=0, black_limit=0)
        judged = judge([Sample("A", "", 0, 100), Sample("B", "", 100, 100)], rules)
        self.assertEqual({e.colour for e in judged}, {None})
        self.assertEqual([e.verdict for e in judged], [Verdict.BEYOND_RED_LIMIT, Verdict.BEYOND_BLACK_LIMIT])

    def test_crossed_lines_and_doubled_units_are_refused(self):
        with self.assertRaises(ValueError):
            judge([], LENIENT._replace(black_line=95))
        with self.assertRaises(ValueError):
            judge([Sample("A", "", 1, 2), Sample("A", "", 1, 2)], LENIENT)


if __name__ == "__main__":
    unittest.main()
