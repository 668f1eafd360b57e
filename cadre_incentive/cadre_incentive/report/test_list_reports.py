"""The list reports over a grid of filters, for readers of every kind."""

from itertools import product

import frappe
from frappe.desk.query_report import run

from cadre_incentive.cadre_incentive.doctype.red_black_list.rebuild import publish, rebuild
from cadre_incentive.tests.base import CadreTestCase
from cadre_incentive.tests.counts import file_tickets
from cadre_incentive.tests.factories import (
    make_board,
    make_category,
    make_response,
    make_ticket,
    make_track,
    make_unit,
    make_user,
    make_work_item,
)

PERIOD = "2024-09"


class TestListReports(CadreTestCase):
    def setUp(self):
        super().setUp()
        self.track, self.category = make_track(), make_category()
        self.good, self.bad = make_unit(track=self.track), make_unit()
        self.board = make_board(category=self.category, work_item=make_work_item())
        file_tickets(self.good, self.category, 60, 60)
        file_tickets(self.bad, self.category, 4, 20)
        self.list = rebuild(self.board.name, PERIOD)

    def report(self, name, **filters):
        return run(name, filters=filters, ignore_prepared_report=True)

    def units(self, name="Red Black List", **filters):
        return {row["unit"] for row in self.report(name, **filters)["result"] if isinstance(row, dict)}

    def test_grid_of_filters(self):
        periods = (None, PERIOD, "2001-01")
        boards = (None, self.board.name, "No such board")
        tracks = (None, self.track.name)
        for name in ("Red Black List", "Satisfaction Score"):
            for period, board, track in product(periods, boards, tracks):
                filters = {"period": period, "board": board, "track": track}
                answer = self.report(name, **{k: v for k, v in filters.items() if v})
                self.assertTrue(answer["columns"], filters)

    def test_red_black_list_shows_the_present_snapshot(self):
        answer = self.report("Red Black List", period=PERIOD, board=self.board.name)
        rows = {row["unit"]: row for row in answer["result"]}
        bad = rows[self.bad.name]
        self.assertEqual(
            (bad["k"], bad["n"], bad["rank"], bad["is_black"], bad["strikes"]), (4, 20, 1, True, 1)
        )
        self.assertIn(self.list, answer["message"])
        self.assertEqual(len(answer["chart"]["data"]["labels"]), 2)
        self.assertEqual([card["value"] for card in answer["report_summary"]], [2, 2, 1, 1, 0])
        # Records that came later show when the list is rebuilt, not before.
        file_tickets(self.bad, self.category, 0, 5)
        row = self.report("Red Black List", period=PERIOD, board=self.board.name)["result"]
        self.assertEqual({r["n"] for r in row}, {60, 20})
        self.assertEqual(self.units(board=self.board.name, track=self.track.name), {self.good.name})

    def test_malformed_period_is_refused(self):
        for name in ("Red Black List", "Satisfaction Score"):
            answer = self.report(name, period="2024-9")
            self.assertIn("YYYY-MM", answer["message"])
            self.assertEqual(answer["result"], [])

    def test_drafts_are_for_those_who_may_see_them(self):
        filters = {"period": PERIOD, "board": self.board.name}
        reader = make_user("Unit Staff", units=[self.good])
        for role, sees in (("Assessment Officer", True), ("Leader", True), ("Discipline Officer", False)):
            frappe.set_user(make_user(role).name)
            self.assertEqual(bool(self.units(**filters)), sees, role)
        frappe.set_user(reader.name)
        self.assertEqual(self.units(**filters), set())
        frappe.set_user("Administrator")
        publish(self.list)
        frappe.set_user(reader.name)
        self.assertEqual(self.units(**filters), {self.good.name})
        frappe.set_user(make_user("Discipline Officer").name)
        self.assertEqual(self.units(**filters), {self.good.name, self.bad.name})

    def test_strikes_this_year(self):
        publish(self.list)
        # every Link column costs its reader the right to read what it links to
        frappe.set_user(make_user("Leader").name)
        answer = self.report("Strikes This Year")
        columns = [column["fieldname"] for column in answer["columns"]]
        rows = [
            row if isinstance(row, dict) else dict(zip(columns, row, strict=True)) for row in answer["result"]
        ]
        mine = [row for row in rows if row["unit"] == self.bad.name]
        self.assertEqual(
            [(r["year"], r["item"], int(r["strikes"])) for r in mine], [("2024", self.board.work_item, 1)]
        )
        frappe.set_user("Administrator")
        frappe.set_user(make_user("Unit Staff", units=[self.good]).name)
        with self.assertRaises(frappe.PermissionError):
            self.report("Strikes This Year")


class TestSatisfactionScore(CadreTestCase):
    def setUp(self):
        super().setUp()
        self.category = make_category(time_limit=10, time_limit_unit="Calendar Days")
        self.board = make_board(metric="Satisfaction Rate", category=self.category, minimum_sample=3)
        self.small, self.middling, self.bad = make_unit(), make_unit(), make_unit()
        for unit, ratings in ((self.small, [5]), (self.middling, [5, 5, 1, 5]), (self.bad, [1] * 6)):
            ticket = make_ticket(unit, self.category)
            for rating in ratings:
                make_response(ticket, rating)
        publish(rebuild(self.board.name, PERIOD))

    def rows(self):
        filters = {"period": PERIOD, "board": self.board.name}
        answer = run("Satisfaction Score", filters=filters, ignore_prepared_report=True)
        return {row["unit"]: row for row in answer["result"]}

    def test_marks(self):
        rows = self.rows()
        marks = {unit: row["mark"] for unit, row in rows.items()}
        self.assertEqual(
            marks,
            {
                self.small.name: "sample too small, not ranked",
                self.middling.name: "not significant",
                self.bad.name: "Black",
            },
        )
        row = rows[self.middling.name]
        self.assertEqual((row["k"], row["n"], row["rate"], row["responses"]), (3, 4, 75, 4))

    def test_unit_bound_readers_see_their_units(self):
        frappe.set_user(make_user("Unit Principal", units=[self.middling]).name)
        self.assertEqual(set(self.rows()), {self.middling.name})
        frappe.set_user(make_user("Unit Staff").name)
        self.assertEqual(self.rows(), {})
