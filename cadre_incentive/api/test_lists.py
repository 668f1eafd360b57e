"""Who may rebuild and publish over the API, and by which method."""

import frappe

from cadre_incentive.api import lists
from cadre_incentive.tests.base import CadreTestCase
from cadre_incentive.tests.counts import file_tickets
from cadre_incentive.tests.factories import make_board, make_category, make_unit, make_user

PERIOD = "2024-09"


class TestListsApi(CadreTestCase):
    def setUp(self):
        super().setUp()
        category = make_category()
        self.board = make_board(category=category)
        file_tickets(make_unit(), category, 4, 20)

    def test_rebuild_and_publish(self):
        frappe.set_user(make_user("Assessment Officer").name)
        (outcome,) = lists.rebuild(PERIOD, self.board.name)
        with self.assertRaises(frappe.PermissionError):
            lists.publish(outcome["name"])
        frappe.set_user(make_user("Incentive Administrator").name)
        self.assertEqual(lists.publish(outcome["name"]), outcome["name"])

    def test_all_enabled_boards(self):
        make_board(enabled=0, board_name="Disabled board")
        boards = [outcome["board"] for outcome in lists.rebuild(PERIOD)]
        self.assertIn(self.board.name, boards)
        self.assertNotIn("Disabled board", boards)

    def test_outsiders_are_refused(self):
        for role in ("Unit Staff", "Leader", "Supervision Officer", "Cadre"):
            frappe.set_user(make_user(role).name)
            with self.assertRaises(frappe.PermissionError, msg=role):
                lists.rebuild(PERIOD, self.board.name)

    def test_only_post_is_answered(self):
        for method in (lists.rebuild, lists.publish):
            self.assertEqual(frappe.allowed_http_methods_for_whitelisted_func[method], ["POST"])
