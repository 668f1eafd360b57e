"""Every rule is asked in both ways: the hooks name what `rules` holds."""

import unittest

from cadre_incentive import hooks
from cadre_incentive.access.rules import RULES, TABLES


class TestHooks(unittest.TestCase):
    def test_lists_and_documents_ask_for_every_rule(self):
        self.assertEqual(set(hooks.has_permission), set(RULES))
        self.assertEqual(set(hooks.permission_query_conditions), set(RULES) | set(TABLES))
