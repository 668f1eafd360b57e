import frappe
from frappe.utils.nestedset import NestedSetRecursionError

from cadre_incentive.cadre_incentive.doctype.problem_category.limits import limit_of
from cadre_incentive.tests.base import NO_TEST_RECORDS, CadreTestCase
from cadre_incentive.tests.factories import make_category

test_ignore = NO_TEST_RECORDS


class TestLimits(CadreTestCase):
    def test_the_nearest_ancestor_with_a_limit_decides(self):
        root = make_category(is_group=1, time_limit=20, time_limit_unit="Working Days")
        middle = make_category(parent=root, is_group=1)
        leaf = make_category(parent=middle)
        own = make_category(parent=middle, time_limit=3, time_limit_unit="Calendar Days")
        self.assertEqual(limit_of(leaf.name), (20, "Working Days"))
        self.assertEqual(limit_of(own.name), (3, "Calendar Days"))

    def test_without_any_the_settings_decide(self):
        self.set_settings(default_time_limit=12, default_time_limit_unit="Working Days")
        self.assertEqual(limit_of(make_category().name), (12, "Working Days"))

    def test_the_cache_follows_the_tree(self):
        root = make_category(is_group=1, time_limit=20, time_limit_unit="Working Days")
        other = make_category(is_group=1, time_limit=7, time_limit_unit="Calendar Days")
        leaf = make_category(parent=root)
        self.assertEqual(limit_of(leaf.name), (20, "Working Days"))
        root.reload()
        root.time_limit = 21
        root.save()
        self.assertEqual(limit_of(leaf.name), (21, "Working Days"))
        leaf.reload()
        leaf.parent_problem_category = other.name
        leaf.save()
        self.assertEqual(limit_of(leaf.name), (7, "Calendar Days"))
        leaf.reload()
        leaf.delete()
        self.set_settings(default_time_limit=12, default_time_limit_unit="Working Days")
        self.assertEqual(limit_of(leaf.name), (12, "Working Days"))


class TestProblemCategory(CadreTestCase):
    def test_refuses_limits_that_no_calendar_holds(self):
        for limit in (-1, 3661, 10**9):
            with self.subTest(limit=limit), self.assertRaises(frappe.ValidationError):
                make_category(time_limit=limit)

    def test_refuses_a_parent_that_is_no_group(self):
        leaf = make_category()
        with self.assertRaisesRegex(frappe.ValidationError, "not a group"):
            frappe.get_doc(
                {
                    "doctype": "Problem Category",
                    "category_name": frappe.generate_hash(length=8),
                    "parent_problem_category": leaf.name,
                }
            ).insert()

    def test_refuses_to_be_its_own_ancestor(self):
        root = make_category(is_group=1)
        child = make_category(parent=root, is_group=1)
        root.reload()
        root.parent_problem_category = child.name
        with self.assertRaises(NestedSetRecursionError):
            root.save()
        root.reload()
        root.parent_problem_category = root.name
        with self.assertRaises(frappe.ValidationError):
            root.save()

    def test_refuses_to_become_a_leaf_while_it_has_children(self):
        root = make_category(is_group=1)
        make_category(parent=root)
        root.reload()
        root.is_group = 0
        with self.assertRaises(frappe.ValidationError):
            root.save()
