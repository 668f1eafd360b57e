import frappe

from cadre_incentive.tests.base import NO_TEST_RECORDS, SETTINGS, CadreTestCase

test_ignore = NO_TEST_RECORDS


class TestCadreIncentiveSettings(CadreTestCase):
    def test_figures_out_of_range(self):
        for field, value in (
            ("satisfied_from", 0),
            ("satisfied_from", 6),
            ("strike_limit", 0),
            ("default_time_limit", -1),
            ("cutoff_working_days", -1),
            ("default_time_limit", 3661),
            ("cutoff_working_days", 251),
        ):
            with self.subTest(field=field, value=value), self.assertRaises(frappe.ValidationError):
                self.set_settings(**{field: value})

    def test_every_figure_names_its_origin(self):
        for field in frappe.get_meta(SETTINGS).fields:
            if field.fieldtype in ("Int", "Select"):
                self.assertRegex(field.description, r"\b(Law|Report|Default): ", field.fieldname)
