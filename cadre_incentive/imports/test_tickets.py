import csv
import errno
import gzip
import json
import os
import tempfile
from datetime import datetime
from unittest.mock import patch

import frappe
from frappe.utils import get_datetime, getdate
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from cadre_incentive.imports import tickets
from cadre_incentive.imports.errors import ImportRefused
from cadre_incentive.tests.base import CadreTestCase
from cadre_incentive.tests.factories import make_category, make_track, make_unit

HEADER = ["key", "opened", "closed", "office", "area", "kind", "text"]
COLUMNS = {
    "external_id": "key",
    "reported_on": "opened",
    "resolved_on": "closed",
    "unit": "office",
    "category": "kind",
    "description": "text",
}
ROW = ["1", "2024-01-01 09:00:00", "2024-01-05 00:00:00", "Office 1", "North", "Lift stuck", "It is stuck"]


def row(**changed):
    cells = {**dict(zip(HEADER, ROW, strict=True)), **changed}
    return [cells[name] for name in HEADER]


class ImportCase(CadreTestCase):
    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.source = f"Test {frappe.generate_hash(length=8)}"
        # Names that no earlier test or site has.
        self.mark = frappe.generate_hash(length=6).upper()
        self.commits = self.enter(patch.object(frappe.db, "commit"))
        self.rollbacks = self.enter(patch.object(frappe.db, "rollback", wraps=self.rollback))

    def enter(self, patcher):
        self.addCleanup(patcher.stop)
        return patcher.start()

    def rollback(self, *args, **kwargs):
        """An import that stops must not take back what the test has set up."""

    def _undo(self):
        patch.stopall()
        super()._undo()

    def csv(self, rows, name="tickets.csv", header=HEADER, encoding="utf-8"):
        path = os.path.join(self.folder, name)
        opener = gzip.open if name.endswith(".gz") else open
        with opener(path, "wt", encoding=encoding, newline="") as file:
            csv.writer(file).writerows([header, *rows] if header else rows)
        return path

    def raw(self, content, name="tickets.csv"):
        path = os.path.join(self.folder, name)
        with open(path, "wb") as file:
            file.write(content)
        return path

    def xlsx(self, rows, name="tickets.xlsx"):
        book = Workbook()
        for cells in [HEADER, *rows]:
            book.active.append(cells)
        path = os.path.join(self.folder, name)
        book.save(path)
        return path

    def run_import(self, path, dry_run=False, progress=None, **changed):
        mapping = {
            "source": self.source,
            "columns": COLUMNS,
            "date_format": "%Y-%m-%d %H:%M:%S",
            "unit_parent_column": "area",
            "track": f"Track {self.mark}",
            "category_parent": f"Parent {self.mark}",
            "time_limit": 30,
            "time_limit_unit": "Calendar Days",
            **changed,
        }
        mapping = {key: value for key, value in mapping.items() if value is not None}
        map_path = os.path.join(self.folder, "map.json")
        with open(map_path, "w", encoding="utf-8") as file:
            json.dump(mapping, file)
        return tickets.import_file(path, map_path, dry_run=dry_run, progress=progress)

    def tickets(self, *fields):
        return frappe.get_all(
            "Issue Ticket", filters={"source": self.source}, fields=["*"], order_by="external_id asc"
        )

    def rejected(self, path):
        with open(f"{path}.rejected.csv", encoding="utf-8-sig", newline="") as file:
            return list(csv.reader(file))


class TestImport(ImportCase):
    def rows(self):
        north, south = f"North {self.mark}", f"South {self.mark}"
        lift, door = f"Lift {self.mark}", f"Door {self.mark}"
        return [
            row(key="1", office=f"Office 1 {self.mark}", area=north, kind=lift),
            row(key="2", office=f"Office 2 {self.mark}", area=south, kind=door),
            row(key="3", office=f"office 1  {self.mark}", area=north, kind=lift.lower(), closed=""),
        ]

    def test_good_rows_land_with_units_categories_and_track(self):
        result = self.run_import(self.csv(self.rows()))
        self.assertEqual((result.rows, result.added, result.rejected), (3, 3, 0))
        self.assertEqual((result.units_made, result.categories_made, result.tracks_made), (4, 3, 1))
        first, second, third = self.tickets()
        unit = frappe.get_doc("Government Unit", f"Office 1 {self.mark}")
        self.assertEqual((unit.unit_name, unit.parent_government_unit), (unit.name, f"North {self.mark}"))
        self.assertEqual(unit.track, f"Track {self.mark}")
        self.assertTrue(frappe.db.get_value("Government Unit", f"North {self.mark}", "is_group"))
        category = frappe.get_doc("Problem Category", f"Lift {self.mark}")
        self.assertEqual(category.parent_problem_category, f"Parent {self.mark}")
        self.assertEqual((first.unit, third.unit), (unit.name, unit.name))
        self.assertEqual((first.category, third.category), (category.name, category.name))
        self.assertEqual(getdate(first.due_on), getdate("2024-01-31"))
        self.assertEqual((first.state, third.state), ("Resolved", "Reported"))
        self.assertEqual(first.subject, "It is stuck")
        self.assertEqual(get_datetime(second.resolved_on), datetime(2024, 1, 5))

    def test_importing_again_adds_nothing(self):
        path = self.csv(self.rows())
        self.run_import(path)
        before = self.tickets()
        result = self.run_import(path)
        self.assertEqual((result.added, result.existing, result.updated, result.units_made), (0, 3, 0, 0))
        self.assertEqual(self.tickets(), before)

    def test_a_ticket_resolved_since_is_resolved_and_nothing_else_changes(self):
        self.run_import(self.csv(self.rows()))
        later = self.rows()
        later[2][HEADER.index("closed")] = "2024-02-01 10:00:00"
        later[0][HEADER.index("text")] = "Something else"
        later[0][HEADER.index("closed")] = "2024-03-01 10:00:00"
        result = self.run_import(self.csv(later))
        self.assertEqual((result.added, result.existing, result.updated), (0, 3, 1))
        first, _second, third = self.tickets()
        self.assertEqual(
            (third.state, get_datetime(third.resolved_on)), ("Resolved", datetime(2024, 2, 1, 10))
        )
        self.assertEqual(
            (first.description, get_datetime(first.resolved_on)), ("It is stuck", datetime(2024, 1, 5))
        )

    def test_the_same_from_csv_gz_xlsx_and_after_a_byte_order_mark(self):
        dated = [
            [int(cells[0]), datetime(2024, 1, 1, 9), cells[2] and datetime(2024, 1, 5), *cells[3:]]
            for cells in self.rows()
        ]
        paths = [
            self.csv(self.rows(), "a.csv"),
            self.csv(self.rows(), "b.csv.gz"),
            self.csv(self.rows(), "C.CSV", encoding="utf-8-sig"),
            self.xlsx(dated, "d.xlsx"),
            self.xlsx(self.rows(), "e.xlsx"),
        ]
        found = []
        for path in paths:
            self.source = f"{self.mark} {os.path.basename(path)}"
            self.assertEqual(self.run_import(path).added, 3, path)
            fields = (
                "external_id",
                "reported_on",
                "resolved_on",
                "unit",
                "category",
                "description",
                "due_on",
            )
            found.append([tuple(ticket[field] for field in fields) for ticket in self.tickets()])
        for other in found[1:]:
            self.assertEqual(other, found[0])

    def test_a_unit_under_several_parents_gets_the_majority(self):
        rows = [
            row(
                key=str(number),
                office=f"Office {self.mark}",
                area=f"{area} {self.mark}",
                kind=f"Lift {self.mark}",
            )
            for number, area in enumerate(["South", "North", "North"])
        ]
        result = self.run_import(self.csv(rows))
        parent = frappe.db.get_value("Government Unit", f"Office {self.mark}", "parent_government_unit")
        self.assertEqual(parent, f"North {self.mark}")
        self.assertEqual(len(result.warnings), 1)
        self.assertIn(f"South {self.mark} (1)", result.warnings[0])
        self.assertFalse(frappe.db.exists("Government Unit", f"South {self.mark}"))

    def test_the_order_of_rows_does_not_matter_to_the_tree(self):
        """The middle unit has tickets of its own: it stands under its parent and in the track either way."""
        names = [f"{name} {self.mark}" for name in ("Office", "Bureau", "County")]
        found = []
        for turn in (1, -1):
            marked = [f"{name} {turn}" for name in names]
            rows = [
                row(key=f"{turn} {number}", office=office, area=area, kind=self.mark)
                for number, (office, area) in enumerate(zip(marked, [*marked[1:], ""], strict=True))
            ]
            self.run_import(self.csv(rows[::turn]))
            stored = [
                frappe.db.get_value("Government Unit", name, ["parent_government_unit", "track"])
                for name in marked
            ]
            found.append([(parent and parent.rsplit(" ", 1)[0], track) for parent, track in stored])
        track = f"Track {self.mark}"
        self.assertEqual(found, [[(names[1], track), (names[2], track), (None, track)]] * 2)

    def test_a_circle_of_parents_is_broken_and_told(self):
        first, second = f"A {self.mark}", f"B {self.mark}"
        rows = [
            row(key="1", office=first, area=second, kind=self.mark),
            row(key="2", office=second, area=first, kind=self.mark),
        ]
        result = self.run_import(self.csv(rows))
        self.assertEqual((result.added, result.units_made), (2, 2))
        self.assertFalse(frappe.db.get_value("Government Unit", second, "parent_government_unit"))
        self.assertEqual(frappe.db.get_value("Government Unit", first, "parent_government_unit"), second)
        self.assertIn("put at the top", result.warnings[0])

    def test_a_rejected_row_has_no_say_about_parents(self):
        rows = [row(key="1", office=self.mark, area="", kind=self.mark)]
        rows += [row(key=str(number), office=self.mark, area="<b>", kind=self.mark) for number in (2, 3)]
        result = self.run_import(self.csv(rows))
        self.assertEqual((result.added, result.rejected, result.units_made), (1, 2, 1))

    def test_working_days_of_a_year_that_nobody_entered(self):
        old = [row(key="1", kind=f"Lift {self.mark}", opened="2017-12-28 09:00:00", closed="")]
        result = self.run_import(self.csv(old), time_limit_unit="Working Days")
        self.assertEqual(len(result.warnings), 1)
        self.assertIn("2017, 2018", result.warnings[0])
        self.assertEqual(self.run_import(self.csv(old)).added, 0)

    def test_existing_units_categories_and_tracks_stay_as_they_are(self):
        top = make_unit(f"Top {self.mark}", is_group=1)
        track = make_track(f"Track {self.mark}")
        make_unit(f"Office 1 {self.mark}", parent=top)
        make_category(f"Lift {self.mark}", time_limit=3, time_limit_unit="Working Days")
        result = self.run_import(self.csv(self.rows()))
        self.assertEqual((result.units_made, result.tracks_made), (2, 0))
        unit = frappe.get_doc("Government Unit", f"Office 1 {self.mark}")
        self.assertEqual((unit.parent_government_unit, unit.track), (top.name, None))
        self.assertEqual(frappe.db.get_value("Government Unit", f"Office 2 {self.mark}", "track"), track.name)
        self.assertIn("3 Working Days", result.warnings[0])
        self.assertEqual(getdate(self.tickets()[0].due_on), getdate("2024-01-04"))

    def test_children_of_an_existing_parent_carry_another_limit_themselves(self):
        make_category(f"Parent {self.mark}", is_group=1, time_limit=5, time_limit_unit="Working Days")
        self.run_import(self.csv(self.rows()))
        category = frappe.get_doc("Problem Category", f"Door {self.mark}")
        self.assertEqual((category.time_limit, category.time_limit_unit), (30, "Calendar Days"))

    def test_the_smallest_map(self):
        optional = ("unit_parent_column", "track", "category_parent", "time_limit", "time_limit_unit")
        result = self.run_import(self.csv(self.rows()), **dict.fromkeys(optional))
        self.assertEqual((result.added, result.units_made, result.categories_made), (3, 2, 2))
        self.assertFalse(
            frappe.db.get_value("Government Unit", f"Office 2 {self.mark}", "parent_government_unit")
        )

    def test_a_dry_run_says_what_would_happen_and_changes_nothing(self):
        path = self.csv([*self.rows(), row(key="4", opened="yesterday")])
        said = self.run_import(path, dry_run=True)
        self.assertEqual(self.tickets(), [])
        self.assertFalse(frappe.db.exists("Government Unit", f"Office 1 {self.mark}"))
        self.assertFalse(os.path.exists(f"{path}.rejected.csv"))
        self.commits.assert_not_called()
        done = self.run_import(path)
        for field in (
            "rows",
            "added",
            "rejected",
            "units_made",
            "categories_made",
            "tracks_made",
            "first_rejected",
        ):
            self.assertEqual(getattr(said, field), getattr(done, field), field)

    def test_batches_are_committed_one_by_one_and_told(self):
        rows = [
            row(key=str(number), office=f"Office {self.mark}", area="", kind=f"Lift {self.mark}")
            for number in range(7)
        ]
        told = []
        with patch.object(tickets, "BATCH", 3):
            self.run_import(self.csv(rows), progress=lambda done, total: told.append((done, total)))
        self.assertEqual(self.commits.call_count, 3)
        self.assertEqual(told, [(3, 7), (6, 7), (7, 7)])

    def test_another_import_of_the_same_rows_is_noticed(self):
        path = self.csv(self.rows())
        insert = tickets.insert_tickets

        def outpaced(rows):
            insert(rows[:1])
            return insert(rows)

        with patch.object(tickets, "insert_tickets", outpaced):
            with self.assertRaisesRegex(ImportRefused, "Run the import again"):
                self.run_import(path)

    def test_an_interrupt_leaves_the_batches_that_are_whole_and_no_half_file(self):
        rows = [row(key=str(number), office=self.mark, area="", kind=self.mark) for number in range(7)]
        path = self.csv([*rows, row(key="")])

        def interrupt(done, _total):
            if done == 6:
                raise KeyboardInterrupt

        with patch.object(tickets, "BATCH", 3), self.assertRaises(KeyboardInterrupt):
            self.run_import(path, progress=interrupt)
        self.assertEqual(self.commits.call_count, 2)
        self.assertEqual(sorted(os.listdir(self.folder)), ["map.json", "tickets.csv"])

    def test_the_summary_is_readable(self):
        lines = self.run_import(self.csv([*self.rows(), row(key="")])).lines()
        self.assertIn("added: 3", lines[1])
        self.assertIn("Line 5, column key", "\n".join(lines))


# Python 3.10 cannot write NUL into a CSV; TestRefusedFiles has a file with one.
any_text = st.text(max_size=12).filter(lambda text: "\0" not in text)
cells_of_any_kind = st.lists(st.one_of(st.sampled_from(ROW), any_text), max_size=9)


class TestAnyFile(ImportCase):
    """Whatever the rows, the import takes or rejects each: it never fails in another way."""

    @given(st.lists(cells_of_any_kind, max_size=6))
    def test_every_row_is_added_or_rejected(self, rows):
        path = self.csv([row(), *rows])
        result = self.run_import(path)
        kept = [cells for cells in rows if any(cell.strip() for cell in cells)]
        self.assertEqual(result.rows, len(kept) + 1)
        self.assertEqual(result.added + result.existing + result.rejected, result.rows)

    @given(st.sampled_from(["a.csv", "a.csv.gz", "a.xlsx"]), st.binary(max_size=200), st.integers(0, 3))
    def test_any_bytes_are_refused(self, name, content, kind):
        magic = (b"", b"\x1f\x8b\x08", b"PK\x03\x04", ",".join(HEADER).encode() + b"\n\xff")[kind]
        with self.assertRaises(ImportRefused):
            self.run_import(self.raw(magic + content, name), dry_run=True)


class TestRejectedRows(ImportCase):
    def reason_of(self, cells, **changed):
        path = self.csv([cells])
        result = self.run_import(path, **changed)
        self.assertEqual((result.added, result.rejected), (0, 1))
        line, column, reason, *raw = self.rejected(path)[1]
        self.assertEqual(line, "2")
        return column, reason, raw

    def test_each_reason(self):
        for cells, column, reason in (
            (row(key=" "), "key", "empty"),
            (row(key="x" * 141), "key", "longer than 140"),
            (row(key="1" + "\u200b" * 140 + "2"), "key", "longer than 140"),
            (row(office="\ufdfa" * 8), "office", "longer than 140"),
            (row(opened=""), "opened", "empty"),
            (row(opened="01/13/2024"), "opened", "not a date"),
            (row(opened="2024-02-30 00:00:00"), "opened", "not a date"),
            (row(closed="soon"), "closed", "not a date"),
            (row(closed="2023-12-31 23:59:59"), "closed", "resolved before"),
            (row(office=""), "office", "empty"),
            (row(area="x" * 141), "area", "longer than 140"),
            (row(kind=""), "kind", "empty"),
            (row(office="<b>"), "office", "'<', '>'"),
            (row(office="New Government Unit 1"), "office", "name"),
            (row(office="Government Unit"), "office", "cannot be"),
            (row(area="a > b"), "area", "special characters"),
            (row(kind="a < b"), "kind", "special characters"),
            (row(text="字" * 22_000), "text", "bytes"),
            ([*row(), "one more"], "", "8 cells"),
            (row()[:3], "", "3 cells"),
        ):
            with self.subTest(column=column, reason=reason):
                found = self.reason_of(cells)
                self.assertEqual(found[0], column)
                self.assertIn(reason, found[1])

    def test_nothing_is_made_for_a_rejected_row(self):
        self.reason_of(row(opened="", office=f"Office {self.mark}"))
        self.assertFalse(frappe.db.exists("Government Unit", f"Office {self.mark}"))

    def test_the_second_of_a_number_is_rejected_with_the_line_of_the_first(self):
        rows = [
            row(office=self.mark, area="", kind=self.mark),
            row(office=self.mark, area="", kind=self.mark),
        ]
        path = self.csv(rows)
        result = self.run_import(path)
        self.assertEqual((result.added, result.rejected), (1, 1))
        self.assertIn("line 2", self.rejected(path)[1][2])

    def test_lines_are_counted_over_line_breaks_in_cells(self):
        rows = [
            row(key="1", text="two\nlines", office=self.mark, area="", kind=self.mark),
            [],
            row(key="2", opened=""),
        ]
        path = self.csv(rows)
        self.run_import(path)
        self.assertEqual(self.rejected(path)[1][0], "5")

    def test_cells_that_a_spreadsheet_would_run_are_neutralised(self):
        _column, _reason, raw = self.reason_of(row(opened="", text="=HYPERLINK(1)", office="@x", kind="-5"))
        self.assertEqual(raw[HEADER.index("text")], "'=HYPERLINK(1)")
        self.assertEqual(raw[HEADER.index("office")], "'@x")
        self.assertEqual(raw[HEADER.index("kind")], "-5")

    def test_a_clean_run_removes_the_rejects_of_the_last_one(self):
        path = self.csv([row(opened="")])
        self.run_import(path)
        self.csv([row(office=self.mark, area="", kind=self.mark)])
        self.assertIsNone(self.run_import(path).rejected_file)
        self.assertFalse(os.path.exists(f"{path}.rejected.csv"))

    def test_an_error_in_a_workbook_cell_is_no_name(self):
        path = self.xlsx([row(office="#N/A")])
        self.run_import(path)
        self.assertIn("#N/A", self.rejected(path)[1][2])

    def test_what_a_killed_import_has_left_is_swept(self):
        path = self.csv([row(office=self.mark, area="", kind=self.mark)])
        leftover = os.path.join(os.path.dirname(path), f".{os.path.basename(path)}.rejected.csv.abcd.part")
        os.mkdir(leftover)
        self.run_import(path)
        self.assertFalse(os.path.exists(leftover))

    def test_stops_where_the_rejects_cannot_be_written(self):
        path = self.csv([row(opened="")])
        full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        with (
            patch("cadre_incentive.imports.rejects.Scratch", side_effect=full),
            self.assertRaisesRegex(ImportRefused, "cannot be written.*No space left"),
        ):
            self.run_import(path)


class TestRefusedFiles(ImportCase):
    def test_each_reason(self):
        good = (",".join(HEADER) + "\n" + ",".join(ROW) + "\n").encode()
        gz = gzip.compress(good * 500)
        with open(self.xlsx([row()], "real.xlsx"), "rb") as file:
            xlsx = file.read()
        for content, name, reason in (
            (b"", "a.csv", "empty"),
            (b"\n \n", "a.csv", "empty"),
            (gzip.compress(b""), "a.csv.gz", "empty"),
            (xlsx, "a.csv", "not what its name says"),
            (gz, "a.csv", "not what its name says"),
            (b"key,opened\n", "a.csv.gz", "not what its name says"),
            (b"key,opened\n", "a.xlsx", "not what its name says"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.xlsx", "XLS"),
            (b"PK\x03\x04 no archive", "a.xlsx", "damaged"),
            (xlsx[:2000], "a.xlsx", "damaged"),
            (gz[:-20], "a.csv.gz", "damaged"),
            (gz[:40] + b"\0\0\0\0" + gz[44:], "a.csv.gz", "damaged"),
            ("name,单位\n".encode("gb18030"), "a.csv", "UTF-8"),
            ("key,opened\n".encode("utf-16"), "a.csv", "UTF-16"),
            (good + b"\0\0,\0\n", "a.csv", "not what its name says"),
            (good + b'"never closed', "a.csv", "damaged"),
            (b"key,opened\n1,2\n", "a.csv", "lacks the mapped column"),
            (",".join([*HEADER, "key"]).encode() + b"\n", "a.csv", "twice"),
            (",".join(HEADER).encode() + b"\n", "a.csv", "no rows"),
            (b"key\n", "a.txt", "only"),
        ):
            with self.subTest(name=name, reason=reason), self.assertRaisesRegex(ImportRefused, reason):
                self.run_import(self.raw(content, name))
        with self.assertRaisesRegex(ImportRefused, "cannot be read"):
            self.run_import(os.path.join(self.folder, "nowhere.csv"))
        self.commits.assert_not_called()

    def test_a_file_damaged_at_its_end_leaves_nothing(self):
        rows = [row(key=str(number), office=self.mark, area="", kind=self.mark) for number in range(3000)]
        path = self.csv(rows, "long.csv.gz")
        with open(path, "rb") as file:
            content = file.read()
        with self.assertRaisesRegex(ImportRefused, "damaged"):
            self.run_import(self.raw(content[:-100], "long.csv.gz"))
        self.assertEqual(self.tickets(), [])

    def test_refuses_parents_that_are_no_groups(self):
        make_unit(f"North {self.mark}")
        path = self.csv([row(office=f"Office {self.mark}", area=f"North {self.mark}")])
        with self.assertRaisesRegex(ImportRefused, "not a group"):
            self.run_import(path)
        make_category(f"Parent {self.mark}")
        with self.assertRaisesRegex(ImportRefused, "not a group"):
            self.run_import(self.csv([row()]))
