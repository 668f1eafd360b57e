"""A DocType whose fields change: the table follows, through documents as a migration goes."""

import pytest
from doctypes import field, make_doctype


@pytest.fixture
def frappe(frappe_site):
    make_doctype("MF Row", [field("x")], istable=1)
    make_doctype(
        "MF Doc",
        [
            field("old_name", length=50),
            field("number"),
            field("rows", "Table", options="MF Row"),
            field("gone"),
        ],
        autoname="prompt",
    )
    yield frappe_site
    frappe_site.db.rollback()
    for doctype in ("MF Doc", "MF Row"):
        frappe_site.delete_doc("DocType", doctype, force=True)
        frappe_site.db.sql_ddl(f"drop table if exists `tab{doctype}`")


def change(frappe, *fields, drop=()):
    doc = frappe.get_doc("DocType", "MF Doc")
    doc.fields = [f for f in doc.fields if f.fieldname not in drop]
    for each in fields:
        known = doc.get("fields", {"fieldname": each["fieldname"]})
        if known:
            known[0].update(each)
        else:
            doc.append("fields", each)
    doc.save()


def add(frappe, name, **values):
    return frappe.get_doc(doctype="MF Doc", __newname=name, **values).insert()


def test_fields_come_go_widen_and_turn(frappe):
    add(frappe, "a", old_name="x" * 50, number="12", gone="kept")
    with pytest.raises(frappe.CharacterLengthExceededError):
        add(frappe, "b", old_name="x" * 51)
    change(
        frappe,
        field("old_name", length=200),
        field("number", "Int"),
        field("code", unique=1),
        field("score", "Float", default="1.5"),
        drop=("gone",),
    )
    doc = frappe.get_doc("MF Doc", "a")
    assert (doc.number, doc.code, doc.score) == (12, None, 1.5)
    assert frappe.db.sql("select gone from `tabMF Doc`") == (("kept",),)
    doc.update({"old_name": "x" * 200, "code": "c"}).save()
    with pytest.raises(frappe.UniqueValidationError):
        add(frappe, "c", code="c")


def test_a_renamed_field_takes_its_values_along(frappe):
    from frappe.model.utils.rename_field import rename_field

    add(frappe, "a", old_name="v", rows=[{"x": "1"}])
    change(frappe, field("new_name"), field("lines", "Table", options="MF Row"), drop=("old_name", "rows"))
    rename_field("MF Doc", "old_name", "new_name")
    rename_field("MF Doc", "rows", "lines")
    rename_field("MF Doc", "number", "no_such_field")
    doc = frappe.get_doc("MF Doc", "a")
    assert doc.new_name == "v"
    assert [row.x for row in doc.lines] == ["1"]
    rename_field("MF Doc", "never_was", "new_name")
    assert frappe.db.get_value("MF Doc", "a", "new_name") == "v"
