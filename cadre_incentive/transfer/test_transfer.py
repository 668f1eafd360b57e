import gzip
import json
import os
import tempfile
from unittest.mock import patch

import frappe

from cadre_incentive.tests.base import CadreTestCase
from cadre_incentive.tests.factories import (
    make_cadre,
    make_category,
    make_response,
    make_ticket,
    make_track,
    make_unit,
    make_user,
)
from cadre_incentive.transfer import stream
from cadre_incentive.transfer.export import export_records
from cadre_incentive.transfer.load import import_records
from cadre_incentive.transfer.records import written_value


class TestTransfer(CadreTestCase):
    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        track = make_track()
        self.parent = make_unit(track=track, is_group=1)
        self.unit = make_unit(parent=self.parent, track=track)
        self.cadre = make_cadre(unit=self.unit)
        self.unit.reload()
        self.unit.append("principals", {"cadre": self.cadre.name, "from_date": "2024-01-01"})
        self.unit.save()
        self.ticket = make_ticket(unit=self.unit, category=make_category(), description="第一行\n“二”")
        self.response = make_response(ticket=self.ticket)
        self.user = make_user("Unit Staff", units=[self.unit.name]).name

    def export(self, name="records.jsonl"):
        path = os.path.join(self.folder, name)
        export_records(path)
        return path

    def load(self, path, **kwargs):
        return import_records(path, commit=False, **kwargs)

    def content(self, path):
        with open(path, "rb") as handle:
            return handle.read()

    def changed(self, path, change):
        """The stream with its records changed and a checksum that fits."""
        lines = [json.loads(line) for line in self.content(path).splitlines()[1:-1]]
        stream.write(path, "0.0.1", change(lines) or lines)
        return path

    def test_a_second_time_changes_nothing(self):
        path = self.export()
        counts = self.load(path)
        self.assertEqual((counts["added"], counts["changed"]), (0, 0))
        self.assertEqual(counts["same"], sum(1 for _record in stream.records(path)) - self.counters(path))

    def counters(self, path):
        return sum(record["doctype"] == "Series" for record in stream.records(path))

    def test_what_was_lost_and_changed_comes_back_as_it_was(self):
        path = self.export()
        frappe.db.set_value("Issue Ticket", self.ticket.name, {"subject": "other", "owner": "Guest"})
        frappe.db.set_value("Government Unit", self.unit.name, {"lft": 1, "unit_name": "other"})
        frappe.db.delete("Government Unit Principal", {"parent": self.unit.name})
        frappe.db.delete("Satisfaction Response", {"name": self.response.name})
        frappe.db.delete("User Permission", {"user": self.user})
        counts = self.load(path)
        self.assertEqual((counts["added"], counts["changed"]), (2, 2))
        self.assertEqual(self.content(self.export("again.jsonl")), self.content(path))

    def test_other_records_stay(self):
        path = self.export()
        other = make_ticket(unit=self.unit)
        self.load(path)
        self.assertTrue(frappe.db.exists("Issue Ticket", other.name))

    def test_new_names_go_on(self):
        path = self.export()
        series = frappe.qb.Table("tabSeries")
        prefix = self.ticket.name[: -len(self.ticket.name.split("-")[-1])]
        frappe.qb.update(series).set(series.current, 0).where(series.name == prefix).run()
        self.load(path)
        self.assertGreater(make_ticket(unit=self.unit).name, self.ticket.name)

    def test_a_tree_with_other_nodes_is_made_whole(self):
        path = self.export()
        other = make_unit(parent=self.parent)
        self.load(path)
        parent = frappe.db.get_value("Government Unit", self.parent.name, ["lft", "rgt"], as_dict=True)
        for name in (other.name, self.unit.name):
            node = frappe.db.get_value("Government Unit", name, ["lft", "rgt"], as_dict=True)
            self.assertTrue(parent.lft < node.lft < node.rgt < parent.rgt)

    def test_a_dry_run_writes_nothing(self):
        path = self.export()
        frappe.db.set_value("Issue Ticket", self.ticket.name, "subject", "other")
        self.assertEqual(self.load(path, dry_run=True)["changed"], 1)
        self.assertEqual(frappe.db.get_value("Issue Ticket", self.ticket.name, "subject"), "other")

    def test_the_same_records_give_the_same_bytes(self):
        self.assertEqual(self.content(self.export("a.jsonl.gz")), self.content(self.export("b.jsonl.gz")))
        plain = self.content(self.export("c.jsonl"))
        self.assertEqual(gzip.decompress(self.content(os.path.join(self.folder, "a.jsonl.gz"))), plain)
        self.assertIn("第一行".encode(), plain)

    def test_a_packed_stream_is_read(self):
        self.assertEqual(self.load(self.export("a.jsonl.gz"))["changed"], 0)

    def test_secrets_stay(self):
        frappe.db.set_value("User", self.user, "api_key", "SECRET-KEY")
        content = self.content(self.export())
        self.assertNotIn(b"SECRET-KEY", content)
        self.assertNotIn(b'"name":"Administrator"', content)

    def test_a_damaged_stream_changes_nothing(self):
        path = self.export()
        whole = self.content(path)
        frappe.db.set_value("Issue Ticket", self.ticket.name, "subject", "other")
        lines = whole.splitlines(keepends=True)
        damaged = (
            b"",
            lines[0],
            b"".join(lines[:-1]),
            b"".join(lines[:5] + lines[6:]),
            b"".join([*lines[:5], lines[5], *lines[5:]]),
            whole.replace("第一行".encode(), "第二行".encode()),
            whole[:-5],
            whole + lines[2],
            b"not json\n" + whole,
            b"[]\n" + whole,
            gzip.compress(whole)[:-10],
        )
        for content in damaged:
            with open(path, "wb") as handle:
                handle.write(content)
            with self.assertRaises(stream.StreamError):
                self.load(path)
        self.assertEqual(frappe.db.get_value("Issue Ticket", self.ticket.name, "subject"), "other")

    def test_a_missing_file_is_refused(self):
        with self.assertRaises(stream.StreamError):
            self.load(os.path.join(self.folder, "none.jsonl"))

    def test_a_newer_stream_is_refused(self):
        path = self.export()
        for header in ({"version": stream.VERSION + 1}, {"app_version": "999.0.0"}):
            lines = self.content(path).splitlines(keepends=True)
            lines[0] = stream.line({**json.loads(lines[0]), **header})
            newer = os.path.join(self.folder, "newer.jsonl")
            with open(newer, "wb") as handle:
                handle.write(b"".join(lines))
            with self.assertRaisesRegex(stream.StreamError, "newer"):
                self.load(newer)

    def test_only_what_the_app_exports_comes_in(self):
        for record in (
            {"doctype": "Server Script", "name": "evil"},
            {"doctype": "DocType", "name": "Evil"},
            {"doctype": "Issue Ticket"},
            {"doctype": "Series"},
        ):
            path = self.changed(self.export(), lambda lines, record=record: [*lines, record])
            with self.assertRaises(stream.StreamError):
                self.load(path)

    def test_unknown_fields_of_the_app_are_refused(self):
        def add_field(lines):
            next(line for line in lines if line["doctype"] == "Issue Ticket")["from_the_future"] = 1

        path = self.changed(self.export(), add_field)
        with self.assertRaisesRegex(stream.StreamError, "from_the_future"):
            self.load(path)

    def test_an_export_that_fails_leaves_the_file_alone(self):
        path = self.export()
        before = self.content(path)
        with patch("cadre_incentive.transfer.records.read", side_effect=RuntimeError):
            with self.assertRaises(RuntimeError):
                export_records(path)
        self.assertEqual(self.content(path), before)
        self.assertEqual(os.listdir(self.folder), ["records.jsonl"])

    def test_values_have_one_form(self):
        moment = frappe.utils.get_datetime("2024-05-01 08:00:00")
        self.assertEqual(written_value(moment, "Datetime"), "2024-05-01 08:00:00")
        self.assertEqual(written_value(moment.date(), "Date"), "2024-05-01")
        self.assertEqual(written_value(None, "Int"), 0)
        self.assertEqual(written_value(1 / 3, "Percent"), 0.333333333)
        self.assertIsNone(written_value(None, "Data"))
        self.assertEqual(written_value("", "Data"), "")

    def test_progress_ends_where_it_should(self):
        seen = []
        path = os.path.join(self.folder, "records.jsonl")
        export_records(path, progress=lambda done, total: seen.append((done, total)))
        self.assertEqual(*seen[-1])
        seen.clear()
        self.load(path, progress=lambda done, total: seen.append((done, total)))
        self.assertGreaterEqual(seen[-1][1], seen[-1][0])
