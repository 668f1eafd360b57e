import frappe

from cadre_incentive.tests.base import NO_TEST_RECORDS, CadreTestCase
from cadre_incentive.tests.factories import make_cadre, make_unit

test_ignore = NO_TEST_RECORDS


class TestCode(CadreTestCase):
    def test_the_code_is_normalised(self):
        unit = make_unit("　ＡＢ－ｘ１   north ")
        self.assertEqual((unit.name, unit.unit_code), ("AB-x1 north", "AB-x1 north"))

    def test_codes_that_differ_by_case_width_or_spaces_are_one(self):
        make_unit("Zx-7 a")
        for twin in ("zX-7 A", "ＺＸ－７　ａ", " Zx-7  a "):
            with self.assertRaisesRegex(frappe.DuplicateEntryError, "Zx-7 a"):
                make_unit(twin)

    def test_a_code_of_spaces_is_no_code(self):
        with self.assertRaises(frappe.ValidationError):
            make_unit("  ", unit_name="Nameless")

    def test_the_code_never_changes(self):
        unit = make_unit()
        unit.unit_code = "other"
        unit.save()
        self.assertEqual(unit.unit_code, unit.name)
        self.assertEqual(frappe.db.get_value("Government Unit", unit.name, "unit_code"), unit.name)

    def test_no_rename_and_no_merge(self):
        unit, other = make_unit(), make_unit()
        for target, merge in (("other", False), (other.name, True)):
            with self.assertRaises(frappe.ValidationError):
                frappe.rename_doc("Government Unit", unit.name, target, merge=merge, force=True)


class TestTree(CadreTestCase):
    def test_units_stand_under_groups(self):
        leaf = make_unit()
        doc = frappe.copy_doc(make_unit())
        doc.update({"unit_code": "below-a-leaf", "parent_government_unit": leaf.name})
        with self.assertRaisesRegex(frappe.ValidationError, "no group"):
            doc.insert()

    def test_a_unit_with_units_under_it_stays_a_group(self):
        top = make_unit(is_group=1)
        make_unit(parent=top)
        top.reload()
        top.is_group = 0
        with self.assertRaisesRegex(frappe.ValidationError, "stays a group"):
            top.save()

    def test_a_moved_unit_takes_its_units_along(self):
        old, new = make_unit(is_group=1), make_unit(is_group=1)
        middle = make_unit(parent=old, is_group=1)
        leaf = make_unit(parent=middle)
        middle.reload()
        middle.parent_government_unit = new.name
        middle.save()
        for unit in (old, new, leaf):
            unit.reload()
        self.assertTrue(new.lft < leaf.lft < leaf.rgt < new.rgt)
        self.assertEqual(old.rgt, old.lft + 1)


class TestSuccession(CadreTestCase):
    def test_a_unit_never_succeeds_itself(self):
        first = make_unit()
        second = make_unit(succeeded_by=first.name)
        first.succeeded_by = second.name
        with self.assertRaisesRegex(frappe.ValidationError, "succeed itself"):
            first.save()

    def test_a_chain_of_successors(self):
        last = make_unit()
        self.assertEqual(make_unit(succeeded_by=make_unit(succeeded_by=last.name).name).docstatus, 0)


class TestPrincipals(CadreTestCase):
    """E1 names the principal: every day has at most one."""

    def setUp(self):
        super().setUp()
        unit = make_unit()
        self.one, self.two = make_cadre(unit=unit), make_cadre(unit=unit)

    def test_refuses_a_principal_who_is_no_cadre(self):
        unit = make_unit()
        unit.append("principals", {"cadre": "no such cadre", "from_date": "2024-01-01"})
        with self.assertRaises(frappe.LinkValidationError):
            unit.save()

    def test_one_after_the_other(self):
        unit = make_unit(principals=[(self.two, "2024-04-01", None), (self.one, "2023-01-01", "2024-03-31")])
        self.assertEqual(unit.principals[0].cadre_name, self.two.full_name)

    def test_terms_that_overlap(self):
        for terms in (
            [(self.one, "2024-01-01", "2024-04-01"), (self.two, "2024-04-01", None)],
            [(self.one, "2024-01-01", None), (self.two, "2025-01-01", None)],
            [(self.one, "2024-05-01", None), (self.two, "2024-01-01", "2024-05-31")],
        ):
            with self.assertRaisesRegex(frappe.ValidationError, "overlap"):
                make_unit(principals=terms)

    def test_a_term_that_ends_before_it_begins(self):
        with self.assertRaisesRegex(frappe.ValidationError, "before it begins"):
            make_unit(principals=[(self.one, "2024-02-01", "2024-01-31")])
