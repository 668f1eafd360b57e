from unittest.mock import patch

import frappe

from cadre_incentive.setup import demo
from cadre_incentive.setup import demo_story as story
from cadre_incentive.tests.base import CadreTestCase

ON_TIME = story.BOARDS[0]["board_name"]


class TestDemo(CadreTestCase):
    def setUp(self):
        super().setUp()
        if frappe.db.exists("Government Unit", story.ROOT[0]):
            self.skipTest("the demo data stands on this site already")
        patcher = patch.object(frappe.db, "commit")
        patcher.start()
        self.addCleanup(frappe.clear_cache)
        self.addCleanup(setattr, frappe.local, "lang", frappe.local.lang)
        self.addCleanup(patcher.stop)

    def entries(self, board):
        rows = frappe.get_all(
            "Red Black List Entry",
            filters={"parent": f"{board}-2024-09-v1"},
            fields=["unit", "colour", "strikes", "third_strike", "strike_principals", "n", "rank"],
        )
        return {row.unit: row for row in rows}

    def test_the_story(self):
        told = []
        demo.load(progress=lambda done, total: told.append((done, total)))
        self.assertEqual(told[-1][0], told[-1][1])
        self.assertEqual(frappe.local.lang, "zh")
        frappe.local.lang = "en"

        found = self.entries(ON_TIME)
        third = found["DEMO-210"]
        self.assertEqual((third.colour, third.strikes, third.third_strike), ("Black", 3, 1))
        self.assertIn("演示干部18A ×2", third.strike_principals)
        self.assertIn("演示干部18B ×1", third.strike_principals)
        self.assertEqual((found["DEMO-209"].colour, found["DEMO-209"].strikes), ("Black", 2))
        red = {
            frappe.db.get_value("Government Unit", unit, "track")
            for unit, row in found.items()
            if row.colour == "Red"
        }
        self.assertEqual(red, set(story.TRACKS))
        self.assertFalse(found["DEMO-108"].colour)
        self.assertLess(found["DEMO-306"].n, 10)
        states = frappe.get_all("Red Black List", filters={"board": ON_TIME}, fields=["period", "status"])
        self.assertEqual({row.period for row in states if row.status == "Draft"}, {"2024-09"})
        self.assertEqual(sum(row.status == "Published" for row in states), 8)

        self.assertIn("already", demo.load()[0])
        self.check_refusal()
        self.check_clear()

    def check_refusal(self):
        """Real tickets on demo units keep the demo from being cleared."""
        ticket = frappe.get_all("Issue Ticket", filters={"source": story.MARK}, pluck="name", limit=1)[0]
        frappe.db.set_value("Issue Ticket", ticket, "source", "12345")
        with self.assertRaisesRegex(frappe.ValidationError, "other sources"):
            demo.clear()
        frappe.db.set_value("Issue Ticket", ticket, "source", story.MARK)

    def check_clear(self):
        demo.clear()
        for doctype, filters in (
            ("Issue Ticket", {"source": story.MARK}),
            ("Satisfaction Response", {"unit": ["like", "DEMO%"]}),
            ("Government Unit", {"name": ["like", "DEMO%"]}),
            ("Cadre", {"name": ["like", "DEMO%"]}),
            ("List Board", {"name": ON_TIME}),
            ("Red Black List", {"board": ON_TIME}),
            ("Merit Ledger Entry", {"item": story.WORK_ITEM}),
            ("Problem Category", {"description": story.MARK}),
        ):
            self.assertEqual(frappe.db.count(doctype, filters), 0, doctype)
        self.assertIn("no demo data", demo.clear()[0])
