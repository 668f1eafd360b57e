"""Names: series, formats, fields, prompts, counters, amendments, refusals."""

import re

import frappe
import pytest
from doctypes import field, make_doctype
from frappe.model.naming import (
    InvalidNamingSeriesError,
    NamingSeries,
    append_number_if_name_exists,
    getseries,
    make_autoname,
    parse_naming_series,
    revert_series_if_last,
)
from frappe.utils import now_datetime


def new(doctype, **values):
    return frappe.get_doc(doctype=doctype, **values).insert()


def test_naming_series(frappe_site):
    name = make_doctype(
        "Series Test",
        [field("naming_series", "Select", options="ST-.YYYY.-.####\nOT-.##"), field("title")],
        autoname="naming_series:",
    )
    year = now_datetime().strftime("%Y")
    assert new(name).name == f"ST-{year}-0001"
    second = new(name)
    assert second.name == f"ST-{year}-0002"
    assert new(name, naming_series="OT-.##").name == "OT-01"
    second.delete()
    assert new(name).name == f"ST-{year}-0002"


def test_counter_returns_with_the_rollback(frappe_site):
    frappe.db.savepoint("first_count")
    assert getseries("ROLL-", 3) == "001"
    frappe.db.rollback(save_point="first_count")
    assert getseries("ROLL-", 3) == "001"


def test_field_format_prompt_hash(frappe_site):
    by_field = make_doctype("Field Name Test", [field("code")], autoname="field:code")
    assert new(by_field, code=" x ").name == "x"
    with pytest.raises(frappe.ValidationError):
        new(by_field)
    by_format = make_doctype("Format Name Test", [field("code")], autoname="format:F-{code}-{YY}-{###}")
    year = now_datetime().strftime("%y")
    assert new(by_format, code="a").name == f"F-a-{year}-001"
    assert new(by_format, code="a").name == f"F-a-{year}-002"
    assert new(by_format, code="b").name == f"F-b-{year}-001"
    by_prompt = make_doctype("Prompt Test", [field("code")], autoname="prompt")
    assert new(by_prompt, name="chosen").name == "chosen"
    assert new(by_prompt, __newname="typed").name == "typed"
    with pytest.raises(frappe.ValidationError):
        new(by_prompt)
    by_hash = make_doctype("Hash Name Test", [field("code")], autoname="hash")
    assert re.fullmatch(r"[0-9a-v]{10}", new(by_hash).name)
    assert re.fullmatch(r"[0-9a-v]{10}", make_autoname("hash"))


def test_autoincrement(frappe_site):
    name = make_doctype("Counter Test", [field("code")], autoname="autoincrement")
    first = new(name)
    assert isinstance(first.name, int)
    assert new(name).name == first.name + 1
    assert frappe.get_doc(name, first.name).name == first.name


def test_old_style_expression(frappe_site):
    name = make_doctype("Expression Test", [field("code")], autoname="EXP.-.code.-.###")
    assert new(name, code="z").name == "EXP-z-001"


def test_set_name_and_append(frappe_site):
    name = make_doctype("Field Name Test", [field("code")], autoname="field:code")
    assert frappe.get_doc(doctype=name, code="y").insert(set_name="other").name == "other"
    assert append_number_if_name_exists(name, "other") == "other-1"
    assert append_number_if_name_exists(name, "free") == "free"


@pytest.mark.parametrize("bad", ["a<b", "Field Name Test", "New Field Name Test 1"])
def test_refused_names(frappe_site, bad):
    make_doctype("Field Name Test", [field("code")], autoname="field:code")
    with pytest.raises(frappe.NameError):
        new("Field Name Test", code=bad)


def test_series_objects(frappe_site):
    year = now_datetime().strftime("%Y")
    series = NamingSeries("X-.YYYY.-.###")
    assert series.get_prefix() == f"X-{year}-"
    assert series.get_preview() == [f"X-{year}-00{n}" for n in (1, 2, 3)]
    series.update_counter(41)
    assert series.get_current_value() == 41
    assert series.generate_next_name({}) == f"X-{year}-042"
    revert_series_if_last("X-.YYYY.-.###", f"X-{year}-042")
    assert series.get_current_value() == 41
    with pytest.raises(InvalidNamingSeriesError):
        NamingSeries("X$-.##").validate()
    assert parse_naming_series("A-.{code}.", doc=frappe._dict(code="b")) == "A-b"
