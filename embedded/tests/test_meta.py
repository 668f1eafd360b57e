"""Metas, and what changes them: Custom Fields, Property Setters, DocTypes made and refused at run time."""

import frappe
import pytest
from doctypes import field, make_doctype
from frappe.core.doctype.doctype.checks import UniqueFieldnameError
from frappe.custom.doctype.custom_field.custom_field import create_custom_field, create_custom_fields
from frappe.custom.doctype.property_setter.property_setter import make_property_setter


@pytest.fixture
def plain(frappe_site):
    return make_doctype(
        "Meta Test",
        [
            field("title", in_list_view=1),
            field("target", "Link", options="User"),
            field("price", "Float"),
            field("rows", "Table", options="Has Role"),
        ],
        search_fields="title",
        title_field="title",
    )


def test_questions(plain):
    meta = frappe.get_meta(plain)
    assert meta.get_field("price").fieldtype == "Float"
    assert meta.get_field("nothing") is None
    assert meta.has_field("title")
    assert not meta.has_field("name")
    assert meta.get_label("title") == "Title"
    assert meta.get_label("modified") == "Last Updated On"
    assert meta.get_label("nothing") == "No Label"
    assert meta.get_options("target") == "User"
    assert [df.fieldname for df in meta.get_table_fields()] == ["rows"]
    assert [df.fieldname for df in meta.get_link_fields()] == ["target"]
    assert meta.get_valid_columns() == [
        "name",
        "owner",
        "creation",
        "modified",
        "modified_by",
        "docstatus",
        "idx",
        "title",
        "target",
        "price",
    ]
    assert meta.get_search_fields() == ["title", "name"]
    assert meta.get_title_field() == "title"
    assert meta.get_list_fields() == ["name", "title"]
    assert (meta.istable, meta.issingle, meta.is_submittable) == (0, 0, 0)
    assert [df.fieldname for df in meta.get("fields", {"fieldtype": ("in", ("Link", "Float"))})] == [
        "target",
        "price",
    ]
    assert meta.as_dict()["fields"][0]["fieldname"] == "title"
    assert frappe.get_meta("Has Role").get_valid_columns()[-3:] == ["parent", "parentfield", "parenttype"]


def test_unknown_doctype(frappe_site):
    with pytest.raises(frappe.DoesNotExistError):
        frappe.get_meta("No Such DocType")


def test_metas_are_cached_and_survive_pickling(plain):
    assert frappe.get_meta(plain) is frappe.get_meta(plain)
    assert frappe.get_meta(plain).plan.doctype == plain
    frappe.local.cache.clear()
    meta = frappe.get_meta(plain)
    assert meta.plan.columns == meta.get_valid_columns()


def test_custom_field_reaches_meta_table_and_documents(plain):
    created = create_custom_field(
        plain, {"label": "Extra", "fieldname": "extra", "insert_after": "title", "default": "d"}
    )
    try:
        meta = frappe.get_meta(plain)
        assert [df.fieldname for df in meta.fields][:2] == ["title", "extra"]
        assert meta.get_custom_fields()[0].fieldname == "extra"
        doc = frappe.get_doc(doctype=plain).insert()
        assert doc.extra == "d"
        assert frappe.db.get_value(plain, doc.name, "extra") == "d"
        assert create_custom_field(plain, {"fieldname": "extra"}) is None
        create_custom_fields({plain: [{"fieldname": "extra", "label": "Changed"}]})
        assert frappe.get_meta(plain).get_label("extra") == "Changed"
    finally:
        frappe.delete_doc("Custom Field", created.name)
        frappe.db.commit()
    assert not frappe.get_meta(plain).has_field("extra")


def test_property_setter(plain):
    setter = make_property_setter(plain, "title", "reqd", 1, "Check")
    try:
        with pytest.raises(frappe.MandatoryError):
            frappe.get_doc(doctype=plain).insert()
        make_property_setter(plain, None, "track_changes", 1, "Check", for_doctype=True)
        assert frappe.get_meta(plain).track_changes == 1
    finally:
        frappe.delete_doc("Property Setter", setter.name)
        frappe.db.delete("Property Setter", {"doc_type": plain})
        frappe.clear_cache(doctype=plain)
        frappe.db.commit()
    frappe.get_doc(doctype=plain).insert()


def test_field_order(plain):
    make_property_setter(
        plain, None, "field_order", '["price", "title", "target", "rows"]', "Data", for_doctype=True
    )
    assert [df.fieldname for df in frappe.get_meta(plain).fields] == ["price", "title", "target", "rows"]
    frappe.db.delete("Property Setter", {"doc_type": plain})
    frappe.clear_cache(doctype=plain)


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ([field("a"), field("a")], UniqueFieldnameError),
        ([field("owner")], frappe.ValidationError),
        ([field("a", "Nonsense")], frappe.ValidationError),
        ([field("a", "Link")], frappe.ValidationError),
        ([field("a", "Link", options="No Such DocType")], frappe.ValidationError),
        ([field("a", "Text", search_index=1)], frappe.ValidationError),
        ([field("a", "Text", unique=1)], frappe.ValidationError),
        ([field("a", hidden=1, reqd=1)], frappe.ValidationError),
        ([field("a", "Dynamic Link", options="b")], frappe.ValidationError),
        ([field("a", "Section Break", reqd=1)], frappe.ValidationError),
        ([field("a", "Select", options="x\ny", default="z")], frappe.ValidationError),
    ],
)
def test_refused_fields(frappe_site, fields, error):
    with pytest.raises(error):
        make_doctype("Refused Test", fields)


@pytest.mark.parametrize(
    "properties",
    [
        {"autoname": "field:nothing"},
        {"autoname": "naming_series:"},
        {"title_field": "nothing"},
        {"search_fields": "nothing"},
        {"permissions": [{"role": "All", "submit": 1}]},
        {"permissions": [{"role": "All", "read": 1}, {"role": "All", "write": 1}]},
        {"permissions": [{"role": "System Manager", "read": 1, "permlevel": 1}]},
    ],
)
def test_refused_properties(frappe_site, properties):
    with pytest.raises(frappe.ValidationError):
        make_doctype("Refused Test", [field("a")], **properties)


@pytest.mark.parametrize("name", ["1 Test", "A,B", "x" * 62])
def test_refused_names(frappe_site, name):
    with pytest.raises(frappe.NameError):
        make_doctype(name, [field("a")])


def test_doctype_completes_itself(frappe_site):
    make_doctype("Complete Test", [{"label": "My Field?", "fieldtype": "Data"}], is_submittable=1)
    meta = frappe.get_meta("Complete Test")
    assert meta.has_field("my_field")
    assert meta.get_field("amended_from").options == "Complete Test"
    make_doctype("Branch Test", [field("title")], is_tree=1)
    tree = frappe.get_meta("Branch Test")
    assert tree.is_nested_set()
    assert tree.nsm_parent_field == "parent_branch_test"
    assert tree.get_field("parent_branch_test").options == "Branch Test"


def test_a_new_role_is_made(frappe_site):
    """A DocType that is imported may name roles that nobody has made yet."""
    doctype = frappe.get_doc(
        doctype="DocType", name="Role Test", module="Core", custom=1, fields=[field("title")]
    )
    doctype.append("permissions", {"role": "Made By DocType", "read": 1})
    doctype.insert(ignore_links=True)
    assert frappe.db.exists("Role", "Made By DocType")


def test_adding_a_field_to_a_doctype(frappe_site):
    make_doctype("Grow Test", [field("title")])
    doctype = frappe.get_doc("DocType", "Grow Test")
    if not doctype.get("fields", {"fieldname": "more"}):
        doctype.append("fields", field("more", "Int", default="4"))
        doctype.save()
    doc = frappe.get_doc(doctype="Grow Test", title="x").insert()
    assert frappe.db.get_value("Grow Test", doc.name, "more") == 4


def test_standard_doctypes_are_not_deleted(frappe_site):
    with pytest.raises(frappe.ValidationError):
        frappe.delete_doc("DocType", "ToDo")
    make_doctype("Gone Test", [field("title")])
    frappe.delete_doc("DocType", "Gone Test")
    assert not frappe.db.exists("DocType", "Gone Test")
    assert not frappe.db.exists("DocField", {"parent": "Gone Test"})
