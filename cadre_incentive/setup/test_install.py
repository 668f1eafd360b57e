import frappe

from cadre_incentive.setup import calendars, install, roles
from cadre_incentive.tests.base import SETTINGS, CadreTestCase


class TestSeeds(CadreTestCase):
    def test_roles_stand(self):
        for role in roles.ROLES:
            self.assertTrue(frappe.db.exists("Role", role), role)

    def test_running_twice_changes_nothing(self):
        def state():
            return [
                frappe.get_all(doctype, fields=["name", "modified"], order_by="name")
                for doctype in ("Role", "Holiday Calendar")
            ] + [frappe.db.get_singles_dict(SETTINGS)]

        before = state()
        install.after_migrate()
        self.assertEqual(state(), before)

    def test_what_an_administrator_changed_stays(self):
        self.set_settings(strike_limit=4)
        calendar = frappe.get_doc("Holiday Calendar", "2024")
        calendar.source = "corrected"
        calendar.days = calendar.days[1:]
        calendar.save()
        install.after_migrate()
        self.assertEqual(frappe.get_single(SETTINGS).strike_limit, 4)
        self.assertEqual(frappe.get_doc("Holiday Calendar", "2024").source, "corrected")
        self.assertEqual(len(frappe.get_doc("Holiday Calendar", "2024").days), len(calendar.days))

    def test_what_is_absent_is_put_back(self):
        frappe.delete_doc("Holiday Calendar", "2024")
        frappe.db.delete("Singles", {"doctype": SETTINGS, "field": "strike_limit"})
        install.after_migrate()
        self.assertEqual(frappe.get_single(SETTINGS).strike_limit, 3)
        self.assertEqual(
            len(frappe.get_doc("Holiday Calendar", "2024").days), len(calendars.known_days()[2024])
        )

    def test_the_interface_user_has_no_desk(self):
        install.after_install()
        desks = {role: frappe.db.get_value("Role", role, "desk_access") for role in roles.ROLES}
        self.assertEqual([role for role, desk in desks.items() if not desk], [roles.INTEGRATOR])
