import math
import os
import tempfile
import unittest
from datetime import datetime

from cadre_incentive.tests.excel import load_workbook
from cadre_incentive.workbooks.sheet import MOMENT, SHARE, TEXT, WHOLE, Book, Column, write_rows, write_table

CREATED = datetime(2024, 10, 10, 23, 59, 59)
COLUMNS = [Column("Name"), Column("Count", WHOLE), Column("Rate", SHARE), Column("When", MOMENT)]


class TestSheet(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = os.path.join(folder.name, "table.xlsx")

    def write(self, rows, columns=COLUMNS):
        write_table(self.path, columns, rows, CREATED)
        return load_workbook(self.path).active

    def test_each_type_comes_back(self):
        sheet = self.write([["城关", 1200, 0.25, datetime(2024, 9, 1, 8, 30)]])
        self.assertEqual([cell.value for cell in sheet[1]], ["Name", "Count", "Rate", "When"])
        self.assertEqual([cell.value for cell in sheet[2]], ["城关", 1200, 0.25, datetime(2024, 9, 1, 8, 30)])
        self.assertEqual(sheet["C2"].number_format, "0.0%")

    def test_what_looks_like_a_formula_stays_text(self):
        texts = ["=1+1", "+49 30", "-x", "@SUM(A1)", "{=1}", "http://example.org", "1"]
        sheet = self.write([[text] for text in texts], [Column("Text", TEXT)])
        for row, text in enumerate(texts, start=2):
            cell = sheet.cell(row, 1)
            self.assertEqual((cell.value, cell.data_type, cell.hyperlink), (text, "s", None))

    def test_what_is_not_there_is_blank(self):
        sheet = self.write([[None, None, None, None], ["", math.nan, float("nan"), None]])
        self.assertEqual({cell.value for row in sheet.iter_rows(min_row=2) for cell in row}, {None})

    def test_a_long_text_is_cut_where_excel_would_refuse_it(self):
        self.assertEqual(len(self.write([["x" * 40_000]], [Column("Text")])["A2"].value), 32_767)

    def test_the_same_rows_give_the_same_bytes(self):
        contents = []
        for _again in range(2):
            self.write([["a", 1, 0.5, CREATED]])
            with open(self.path, "rb") as file:
                contents.append(file.read())
        self.assertEqual(*contents)

    def test_the_header_is_frozen_filtered_and_repeated(self):
        sheet = self.write([["a", 1, 0.5, CREATED]])
        self.assertEqual((sheet.freeze_panes, sheet.auto_filter.ref), ("A2", "A1:D2"))
        self.assertEqual(sheet.print_title_rows, "$1:$1")
        setup = sheet.page_setup
        self.assertEqual((setup.orientation, setup.paperSize, setup.fitToHeight), ("landscape", 9, 0))

    def test_refuses_more_rows_than_a_sheet_has(self):
        with self.assertRaises(ValueError):
            write_rows(Book(self.path, CREATED).add_sheet("a", ""), 1_048_576, [], [[]])

    def test_refuses_rows_of_another_width(self):
        with self.assertRaises(ValueError):
            self.write([["a"]])

    def test_rows_are_streamed(self):
        rows = ([f"row {number}", number, 0.5, None] for number in range(5000))
        self.assertEqual(self.write(rows).max_row, 5001)
