"""Places in a tree are not taken from whoever sends them."""

import frappe

from cadre_incentive.tests.base import CadreTestCase
from cadre_incentive.tests.factories import make_category, make_unit


class TestPlaces(CadreTestCase):
    def places(self, doctype):
        return frappe.get_all(doctype, fields=["name", "lft", "rgt"], order_by="lft")

    def test_a_saved_node_stays_where_it_is(self):
        for make, doctype in ((make_unit, "Government Unit"), (make_category, "Problem Category")):
            with self.subTest(doctype=doctype):
                top, node = make(is_group=1), make()
                before = self.places(doctype)
                node.reload()
                node.update({"lft": 1, "rgt": 99, "old_parent": top.name})
                node.save()
                self.assertEqual(self.places(doctype), before)

    def test_a_new_node_comes_last(self):
        for make, doctype in ((make_unit, "Government Unit"), (make_category, "Problem Category")):
            with self.subTest(doctype=doctype):
                last = max([row.rgt for row in self.places(doctype)], default=0)
                node = make(lft=5, rgt=6)
                node.reload()
                self.assertEqual((node.lft, node.rgt), (last + 1, last + 2))
