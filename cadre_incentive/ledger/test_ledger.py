"""Policy E1: what stands on the ledger, and that nobody can edit it."""

import frappe

from cadre_incentive import ledger
from cadre_incentive.readings import Period
from cadre_incentive.tests.base import CadreTestCase
from cadre_incentive.tests.factories import make_cadre, make_unit, make_work_item

MONTH = Period(2024, 9)


class LedgerCase(CadreTestCase):
    def setUp(self):
        super().setUp()
        self.unit = make_unit()
        self.item = make_work_item()

    def strike(self, period="2024-09", **fields):
        return ledger.post(
            ledger.STRIKE,
            "Government Unit",
            fields.pop("unit", self.unit).name,
            item_type="Key Work Item",
            item=self.item.name,
            period=period,
            **fields,
        )

    def standing(self, **kwargs):
        return ledger.strikes_of_year("Key Work Item", self.item.name, 2024, **kwargs)


class TestEntries(LedgerCase):
    def test_reversal_takes_the_strike_back(self):
        entry = self.strike()
        self.assertEqual(self.standing(), {self.unit.name: [(None, 1)]})
        reversal = frappe.get_doc("Merit Ledger Entry", ledger.reverse(entry))
        self.assertEqual((reversal.quantity, reversal.reverses, reversal.period), (-1, entry, "2024-09"))
        self.assertEqual(self.standing(), {})

    def test_an_entry_is_reversed_once(self):
        entry = self.strike()
        reversal = ledger.reverse(entry)
        with self.assertRaisesRegex(frappe.ValidationError, "already"):
            ledger.reverse(entry)
        with self.assertRaisesRegex(frappe.ValidationError, "itself a reversal"):
            ledger.reverse(reversal)

    def test_entries_are_never_edited_deleted_or_renamed(self):
        entry = frappe.get_doc("Merit Ledger Entry", self.strike())
        entry.remarks = "changed"
        with self.assertRaisesRegex(frappe.ValidationError, "never edited"):
            entry.save()
        with self.assertRaisesRegex(frappe.ValidationError, "never deleted"):
            frappe.delete_doc("Merit Ledger Entry", entry.name, force=True)
        with self.assertRaisesRegex(frappe.ValidationError, "never renamed"):
            frappe.rename_doc("Merit Ledger Entry", entry.name, "other", force=True)

    def test_nobody_posts_by_hand(self):
        entry = frappe.get_doc(
            {
                "doctype": "Merit Ledger Entry",
                "posting_date": "2024-10-01",
                "kind": ledger.STRIKE,
                "party_type": "Government Unit",
                "party": self.unit.name,
                "quantity": 1,
            }
        )
        with self.assertRaisesRegex(frappe.ValidationError, "never by hand"):
            entry.insert()

    def test_quantities_that_mean_nothing_are_refused(self):
        for quantity in (0, 2, -1):
            with self.assertRaises(frappe.ValidationError):
                self.strike(quantity=quantity)

    def test_a_reversal_mirrors_its_entry(self):
        entry = self.strike()
        with self.assertRaisesRegex(frappe.ValidationError, "opposite sign"):
            self.strike(quantity=-1, reverses=entry, unit=make_unit())
        with self.assertRaises(frappe.ValidationError):
            self.strike(quantity=1, reverses=entry)


class TestStrikesOfYear(LedgerCase):
    def test_counts_by_principal_in_the_year_of_the_period(self):
        first, second = make_cadre(), make_cadre()
        for period, principal in (
            ("2023-12", first),
            ("2024-01", first),
            ("2024-02", second),
            ("2024-03", first),
        ):
            self.strike(period, principal=principal.name)
        self.assertEqual(self.standing(), {self.unit.name: [(first.name, 2), (second.name, 1)]})
        self.assertEqual(self.standing(except_period="2024-02"), {self.unit.name: [(first.name, 2)]})

    def test_other_items_do_not_count(self):
        self.strike()
        self.assertEqual(ledger.strikes_of_year("Key Work Item", make_work_item().name, 2024), {})


class TestPrincipals(CadreTestCase):
    def in_office(self, *terms):
        unit = make_unit(principals=terms)
        return ledger.principals_in_office([unit.name], MONTH.start, MONTH.end).get(unit.name)

    def test_most_days_decide(self):
        a, b = make_cadre(), make_cadre()
        self.assertEqual(self.in_office((a, "2020-01-01", "2024-09-16"), (b, "2024-09-17", None)), a.name)
        self.assertEqual(self.in_office((a, "2020-01-01", "2024-09-14"), (b, "2024-09-15", None)), b.name)

    def test_ties_go_to_the_later_one(self):
        a, b = make_cadre(), make_cadre()
        self.assertEqual(self.in_office((a, "2020-01-01", "2024-09-15"), (b, "2024-09-16", None)), b.name)

    def test_broken_terms_add_up(self):
        a, b = make_cadre(), make_cadre()
        terms = ((a, "2024-01-01", "2024-09-08"), (b, "2024-09-09", "2024-09-22"), (a, "2024-09-23", None))
        self.assertEqual(self.in_office(*terms), a.name)

    def test_nobody_in_office(self):
        a = make_cadre()
        self.assertIsNone(self.in_office((a, "2024-10-01", None)))
        self.assertIsNone(self.in_office((a, "2020-01-01", "2024-08-31")))
        self.assertEqual(ledger.principals_in_office([], MONTH.start, MONTH.end), {})
