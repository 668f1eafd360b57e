"""The base class of the app's tests, and the hypothesis profiles.

Every test starts from what its class has set up and is rolled back; nothing it makes is committed.
"""

import os
from contextlib import contextmanager
from unittest.mock import patch

import frappe
from hypothesis import HealthCheck, settings

from cadre_incentive import workdays
from cadre_incentive.cadre_incentive.doctype.problem_category import limits

try:
    from frappe.tests import IntegrationTestCase as HostTestCase
except ImportError:
    from frappe.tests.utils import FrappeTestCase as HostTestCase

settings.register_profile(
    "dev",
    max_examples=50,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "soak", max_examples=2000, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))

SETTINGS = "Cadre Incentive Settings"
SAVEPOINT = "cadre_test"

# For `test_ignore` of the test modules beside DocTypes: Frappe v15 would else make, and commit, test
# records of every DocType that they link to.
NO_TEST_RECORDS = (
    "Assessment Track",
    "Cadre",
    "DocType",
    "Government Unit",
    "Holiday Calendar",
    "Issue Ticket",
    "Key Work Item",
    "List Board",
    "Merit Ledger Entry",
    "Problem Category",
    "Red Black List",
    "Satisfaction Response",
    "User",
)


class CadreTestCase(HostTestCase):
    """Test case on either host: `frappe.tests.utils.FrappeTestCase` of v15, `IntegrationTestCase` of v16."""

    def setUp(self) -> None:
        super().setUp()
        frappe.set_user("Administrator")
        # messages are compared in English, whatever the site speaks
        self.addCleanup(setattr, frappe.local, "lang", frappe.local.lang)
        frappe.local.lang = "en"
        frappe.db.savepoint(SAVEPOINT)
        self.addCleanup(self._undo)

    def _undo(self) -> None:
        frappe.set_user("Administrator")
        try:
            frappe.db.rollback(save_point=SAVEPOINT)
        except Exception:
            # the code under test has ended the transaction, and the savepoint with it
            frappe.db.rollback()
        forget_cached()

    @classmethod
    def tearDownClass(cls) -> None:
        super().tearDownClass()
        frappe.set_user("Administrator")
        frappe.db.rollback()
        forget_cached()

    @contextmanager
    def assertQueryCount(self, count: int):
        """At most `count` queries run inside; counted here, for Frappe's own counter knows no SQLite."""
        queries = []
        sql = frappe.local.db.sql

        def counted(query, *args, **kwargs):
            queries.append(str(query))
            return sql(query, *args, **kwargs)

        with patch.object(frappe.local.db, "sql", counted):
            yield
        self.assertLessEqual(len(queries), count, "\n".join(queries))

    def set_settings(self, **values) -> None:
        """Change Cadre Incentive Settings for the running test."""
        doc = frappe.get_single(SETTINGS)
        doc.update(values)
        doc.save()


def forget_cached() -> None:
    """Drop what the caches keep of documents that a rollback takes back."""
    frappe.clear_document_cache(SETTINGS, SETTINGS)
    frappe.db.value_cache.clear()
    frappe.cache.delete_value("user_permissions")
    workdays.clear_cache()
    limits.forget()
