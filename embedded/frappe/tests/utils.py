"""FrappeTestCase and what its tests use."""

import copy
import datetime
import unittest
from contextlib import contextmanager
from unittest.mock import patch

import frappe
from frappe.utils import cint

_datetime_like = (datetime.datetime, datetime.date, datetime.time, datetime.timedelta)


class FrappeTestCase(unittest.TestCase):
    """Base of tests on a site. What a class writes is rolled back once, when all its tests have run."""

    TEST_SITE = "test_site"
    SHOW_TRANSACTION_COMMIT_WARNINGS = False
    maxDiff = 10_000

    @classmethod
    def setUpClass(cls) -> None:
        cls.TEST_SITE = frappe.local.get("site") or cls.TEST_SITE
        cls.ADMIN_PASSWORD = frappe.get_conf(cls.TEST_SITE).admin_password
        cls._primary_connection = frappe.local.db
        cls._secondary_connection = None
        frappe.db.commit()
        if cls.SHOW_TRANSACTION_COMMIT_WARNINGS:
            frappe.db.before_commit.add(_warn_of_commit)
        cls.addClassCleanup(_restore_thread_locals, copy.deepcopy(frappe.local.flags))
        cls.addClassCleanup(_rollback_db)
        super().setUpClass()

    def assertSequenceSubset(self, larger, smaller, msg=None):
        self.assertTrue(set(smaller).issubset(set(larger)), msg=msg)

    def assertDocumentEqual(self, expected, actual):
        """Assert that a document has the values of a dict or another document, rows of tables included."""
        if hasattr(expected, "as_dict"):
            expected = expected.as_dict()
        for field, value in expected.items():
            if isinstance(value, list):
                rows = actual.get(field)
                self.assertEqual(len(value), len(rows), msg=f"{field} length should be same")
                for expected_row, row in zip(value, rows, strict=False):
                    self.assertDocumentEqual(expected_row, row)
            else:
                self._compare_field(value, actual.get(field), actual, field)

    def _compare_field(self, expected, actual, doc, field):
        message = f"{field} should be same."
        if isinstance(expected, float):
            places = doc.precision(field)
            self.assertAlmostEqual(expected, actual, places=places, msg=f"{field}: to {places} digits")
        elif isinstance(expected, (bool, int)):
            self.assertEqual(expected, cint(actual), msg=message)
        elif isinstance(expected, _datetime_like):
            self.assertEqual(str(expected), str(actual), msg=message)
        else:
            self.assertEqual(expected, actual, msg=message)

    @contextmanager
    def primary_connection(self):
        """Inside, `frappe.db` is the connection the class began with."""
        current = frappe.local.db
        frappe.local.db = self._primary_connection
        try:
            yield
        finally:
            frappe.local.db = current

    @contextmanager
    def secondary_connection(self):
        """Inside, `frappe.db` is a second connection: another user at work."""
        current = frappe.local.db
        if self._secondary_connection is None:
            frappe.connect()
            type(self)._secondary_connection = frappe.local.db
        frappe.local.db = self._secondary_connection
        try:
            yield
        finally:
            frappe.local.db = current
            self.addCleanup(self._rollback_connections)

    def _rollback_connections(self):
        self._primary_connection.rollback()
        self._secondary_connection.rollback()

    @contextmanager
    def assertQueryCount(self, count):
        """Assert that the block runs at most `count` statements through `frappe.db.sql`."""
        queries = []
        kind = frappe.db.__class__
        original = kind.sql

        def counting(db, *args, **kwargs):
            result = original(db, *args, **kwargs)
            queries.append(str(db.last_query))
            return result

        with patch.object(kind, "sql", counting):
            yield
        self.assertLessEqual(len(queries), count, msg="Queries executed: \n" + "\n\n".join(queries))

    @contextmanager
    def set_user(self, user: str):
        before = frappe.session.user
        frappe.set_user(user)
        try:
            yield
        finally:
            frappe.set_user(before)

    @contextmanager
    def switch_site(self, site: str):
        """Inside, another site is connected; the present connection is closed."""
        before = frappe.local.site
        frappe.init(site, force=True)
        frappe.connect()
        try:
            yield
        finally:
            frappe.init(before, force=True)
            frappe.connect()

    @contextmanager
    def freeze_time(self, time_to_freeze, *args, **kwargs):
        """Inside, it is that moment in the site's time zone.

        With `freezegun` installed for all of Python; else for `frappe.utils` (now, today, getdate, …) only.
        """
        from frappe.utils._dates import _zone, get_datetime, get_system_timezone

        moment = get_datetime(time_to_freeze).replace(tzinfo=_zone(get_system_timezone()))
        moment = moment.astimezone(datetime.timezone.utc)
        try:
            from freezegun import freeze_time
        except ImportError:
            before = frappe.local.get("frozen_utc")
            frappe.local.frozen_utc = moment
            try:
                yield
            finally:
                frappe.local.frozen_utc = before
        else:
            with freeze_time(moment, *args, **kwargs):
                yield


def _warn_of_commit():
    import traceback

    print("Warning:, transaction committed during tests.")
    traceback.print_stack(limit=10)


def _rollback_db():
    frappe.db.value_cache.clear()
    frappe.db.rollback()


def _restore_thread_locals(flags):
    frappe.local.flags = flags
    frappe.local.error_log = []
    frappe.local.message_log = []
    frappe.local.debug_log = []
    frappe.local.conf = frappe._dict(frappe.get_site_config())
    frappe.local.cache = {}
    frappe.local.lang = "en"
    frappe.local.request = None


@contextmanager
def change_settings(doctype, settings_dict=None, /, commit=False, **settings):
    """Change fields of a Single while the block (or the decorated test) runs."""
    wanted = settings if settings_dict is None else settings_dict
    doc = frappe.get_doc(doctype)
    before = {key: copy.deepcopy(getattr(doc, key)) for key in wanted}
    try:
        _save_settings(doctype, wanted, commit)
        yield
    finally:
        _save_settings(doctype, before, commit)


def _save_settings(doctype, values, commit):
    doc = frappe.get_doc(doctype)
    for key, value in values.items():
        setattr(doc, key, value)
    doc.save(ignore_permissions=True)
    frappe.db.value_cache.pop(doctype, None)
    if commit:
        frappe.db.commit()


@contextmanager
def patch_hooks(overridden_hooks):
    """Inside, `frappe.get_hooks` answers these hooks as given."""
    original = frappe.get_hooks

    def patched(hook=None, default="_KEEP_DEFAULT_LIST", app_name=None):
        if hook in overridden_hooks:
            return overridden_hooks[hook]
        return original(hook, default, app_name)

    with patch.object(frappe, "get_hooks", patched):
        yield


def timeout(seconds=30, error_message="Test timed out."):
    """Decorator: the test fails after that many seconds."""
    import functools
    import signal

    limit = 30 if callable(seconds) else seconds

    def decorate(func):
        def stop(signum, frame):
            raise Exception(error_message)

        @functools.wraps(func)
        def wrapper(*args, **kwargs):
            signal.signal(signal.SIGALRM, stop)
            signal.alarm(limit)
            try:
                return func(*args, **kwargs)
            finally:
                signal.alarm(0)

        return wrapper

    return decorate(seconds) if callable(seconds) else decorate
