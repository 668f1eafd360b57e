import os
import tempfile

import frappe

from cadre_incentive.cadre_incentive.doctype.red_black_list.rebuild import publish, rebuild
from cadre_incentive.tests.base import CadreTestCase
from cadre_incentive.tests.excel import load_workbook
from cadre_incentive.tests.factories import make_board, make_category, make_ticket, make_track, make_unit
from cadre_incentive.workbooks import write_workbook

PERIOD = "2024-09"


class TestWorkbook(CadreTestCase):
    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = os.path.join(folder.name, "month.xlsx")
        frappe.db.set_single_value("System Settings", "language", "en")
        # What else the site has published stays out of the workbook.
        frappe.db.delete("Red Black List", {"period": ("like", "2024-%")})
        self.track = make_track()
        self.category = make_category(time_limit=5, time_limit_unit="Calendar Days")
        self.good = make_unit(track=self.track, unit_name="=Good unit")
        self.bad = make_unit(track=self.track, unit_name="Bad unit")
        self.small = make_unit(track=self.track, unit_name="Small unit")
        for unit, on_time, late, still_open in (
            (self.good, 40, 0, 0),
            (self.bad, 4, 8, 3),
            (self.small, 2, 0, 0),
        ):
            days = ["2024-09-04 09:00:00"] * on_time + ["2024-09-20 09:00:00"] * late + [None] * still_open
            for resolved_on in days:
                make_ticket(unit, self.category, resolved_on=resolved_on)
        self.board = make_board(category=self.category)

    def write(self):
        write_workbook(PERIOD, self.path)
        return load_workbook(self.path)

    def rows(self, sheet):
        return [[cell.value for cell in row] for row in sheet.iter_rows()]

    def test_the_sheets_hold_the_list(self):
        rebuild(self.board.name, PERIOD)
        book = self.write()
        self.assertEqual(
            book.sheetnames, ["Summary", "Red List", "Black List", "All Units", "Overdue Tickets", "Method"]
        )
        (red,) = self.rows(book["Red List"])[2:]
        self.assertEqual(red[:7], [self.board.name, self.track.name, 1, self.good.name, "=Good unit", 40, 40])
        self.assertEqual(book["Red List"]["E3"].data_type, "s")
        (black,) = self.rows(book["Black List"])[2:]
        self.assertEqual((black[3:7], black[10]), ([self.bad.name, "Bad unit", 4, 15], 1))
        every = self.rows(book["All Units"])[2:]
        self.assertEqual([(row[4], row[2], row[10]) for row in every], [
            ("=Good unit", 1, "Red"), ("Bad unit", 2, "Black"), ("Small unit", None, "Sample too small"),
        ])  # fmt: skip
        self.assertAlmostEqual(every[1][7], 4 / 15)
        overdue = [row for row in self.rows(book["Overdue Tickets"]) if row[4] == self.category.name]
        self.assertEqual([row[5:9] for row in overdue], [[15, 11, 8, 3]])

    def test_what_is_resolved_in_the_second_of_the_cutoff_is_resolved(self):
        for unit, resolved_on in ((self.bad, "2024-10-10 23:59:59"), (self.small, "2024-10-11 00:00:00")):
            make_ticket(unit, self.category, resolved_on=resolved_on)
        rebuild(self.board.name, PERIOD)
        rows = {
            row[1]: row[7:9]
            for row in self.rows(self.write()["Overdue Tickets"])
            if row[4] == self.category.name
        }
        self.assertEqual(rows, {"Bad unit": [9, 3], "Small unit": [0, 1]})

    def test_it_says_what_is_draft_and_what_is_published(self):
        name = rebuild(self.board.name, PERIOD)
        text = str(self.rows(self.write()["Summary"]))
        self.assertIn("Draft v1", text)
        self.assertIn("drafts, not published", text)
        publish(name)
        text = str(self.rows(self.write()["Summary"]))
        self.assertIn("Published v1", text)
        self.assertNotIn("drafts, not published", text)

    def test_the_newest_version_is_shown_and_the_method_explains_it(self):
        publish(rebuild(self.board.name, PERIOD))
        for _ticket in range(10):
            make_ticket(self.small, self.category)
        name = rebuild(self.board.name, PERIOD)
        book = self.write()
        self.assertEqual(self.rows(book["All Units"])[-1][6], 12)
        method = str(self.rows(book["Method"]))
        digest = frappe.db.get_value("Red Black List", name, "input_digest")
        for part in (digest, name, "Supersedes", "version 2", "z = 1.96", "2024-10-10 23:59:59"):
            self.assertIn(part, method)

    def test_units_of_one_name_are_told_apart_by_their_codes(self):
        self.small.unit_name = "Bad unit"
        self.small.save()
        rebuild(self.board.name, PERIOD)
        every = self.rows(self.write()["All Units"])[2:]
        self.assertEqual([row[3] for row in every if row[4] == "Bad unit"], [self.bad.name, self.small.name])

    def test_what_a_killed_run_has_left_is_swept(self):
        rebuild(self.board.name, PERIOD)
        os.mkdir(os.path.join(os.path.dirname(self.path), ".month.xlsx.abcd.part"))
        self.write()
        self.assertEqual(os.listdir(os.path.dirname(self.path)), ["month.xlsx"])

    def test_a_disabled_board_keeps_what_it_has_published(self):
        publish(rebuild(self.board.name, PERIOD))
        for _ticket in range(10):
            make_ticket(self.small, self.category)
        rebuild(self.board.name, PERIOD)
        self.board.enabled = 0
        self.board.save()
        book = self.write()
        self.assertIn("Published v1", str(self.rows(book["Summary"])))
        self.assertEqual(self.rows(book["All Units"])[-1][6], 2)

    def test_a_disabled_board_s_draft_is_left_out(self):
        rebuild(self.board.name, PERIOD)
        self.board.enabled = 0
        self.board.save()
        with self.assertRaisesRegex(frappe.ValidationError, "no list for 2024-09"):
            self.write()

    def test_it_speaks_the_language_of_the_site(self):
        rebuild(self.board.name, PERIOD)
        frappe.db.set_single_value("System Settings", "language", "zh")
        before = frappe.local.lang
        book = self.write()
        self.assertEqual(book.sheetnames, ["汇总", "红榜", "黑榜", "全部单位", "超期工单", "方法说明"])
        self.assertEqual(book["汇总"]["A1"].font.name, "微软雅黑")
        self.assertEqual(frappe.local.lang, before)

    def test_the_second_run_writes_the_same_bytes(self):
        rebuild(self.board.name, PERIOD)
        contents = []
        for _again in range(2):
            self.write()
            with open(self.path, "rb") as file:
                contents.append(file.read())
        self.assertEqual(*contents)
        self.assertEqual(os.listdir(os.path.dirname(self.path)), ["month.xlsx"])

    def test_there_is_a_chart(self):
        rebuild(self.board.name, PERIOD)
        write_workbook(PERIOD, self.path)
        self.assertEqual(len(load_workbook(self.path)["Summary"]._charts), 2)

    def test_refuses_what_cannot_be_written(self):
        with self.assertRaisesRegex(frappe.ValidationError, "no list for 2024-09"):
            write_workbook(PERIOD, self.path)
        rebuild(self.board.name, PERIOD)
        folder = os.path.dirname(self.path)
        for period, path, reason in (
            ("2024-9", self.path, "YYYY-MM"),
            ("2024-13", self.path, "YYYY-MM"),
            (PERIOD, os.path.join(folder, "nowhere", "a.xlsx"), "does not exist"),
            (PERIOD, os.path.join(folder, "a.xls"), "xlsx"),
        ):
            with self.subTest(reason=reason), self.assertRaisesRegex(frappe.ValidationError, reason):
                write_workbook(period, path)
        self.assertEqual(os.listdir(folder), [])

    def test_a_failure_leaves_what_was_there(self):
        rebuild(self.board.name, PERIOD)
        with open(self.path, "wb") as file:
            file.write(b"the old one")

        def fail(_done, _total):
            raise KeyboardInterrupt

        with self.assertRaises(KeyboardInterrupt):
            write_workbook(PERIOD, self.path, progress=fail)
        self.assertEqual(os.listdir(os.path.dirname(self.path)), ["month.xlsx"])
        with open(self.path, "rb") as file:
            self.assertEqual(file.read(), b"the old one")
