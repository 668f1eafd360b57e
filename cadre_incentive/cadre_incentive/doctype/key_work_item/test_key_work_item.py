import frappe

from cadre_incentive.tests.base import NO_TEST_RECORDS, CadreTestCase
from cadre_incentive.tests.factories import make_work_item

test_ignore = NO_TEST_RECORDS


class TestKeyWorkItem(CadreTestCase):
    def test_it_ends_after_it_begins(self):
        make_work_item(from_date="2024-01-01", to_date="2024-01-01")
        with self.assertRaisesRegex(frappe.ValidationError, "To Date is before"):
            make_work_item(from_date="2024-01-02", to_date="2024-01-01")

    def test_its_name_never_changes(self):
        """E1 counts strikes on one and the same item."""
        item = make_work_item()
        item.item_name = "other"
        item.save()
        self.assertEqual(frappe.db.get_value("Key Work Item", item.name, "item_name"), item.name)
