"""What the desk shows is there: links of the workspace, filters of the cards, fields of DocTypes."""

import json
import unittest

import frappe

from cadre_incentive.setup.roles import ROLES
from cadre_incentive.tests.base import CadreTestCase
from cadre_incentive.tests.strings import APP

MODULE = APP / "cadre_incentive"
LAYOUT = ("Section Break", "Column Break", "Tab Break")


def records(kind):
    """Standard records of one kind, read from the app's files."""
    paths = sorted(MODULE.glob(f"{kind}/*/*.json"))
    return [json.loads(path.read_text(encoding="utf-8")) for path in paths]


class TestWorkspace(unittest.TestCase):
    def setUp(self):
        (self.workspace,) = records("workspace")
        self.blocks = json.loads(self.workspace["content"])

    def shown(self, kind, key):
        return [block["data"][key] for block in self.blocks if block["type"] == kind]

    def test_every_link_leads_somewhere(self):
        names = {
            "DocType": {record["name"] for record in records("doctype")},
            "Report": {record["name"] for record in records("report")},
        }
        for row in self.workspace["links"]:
            if row["type"] == "Link":
                self.assertIn(row["link_to"], names[row["link_type"]])
        for row in self.workspace["shortcuts"]:
            self.assertIn(row["link_to"], names[row["type"]])

    def test_every_block_shows_what_the_workspace_has(self):
        labels = {
            rows: [row["label"] for row in self.workspace[rows]] for rows in ("shortcuts", "number_cards")
        }
        breaks = [row["label"] for row in self.workspace["links"] if row["type"] == "Card Break"]
        self.assertEqual(self.shown("shortcut", "shortcut_name"), labels["shortcuts"])
        self.assertEqual(self.shown("number_card", "number_card_name"), labels["number_cards"])
        self.assertEqual(self.shown("card", "card_name"), breaks)

    def test_its_number_cards_stand(self):
        cards = {record["name"] for record in records("number_card")}
        self.assertEqual({row["number_card_name"] for row in self.workspace["number_cards"]}, cards)

    def test_it_opens_for_every_role_that_has_the_desk(self):
        roles = {row["role"] for row in self.workspace["roles"]}
        self.assertEqual(roles, {"System Manager", *ROLES} - {"Integrator"})


class TestNumberCards(CadreTestCase):
    def test_filters_have_four_parts_and_run(self):
        for card in records("number_card"):
            with self.subTest(card=card["name"]):
                filters = json.loads(card["filters_json"])
                dynamic = json.loads(card["dynamic_filters_json"])
                self.assertEqual({len(row) for row in filters + dynamic}, {4})
                days = [[*row[:3], frappe.utils.today()] for row in dynamic]
                frappe.get_list(card["document_type"], filters=filters + days, limit=1)


class TestDocTypes(unittest.TestCase):
    def test_what_a_doctype_names_among_its_fields_is_there(self):
        for record in records("doctype"):
            fields = {field["fieldname"]: field for field in record["fields"]}
            named = [record.get("title_field"), record.get("nsm_parent_field")]
            named += (record.get("search_fields") or "").replace(" ", "").split(",")
            if record["sort_field"] != "modified":
                named.append(record["sort_field"])
            with self.subTest(doctype=record["name"]):
                self.assertEqual([name for name in named if name and name not in fields], [])
                self.assertEqual(record["field_order"], list(fields))
                shown = [field for field in fields.values() if field["fieldtype"] not in LAYOUT]
                self.assertEqual([field["fieldname"] for field in shown if not field.get("label")], [])

    def test_every_doctype_is_tracked_and_guarded(self):
        for record in records("doctype"):
            with self.subTest(doctype=record["name"]):
                if record.get("istable"):
                    self.assertEqual(record["permissions"], [])
                    continue
                self.assertEqual(record["track_changes"], 1)
                roles = {row["role"] for row in record["permissions"]}
                self.assertLessEqual(roles, {"System Manager", *ROLES})
                self.assertLessEqual({"System Manager", "Incentive Administrator"}, roles)

    def test_connections_name_a_field_that_links_back(self):
        fields = {
            record["name"]: {field["fieldname"]: field for field in record["fields"]}
            for record in records("doctype")
        }
        for record in records("doctype"):
            for row in record["links"]:
                field = fields[row["link_doctype"]][row["link_fieldname"]]
                self.assertEqual(field.get("options"), record["name"])
