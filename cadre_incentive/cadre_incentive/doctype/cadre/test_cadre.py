import frappe

from cadre_incentive.tests.base import NO_TEST_RECORDS, CadreTestCase
from cadre_incentive.tests.factories import make_cadre, make_unit, make_user

test_ignore = NO_TEST_RECORDS


class TestCadre(CadreTestCase):
    def test_the_code_is_normalised_and_taken_once(self):
        cadre = make_cadre(" Ｐ-０１ ")
        self.assertEqual(cadre.name, "P-01")
        with self.assertRaisesRegex(frappe.DuplicateEntryError, "P-01"):
            make_cadre("p-01")

    def test_the_code_never_changes(self):
        cadre = make_cadre()
        cadre.cadre_code = "other"
        cadre.save()
        self.assertEqual(frappe.db.get_value("Cadre", cadre.name, "cadre_code"), cadre.name)

    def test_no_rename(self):
        with self.assertRaises(frappe.ValidationError):
            frappe.rename_doc("Cadre", make_cadre().name, "other", force=True)

    def test_nobody_leaves_before_joining(self):
        with self.assertRaisesRegex(frappe.ValidationError, "before joining"):
            make_cadre(joined_on="2024-02-01", left_on="2024-01-31")

    def test_an_account_belongs_to_one_cadre(self):
        user, unit = make_user("Cadre"), make_unit()
        make_cadre(unit=unit, user=user.name)
        with self.assertRaisesRegex(frappe.DuplicateEntryError, "belongs to cadre"):
            make_cadre(unit=unit, user=user.name)

    def test_many_cadres_have_no_account(self):
        unit = make_unit()
        self.assertNotEqual(make_cadre(unit=unit, user="").name, make_cadre(unit=unit, user="").name)
