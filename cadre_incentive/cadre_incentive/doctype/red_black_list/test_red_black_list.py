"""Policy E1, D3: from records to a draft, to a published list, to its correction; and every refusal."""

import frappe
from hypothesis import given, settings
from hypothesis import strategies as st

from cadre_incentive import ledger
from cadre_incentive.cadre_incentive.doctype.red_black_list import display
from cadre_incentive.cadre_incentive.doctype.red_black_list.rebuild import (
    publish,
    rebuild,
    rebuild_boards,
)
from cadre_incentive.scoring import wilson
from cadre_incentive.tests.base import NO_TEST_RECORDS, CadreTestCase
from cadre_incentive.tests.counts import file_tickets
from cadre_incentive.tests.factories import (
    make_board,
    make_cadre,
    make_category,
    make_track,
    make_unit,
    make_user,
    make_work_item,
)

test_ignore = NO_TEST_RECORDS
PERIOD = "2024-09"


class ListCase(CadreTestCase):
    """A board over its own category, so that other records on the site do not matter."""

    def setUp(self):
        super().setUp()
        self.category = make_category()
        self.item = make_work_item()
        self.board = make_board(category=self.category, work_item=self.item)
        self.good, self.bad = make_unit(), make_unit()

    def file(self, unit, k, n, period=PERIOD):
        file_tickets(unit, self.category, k, n, period)

    def draft(self, period=PERIOD, board=None):
        return frappe.get_doc("Red Black List", rebuild((board or self.board).name, period))

    def published(self, period=PERIOD, board=None):
        return frappe.get_doc("Red Black List", publish(self.draft(period, board).name))

    def entry(self, doc, unit):
        return next(row for row in doc.entries if row.unit == unit.name)

    def strikes(self, unit):
        standing = ledger.strikes_of_year("Key Work Item", self.item.name, 2024)
        return sum(number for _principal, number in standing.get(unit.name, []))

    def assertRefused(self, message, function, *args, **kwargs):
        with self.assertRaisesRegex(frappe.ValidationError, message):
            function(*args, **kwargs)


class TestDraft(ListCase):
    def test_entries_say_everything(self):
        self.file(self.good, 60, 60)
        self.file(self.bad, 4, 20)
        doc = self.draft()
        self.assertEqual(doc.name, f"{self.board.name}-2024-09-v1")
        self.assertEqual((doc.docstatus, doc.status, doc.version, doc.supersedes), (0, "Draft", 1, None))
        self.assertEqual((doc.units_count, doc.ranked_count, doc.red_count, doc.black_count), (2, 2, 1, 1))
        self.assertEqual((doc.item_type, doc.item), ("Key Work Item", self.item.name))
        entry = self.entry(doc, self.bad)
        low, high = wilson(4, 20)
        self.assertEqual((entry.k, entry.n, entry.rank, entry.colour, entry.strikes), (4, 20, 2, "Black", 1))
        self.assertAlmostEqual(entry.rate, 20, places=8)
        self.assertAlmostEqual(entry.low, 100 * low, places=8)
        self.assertAlmostEqual(entry.high, 100 * high, places=8)
        for part in ("4", "20", "20.0", f"{100 * high:.1f}", "60"):
            self.assertIn(part, entry.reason)
        self.assertEqual(self.entry(doc, self.good).colour, "Red")

    def test_small_samples_are_shown_but_not_ranked(self):
        self.file(self.bad, 0, 9)
        entry = self.entry(self.draft(), self.bad)
        self.assertEqual((entry.rank, entry.colour or None), (0, None))

    def test_boards_of_one_track_leave_the_others_out(self):
        track = make_track()
        inside = make_unit(track=track)
        board = make_board(category=self.category, track=track)
        self.file(inside, 1, 20)
        self.file(self.bad, 1, 20)
        self.assertEqual([row.unit for row in self.draft(board=board).entries], [inside.name])

    def test_a_board_without_work_item_is_its_own(self):
        board = make_board(category=self.category)
        doc = self.draft(board=board)
        self.assertEqual((doc.item_type, doc.item), ("List Board", board.name))

    def test_nothing_on_file_gives_an_empty_list(self):
        self.assertEqual(self.draft().entries, [])

    def test_default_cutoff_is_the_end_of_the_third_working_day(self):
        # 1–7 October 2024 are holidays: working days are the 8th, 9th and 10th.
        doc = self.draft()
        self.assertEqual(str(doc.cutoff)[:19], "2024-10-10 23:59:59")
        self.assertFalse(doc.calendar_note)

    def test_years_without_calendar_are_told(self):
        frappe.delete_doc("Holiday Calendar", "2024", force=True)
        self.assertIn("2024", self.draft().calendar_note)

    def test_a_given_cutoff_is_kept(self):
        name = rebuild(self.board.name, PERIOD, "2024-11-05")
        self.assertEqual(self.draft().name, name)
        self.assertEqual(str(self.draft().cutoff)[:19], "2024-11-05 23:59:59")

    def test_json_has_unrounded_shares(self):
        self.file(self.good, 2, 3)
        self.file(self.bad, 4, 20)
        shown = frappe.parse_json(display.as_json(self.draft().name))
        self.assertEqual((shown["period"], shown["board"]), (PERIOD, self.board.name))
        by_unit = {entry["unit"]: entry for entry in shown["entries"]}
        good, bad = by_unit[self.good.name], by_unit[self.bad.name]
        keys = ("unit", "track", "k", "n", "rate", "low", "high", "rank", "colour", "strikes", "reason")
        self.assertEqual(tuple(good), keys)
        self.assertEqual(
            (good["rate"], good["rank"], good["colour"], good["track"]), (2 / 3, None, None, None)
        )
        self.assertEqual(((bad["low"], bad["high"]), bad["colour"]), (wilson(4, 20), "Black"))
        self.assertIn(self.board.name, display.as_table(self.draft().name))


class TestIdempotence(ListCase):
    def test_unchanged_input_changes_nothing(self):
        self.file(self.bad, 4, 20)
        first = self.draft()
        second = self.draft()
        self.assertEqual((second.name, second.modified), (first.name, first.modified))
        self.assertEqual([r.name for r in second.entries], [r.name for r in first.entries])
        published = self.published()
        self.assertEqual(self.draft().name, published.name)

    def test_changed_input_refreshes_the_draft_in_place(self):
        self.file(self.bad, 4, 20)
        first = self.draft()
        self.file(self.bad, 0, 1)
        second = self.draft()
        self.assertEqual((second.name, second.version), (first.name, 1))
        self.assertNotEqual(second.input_digest, first.input_digest)
        self.assertEqual([row.n for row in second.entries], [21])

    def test_changed_rules_are_changed_input(self):
        self.file(self.bad, 4, 20)
        digest = self.draft().input_digest
        self.board.black_line = 30
        self.board.save()
        self.assertNotEqual(self.draft().input_digest, digest)

    def test_a_correction_undone_drops_its_draft(self):
        self.file(self.bad, 4, 20)
        published = self.published()
        self.file(self.good, 1, 10)
        stale = self.draft()
        self.assertEqual((stale.version, stale.supersedes), (2, published.name))
        frappe.db.delete("Issue Ticket", {"unit": self.good.name})
        self.assertEqual(self.draft().name, published.name)
        self.assertFalse(frappe.db.exists("Red Black List", stale.name))

    def test_a_draft_follows_the_strikes(self):
        for period in ("2024-08", PERIOD):
            self.file(self.bad, 4, 20, period)
        self.assertEqual(self.entry(self.draft(), self.bad).strikes, 1)
        self.published("2024-08")
        self.assertEqual(self.entry(self.draft(), self.bad).strikes, 2)

    def test_queries_do_not_grow_with_the_units(self):
        self.draft()
        for _number in range(40):
            self.file(make_unit(), 4, 20, "2024-07")
        # Less than one for each unit.
        with self.assertQueryCount(39):
            rebuild(self.board.name, "2024-07")


class TestPublish(ListCase):
    def test_black_entries_post_one_strike(self):
        cadre = make_cadre(full_name="Lin Wei")
        unit = make_unit(principals=[(cadre, "2020-01-01", None)])
        self.file(unit, 4, 20)
        doc = self.published()
        self.assertEqual((doc.docstatus, doc.status, doc.published_by), (1, "Published", "Administrator"))
        self.assertTrue(doc.published_on)
        posted = frappe.get_all("Merit Ledger Entry", filters={"party": unit.name}, fields=["*"])
        self.assertEqual(len(posted), 1)
        self.assertEqual(
            (posted[0].principal, posted[0].period, posted[0].item, posted[0].voucher_no),
            (cadre.name, PERIOD, self.item.name, doc.name),
        )
        self.assertEqual(self.entry(doc, unit).strike_principals, "Lin Wei ×1")
        publish(doc.name)
        self.assertEqual(self.strikes(unit), 1)

    def test_the_third_strike_of_the_year_is_marked(self):
        for period in ("2023-12", "2024-01", "2024-05", PERIOD):
            self.file(self.bad, 4, 20, period)
        seen = []
        for period in ("2023-12", "2024-01", "2024-05", PERIOD):
            entry = self.entry(self.published(period), self.bad)
            seen.append((entry.strikes, entry.third_strike))
        self.assertEqual(seen, [(1, 0), (1, 0), (2, 0), (3, 1)])

    def test_boards_of_one_item_strike_once(self):
        other = make_board(category=self.category, work_item=self.item, metric="Resolution Rate")
        self.file(self.bad, 4, 20)
        self.published()
        self.published(board=other)
        self.assertEqual(self.strikes(self.bad), 1)
        # The first board takes it back, the second still has it black: the strike stands.
        self.board.black_line = 10
        self.board.save()
        self.published()
        self.assertEqual(self.strikes(self.bad), 1)
        other.black_line = 10
        other.save()
        self.published(board=other)
        self.assertEqual(self.strikes(self.bad), 0)

    def test_a_correction_supersedes_and_posts_the_difference(self):
        self.file(self.bad, 4, 20)
        self.file(self.good, 10, 20)
        first = self.published()
        self.file(self.bad, 300, 300)
        self.file(self.good, 0, 60)
        second = self.published()
        first.reload()
        self.assertEqual((first.status, first.superseded_by, first.docstatus), ("Superseded", second.name, 1))
        self.assertEqual((second.version, second.supersedes), (2, first.name))
        self.assertEqual((self.strikes(self.bad), self.strikes(self.good)), (0, 1))
        reversal = frappe.get_all(
            "Merit Ledger Entry", filters={"party": self.bad.name, "quantity": -1}, fields=["voucher_no"]
        )
        self.assertEqual([row.voucher_no for row in reversal], [second.name])

    def test_a_board_that_moves_to_another_item_takes_its_strikes_along(self):
        self.file(self.bad, 4, 20)
        self.published()
        old, self.item = self.item, make_work_item()
        self.board.work_item = self.item.name
        self.board.save()
        self.published()
        self.assertEqual(self.strikes(self.bad), 1)
        self.assertEqual(ledger.strikes_of_year("Key Work Item", old.name, 2024), {})


class TestSettlement(ListCase):
    """Whatever is published in whatever order: the ledger holds exactly what the lists in force say."""

    steps = st.lists(
        st.tuples(st.integers(0, 1), st.sets(st.integers(0, 2)), st.sampled_from(["2024-03", "2024-08"])),
        min_size=1,
        max_size=6,
    )

    @settings(max_examples=max(5, settings().max_examples // 10))
    @given(steps)
    def test_one_strike_for_a_unit_item_and_month(self, steps):
        frappe.db.savepoint("settlement")
        categories = [make_category(), make_category()]
        boards = [make_board(category=category, work_item=self.item) for category in categories]
        units = [make_unit() for _number in range(3)]
        in_force = {}
        for which, bad, period in steps:
            frappe.db.delete(
                "Issue Ticket",
                {"category": categories[which].name, "due_on": ("between", [f"{period}-01", f"{period}-31"])},
            )
            for number, unit in enumerate(units):
                file_tickets(unit, categories[which], 0 if number in bad else 20, 20, period)
            self.published(period, boards[which])
            in_force[which, period] = {(units[number].name, period) for number in bad}
            expected = set().union(*in_force.values())
            rows = frappe.get_all(
                "Merit Ledger Entry", filters={"item": self.item.name}, fields=["party", "period", "quantity"]
            )
            sums = {}
            for row in rows:
                sums[row.party, row.period] = sums.get((row.party, row.period), 0) + row.quantity
            self.assertEqual(dict.fromkeys(expected, 1), {key: sum_ for key, sum_ in sums.items() if sum_})
        frappe.db.rollback(save_point="settlement")


class TestRefusals(ListCase):
    def test_periods_and_boards(self):
        self.assertRefused("YYYY-MM", rebuild, self.board.name, "2024-9")
        self.assertRefused("future", rebuild, self.board.name, "2099-01")
        self.assertRefused("does not exist", rebuild, "No such board", PERIOD)
        self.board.enabled = 0
        self.board.save()
        self.assertRefused("disabled", rebuild, self.board.name, PERIOD)

    def test_cutoffs(self):
        self.assertRefused("before the end", rebuild, self.board.name, PERIOD, "2024-09-29")
        self.assertRefused("before the end", rebuild, self.board.name, PERIOD, "2024-09-30 23:59:58")
        self.assertRefused("not a date", rebuild, self.board.name, PERIOD, "soon")

    def test_publishing_waits_for_the_cutoff(self):
        name = rebuild(self.board.name, PERIOD, "2099-01-01")
        self.assertRefused("before its cut-off", publish, name)

    def test_a_stale_draft_is_not_published(self):
        self.file(self.bad, 4, 20)
        self.published()
        self.file(self.bad, 0, 1)
        draft = self.draft()
        frappe.db.set_value("Red Black List", draft.name, "supersedes", None)
        self.assertRefused("stale", publish, draft.name)

    def test_a_draft_whose_records_or_board_have_changed_is_not_published(self):
        self.file(self.bad, 4, 20)
        draft = self.draft()
        self.file(self.bad, 300, 300)
        self.assertRefused("stale", publish, draft.name)
        self.assertEqual(self.draft().name, draft.name)
        self.board.black_line = 50
        self.board.save()
        self.assertRefused("stale", publish, draft.name)
        self.assertRefused("stale", frappe.get_doc("Red Black List", draft.name).submit)
        self.draft()
        publish(draft.name)
        self.assertEqual(self.strikes(self.bad), 0)

    def test_only_those_who_may_publish(self):
        self.file(self.bad, 4, 20)
        name = self.draft().name
        frappe.set_user(make_user("Assessment Officer").name)
        with self.assertRaises(frappe.PermissionError):
            publish(name)
        frappe.set_user(make_user("Incentive Administrator").name)
        publish(name)
        self.assertEqual(self.strikes(self.bad), 1)

    def test_lists_are_not_made_by_hand(self):
        doc = frappe.get_doc(
            {"doctype": "Red Black List", "board": self.board.name, "period": PERIOD, "version": 1}
        )
        self.assertRefused("by a rebuild", doc.insert)

    def test_drafts_are_not_edited_by_hand(self):
        self.file(self.bad, 4, 20)
        for change in (
            lambda doc: doc.set("red_line", 1),
            lambda doc: doc.set("cutoff", "2024-12-01 00:00:00"),
            lambda doc: doc.entries[0].set("colour", ""),
            lambda doc: doc.set("entries", []),
            lambda doc: doc.append("entries", {"unit": self.good.name}),
        ):
            doc = self.draft()
            change(doc)
            self.assertRefused("never edited", doc.save)
        self.draft().save()

    def test_published_lists_are_not_changed_cancelled_deleted_or_renamed(self):
        self.file(self.bad, 4, 20)
        doc = self.published()
        doc.status = "Superseded"
        self.assertRefused("never changed", doc.save)
        doc.reload()
        self.assertRefused("never cancelled", doc.cancel)
        with self.assertRaises(frappe.ValidationError):
            frappe.delete_doc("Red Black List", doc.name, force=True)
        self.assertRefused("never renamed", frappe.rename_doc, "Red Black List", doc.name, "x", force=True)

    def test_one_board_fails_and_the_others_go_on(self):
        other = make_board(category=self.category)
        outcomes = list(rebuild_boards(["No such board", other.name], PERIOD))
        self.assertEqual([bool(o.error) for o in outcomes], [True, False])
        self.assertTrue(frappe.db.exists("Red Black List", outcomes[1].name))
