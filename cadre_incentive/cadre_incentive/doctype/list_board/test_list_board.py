import frappe

from cadre_incentive.tests.base import NO_TEST_RECORDS, CadreTestCase
from cadre_incentive.tests.factories import make_board

test_ignore = NO_TEST_RECORDS


class TestListBoard(CadreTestCase):
    def test_defaults(self):
        board = make_board()
        self.assertEqual((board.red_line, board.black_line, board.minimum_sample), (90, 60, 10))
        self.assertEqual((board.red_limit, board.black_limit, board.enabled), (5, 5, 1))

    def test_impossible_rules_are_refused(self):
        for fields in (
            {"red_line": 50, "black_line": 60},
            {"red_line": 101},
            {"black_line": -1},
            {"minimum_sample": 0},
            {"red_limit": -1},
            {"black_limit": -1},
            {"board_name": "x" * 121},
        ):
            with self.assertRaises(frappe.ValidationError, msg=str(fields)):
                make_board(**fields)
