"""Policy E1: what a correction does to other months, other boards, disabled boards; what it leaves."""

import os
import tempfile

import frappe
from frappe.desk.query_report import run

from cadre_incentive import ledger
from cadre_incentive.cadre_incentive.doctype.red_black_list import display
from cadre_incentive.cadre_incentive.doctype.red_black_list.rebuild import publish, rebuild
from cadre_incentive.cadre_incentive.doctype.red_black_list.test_red_black_list import PERIOD, ListCase
from cadre_incentive.cadre_incentive.doctype.red_black_list.versions import check_board
from cadre_incentive.tests.base import NO_TEST_RECORDS
from cadre_incentive.tests.excel import load_workbook
from cadre_incentive.tests.factories import make_board, make_cadre, make_unit
from cadre_incentive.workbooks import write_workbook

test_ignore = NO_TEST_RECORDS
MONTHS = ("2024-01", "2024-02", "2024-03")


class TestStrikesShown(ListCase):
    """A list in force shows what stands on the ledger now, wherever it is read."""

    def setUp(self):
        super().setUp()
        frappe.db.set_single_value("System Settings", "language", "en")
        for period in MONTHS:
            self.file(self.bad, 4, 20, period)
            self.march = self.published(period)

    def correct_january(self):
        self.file(self.bad, 300, 300, "2024-01")
        return self.published("2024-01")

    def in_json(self, name):
        (entry,) = frappe.parse_json(display.as_json(name))["entries"]
        return entry["strikes"]

    def in_report(self, period):
        filters = {"period": period, "board": self.board.name}
        rows = run("Red Black List", filters=filters, ignore_prepared_report=True)["result"]
        return next((row["strikes"], row["third_strike"]) for row in rows if row["unit"] == self.bad.name)

    def in_workbook(self, period):
        with tempfile.TemporaryDirectory() as folder:
            path = write_workbook(period, os.path.join(folder, "month.xlsx"))
            rows = [[cell.value for cell in row] for row in load_workbook(path)["Black List"]]
        (row,) = [row for row in rows if row[0] == self.board.name]
        return row[10:12]

    def test_a_correction_of_january_shows_in_march(self):
        mark = "Strike limit of 3 reached"
        self.assertEqual(self.in_report("2024-03"), (3, 1))
        self.assertEqual(self.in_workbook("2024-03"), [3, f"{mark} (E1)"])
        self.assertIn(f"strikes: 3, {mark}", display.as_table(self.march.name))
        january = self.correct_january()
        self.assertEqual(january.version, 2)
        self.assertEqual(rebuild(self.board.name, "2024-03"), self.march.name)
        self.assertEqual(self.in_json(self.march.name), 2)
        self.assertEqual(self.in_report("2024-03"), (2, 0))
        self.assertEqual(self.in_workbook("2024-03"), [2, None])
        table = display.as_table(self.march.name)
        self.assertIn("strikes: 2", table)
        self.assertNotIn("limit", table)
        # The entry itself keeps what was published.
        self.march.reload()
        self.assertEqual([(row.strikes, row.third_strike) for row in self.march.entries], [(3, 1)])

    def test_a_superseded_list_keeps_what_it_said(self):
        first = f"{self.board.name}-2024-01-v1"
        self.assertEqual(self.in_json(first), 3)
        self.correct_january()
        self.assertEqual(self.in_json(first), 1)

    def test_the_mark_is_the_limit_of_the_settings(self):
        self.set_settings(strike_limit=2)
        self.assertEqual(self.in_report("2024-03"), (3, 1))
        self.assertIn("Strike limit of 2 reached", display.as_table(self.march.name))
        self.set_settings(strike_limit=4)
        self.assertEqual(self.in_report("2024-03"), (3, 0))

    def test_queries_do_not_grow_with_the_units(self):
        for unit in (self.bad, *(make_unit() for _number in range(40))):
            self.file(unit, 4, 20, "2024-04")
        april = self.published("2024-04")
        with self.assertQueryCount(12):
            display.as_json(april.name)
        with self.assertQueryCount(39):
            self.in_report("2024-04")


class TestVouchers(ListCase):
    """Whoever follows a strike to its voucher finds a list in force that has the unit black."""

    def open_strikes(self, unit):
        rows = frappe.get_all(
            "Merit Ledger Entry",
            filters={"party": unit.name, "item": self.item.name},
            fields=["name", "voucher_no", "principal", "reverses"],
        )
        undone = {row.reverses for row in rows}
        return [(r.voucher_no, r.principal) for r in rows if not r.reverses and r.name not in undone]

    def test_a_strike_moves_to_the_list_that_still_has_it_black(self):
        first, later = make_cadre(), make_cadre()
        unit = make_unit(principals=[(first, "2020-01-01", None)])
        other = make_board(category=self.category, work_item=self.item, metric="Resolution Rate")
        self.file(unit, 4, 20)
        one = self.published()
        two = self.published(board=other)
        self.assertEqual(self.open_strikes(unit), [(one.name, first.name)])
        # The register has changed since; the strike stays where it fell.
        unit.reload()
        unit.principals[0].cadre = later.name
        unit.save()
        self.board.black_line = 10
        self.board.save()
        corrected = self.published()
        self.assertEqual(self.open_strikes(unit), [(two.name, first.name)])
        self.assertEqual(self.strikes(unit), 1)
        reversal = frappe.get_all(
            "Merit Ledger Entry", filters={"party": unit.name, "quantity": -1}, pluck="voucher_no"
        )
        self.assertEqual(reversal, [corrected.name])
        settled = ledger.settle_strikes("Key Work Item", self.item.name, PERIOD)
        self.assertEqual(settled, {"posted": [], "reversed": [], "moved": []})

    def test_a_strike_moves_to_the_new_version(self):
        self.file(self.bad, 4, 20)
        self.published()
        self.file(self.bad, 0, 1)
        second = self.published()
        self.assertEqual(self.open_strikes(self.bad), [(second.name, None)])
        self.assertEqual(self.strikes(self.bad), 1)


class TestDisabledBoards(ListCase):
    def disable(self):
        self.board.enabled = 0
        self.board.save()

    def test_a_published_list_of_a_disabled_board_can_be_corrected(self):
        self.file(self.bad, 4, 20)
        first = self.published()
        self.disable()
        self.assertEqual(check_board(self.board.name, PERIOD), self.board.name)
        self.file(self.bad, 300, 300)
        second = self.draft()
        self.assertEqual((second.version, second.supersedes), (2, first.name))
        publish(second.name)
        self.assertEqual(self.strikes(self.bad), 0)

    def test_a_disabled_board_makes_no_new_lists(self):
        self.file(self.bad, 4, 20)
        self.draft()
        self.disable()
        for function in (rebuild, check_board):
            self.assertRefused("disabled", function, self.board.name, PERIOD)
            self.assertRefused("disabled", function, self.board.name, "2024-08")
        self.assertRefused("does not exist", check_board, "No such board", PERIOD)


class TestNames(ListCase):
    def rename(self):
        self.bad.unit_name = "Another name"
        self.bad.save()

    def test_a_new_name_makes_no_new_version(self):
        self.file(self.bad, 4, 20)
        published = self.published()
        self.rename()
        self.assertEqual(self.draft().name, published.name)

    def test_a_draft_that_is_rebuilt_has_the_new_name(self):
        self.file(self.bad, 4, 20)
        first = self.draft()
        self.rename()
        second = self.draft()
        self.assertEqual((second.name, second.input_digest), (first.name, first.input_digest))
        self.assertEqual(self.entry(second, self.bad).unit_name, "Another name")
        publish(second.name)

    def test_a_name_does_not_write_to_the_terminal(self):
        self.bad.unit_name = "\x1b[2Jgone\x9b"
        self.bad.save()
        self.file(self.bad, 4, 20)
        table = display.as_table(self.draft().name)
        self.assertIn("[2Jgone", table)
        self.assertNotRegex(table, "[\x00-\x09\x0b-\x1f\x7f-\x9f]")
