"""Every field of every DocType of the app, with values that no form would send."""

import datetime

import frappe
from hypothesis import given
from hypothesis import strategies as st

from cadre_incentive import kinds
from cadre_incentive.tests.base import CadreTestCase
from cadre_incentive.tests.factories import make_board, make_category, make_response, make_ticket, make_unit

ODD = (
    "",
    None,
    [5],
    {"a": 1},
    [{"a": 1}],
    float("nan"),
    10**30,
    "garbage",
    "2024-13-45",
    "9999-12-31",
    "\x00",
    -1,
)
WRONG = {"Int": "five", "Percent": [5], "Date": 7, "Datetime": "noon?", "Data": {"a": 1}, "Link": [1]}
VALUES = st.one_of(
    st.sampled_from(ODD),
    st.none(),
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    st.dates(),
    st.lists(st.integers(), max_size=2),
)


class TestKinds(CadreTestCase):
    def setUp(self):
        super().setUp()
        unit, category = make_unit(), make_category()
        ticket = make_ticket(unit, category)
        self.docs = [unit, category, ticket, make_response(ticket), make_board()]

    def test_no_value_crashes_a_rule(self):
        """A save goes through or is refused in words."""
        for stored in self.docs:
            for df in stored.meta.fields:
                if df.fieldtype in kinds.TABLES or df.fieldtype.endswith("Break"):
                    continue
                for value in ODD:
                    with self.subTest(doctype=stored.doctype, field=df.fieldname, value=value):
                        frappe.db.savepoint("odd")
                        doc = frappe.get_doc(stored.doctype, stored.name)
                        doc.set(df.fieldname, value)
                        try:
                            doc.run_method("before_validate")
                            doc.run_method("validate")
                        except frappe.ValidationError:
                            pass
                        frappe.db.rollback(save_point="odd")

    def test_each_kind_refuses_the_others(self):
        for stored in self.docs:
            for df in stored.meta.fields:
                if df.fieldtype in WRONG:
                    with self.subTest(doctype=stored.doctype, field=df.fieldname):
                        doc = frappe.get_doc(stored.doctype, stored.name)
                        doc.set(df.fieldname, WRONG[df.fieldtype])
                        with self.assertRaises(frappe.ValidationError):
                            doc.run_method("before_validate")

    def test_rows_are_checked(self):
        unit = make_unit()
        unit.append("principals", {"from_date": "some day"})
        with self.assertRaises(frappe.ValidationError):
            kinds.check(unit)

    def test_a_form_sends_numbers_as_text(self):
        board = make_board(minimum_sample="20", red_line="95.5")
        self.assertEqual((board.minimum_sample, board.red_line), (20, 95.5))

    def test_codes_are_texts(self):
        self.assertEqual(make_unit(90210).name, "90210")
        with self.assertRaises(frappe.ValidationError):
            make_unit(["U"])

    def test_what_is_right_stays(self):
        ticket = make_ticket(resolved_on=datetime.datetime(2024, 9, 5, 12))
        before = ticket.as_dict()
        kinds.check(ticket)
        self.assertEqual(ticket.as_dict(), before)

    @given(VALUES)
    def test_any_value_is_taken_or_refused_in_words(self, value):
        doc = frappe.new_doc("Issue Ticket")
        for field in ("subject", "reported_on", "due_on"):
            doc.set(field, value)
        try:
            kinds.check(doc)
        except frappe.ValidationError:
            return
        kinds.check(doc)
