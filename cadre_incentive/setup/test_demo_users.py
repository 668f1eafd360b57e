from unittest.mock import patch

import frappe
from frappe.utils.password import check_password

from cadre_incentive.setup import demo_story as story
from cadre_incentive.setup import demo_users, roles
from cadre_incentive.tests.base import CadreTestCase
from cadre_incentive.tests.factories import make_unit


class TestDemoUsers(CadreTestCase):
    def setUp(self):
        super().setUp()
        if frappe.db.exists("Government Unit", story.ROOT[0]):
            self.skipTest("the demo data stands on this site already")
        patcher = patch.object(frappe.db, "commit")
        patcher.start()
        self.addCleanup(patcher.stop)
        self.addCleanup(demo_users._file().unlink, missing_ok=True)

    def make_county(self):
        for code in (story.ROOT[0], "DEMO-200", "DEMO-210"):
            make_unit(unit_code=code)

    def test_none_without_the_demo_county(self):
        with self.assertRaises(frappe.ValidationError):
            demo_users.load()

    def test_one_for_each_role_with_a_password_that_works(self):
        self.make_county()
        users = demo_users.load()
        self.assertEqual({user["role"] for user in users}, set(roles.ROLES))
        for user in users:
            self.assertIn(user["role"], frappe.get_roles(user["user"]))
        self.assertEqual(check_password(users[0]["user"], users[0]["password"]), users[0]["user"])
        staff = next(user for user in users if user["role"] == roles.UNIT_STAFF)
        self.assertTrue(
            frappe.db.exists("User Permission", {"user": staff["user"], "for_value": staff["unit"]})
        )

    def test_the_same_passwords_again_and_no_second_user(self):
        self.make_county()
        first, second = demo_users.load(), demo_users.load()
        self.assertEqual(first, second)
        self.assertEqual(check_password(second[0]["user"], second[0]["password"]), second[0]["user"])
        self.assertEqual(demo_users._file().stat().st_mode & 0o777, 0o600)

    def test_a_password_that_nobody_can_tell_is_made_anew(self):
        self.make_county()
        first = demo_users.load()
        demo_users._file().unlink()
        second = demo_users.load()
        self.assertNotEqual(first[0]["password"], second[0]["password"])
        with self.assertRaises(frappe.AuthenticationError):
            check_password(first[0]["user"], first[0]["password"])

    def test_clear_leaves_none(self):
        self.make_county()
        demo_users.load()
        demo_users.clear()
        self.assertEqual(frappe.db.count("User", {"name": ["like", f"%@{demo_users.DOMAIN}"]}), 0)
        self.assertEqual(frappe.db.count("User Permission", {"user": ["like", f"%@{demo_users.DOMAIN}"]}), 0)
        self.assertFalse(demo_users._file().exists())
