"""Deleting and renaming what others link to; Deleted Document; Versions; trees."""

import json

import frappe
import pytest
from doctypes import field, make_doctype


@pytest.fixture
def linked(frappe_site):
    make_doctype("Thing Test", [field("code")], autoname="field:code", allow_rename=1)
    make_doctype("Thing Row Test", [field("thing", "Link", options="Thing Test")], istable=1)
    make_doctype("Thing Single Test", [field("thing", "Link", options="Thing Test")], issingle=1)
    return make_doctype(
        "Linking Test",
        [
            field("title"),
            field("thing", "Link", options="Thing Test"),
            field("item_type", "Link", options="DocType"),
            field("item", "Dynamic Link", options="item_type"),
            field("rows", "Table", options="Thing Row Test"),
        ],
        track_changes=1,
    )


def thing(code):
    return frappe.get_doc(doctype="Thing Test", code=code).insert()


@pytest.mark.parametrize(
    "values",
    [
        {"thing": "a"},
        {"item_type": "Thing Test", "item": "a"},
        {"rows": [{"thing": "a"}]},
    ],
)
def test_linked_documents_are_not_deleted(linked, values):
    doc = thing("a")
    linking = frappe.get_doc({"doctype": linked, **values}).insert()
    with pytest.raises(frappe.LinkExistsError):
        doc.delete()
    linking.delete()
    doc.delete()
    assert not frappe.db.exists("Thing Test", "a")


def test_a_single_holds_a_document(linked):
    doc = thing("a")
    single = frappe.get_doc("Thing Single Test")
    single.thing = "a"
    single.save()
    with pytest.raises(frappe.LinkExistsError):
        doc.delete()
    doc.delete(force=True)


def test_deletion_is_remembered(linked):
    doc = frappe.get_doc(doctype=linked, title="gone", rows=[{}]).insert()
    doc.add_comment("Comment", "about it")
    doc.delete()
    remembered = frappe.get_last_doc("Deleted Document", {"deleted_name": doc.name})
    assert json.loads(remembered.data)["title"] == "gone"
    assert not frappe.db.exists("Thing Row Test", {"parent": doc.name})
    assert not frappe.db.exists("Comment", {"reference_name": doc.name, "comment_type": "Comment"})
    assert frappe.delete_doc(linked, doc.name) is False
    with pytest.raises(frappe.DoesNotExistError):
        frappe.delete_doc(linked, doc.name, ignore_missing=False)


def test_a_todo_does_not_hold_a_document(linked):
    doc = thing("a")
    todo = frappe.get_doc(
        doctype="ToDo", description="look", reference_type="Thing Test", reference_name="a"
    ).insert()
    doc.delete()
    assert not frappe.db.exists("ToDo", todo.name)


def test_rename_follows_everywhere(linked):
    thing("a")
    single = frappe.get_doc("Thing Single Test")
    single.thing = "a"
    single.save()
    doc = frappe.get_doc(
        doctype=linked, thing="a", item_type="Thing Test", item="a", rows=[{"thing": "a"}]
    ).insert()
    assert frappe.rename_doc("Thing Test", "a", "b") == "b"
    doc.reload()
    assert (doc.thing, doc.item, doc.rows[0].thing) == ("b", "b", "b")
    assert frappe.db.get_single_value("Thing Single Test", "thing") == "b"
    assert frappe.db.get_value("Thing Test", "b", "code") == "b"
    assert not frappe.db.exists("Thing Test", "a")


def test_merge(linked):
    thing("a")
    thing("b")
    doc = frappe.get_doc(doctype=linked, thing="a").insert()
    with pytest.raises(frappe.ValidationError):
        frappe.rename_doc("Thing Test", "a", "b")
    frappe.rename_doc("Thing Test", "a", "b", merge=True)
    assert doc.reload().thing == "b"
    assert not frappe.db.exists("Thing Test", "a")
    with pytest.raises(frappe.ValidationError):
        frappe.rename_doc("Thing Test", "b", "nothing", merge=True)


def test_rename_moves_child_rows_and_asks_for_leave(linked):
    doc = frappe.get_doc(doctype=linked, rows=[{}]).insert()
    with pytest.raises(frappe.ValidationError):
        make_doctype("Stiff Test", [field("title")], allow_rename=0)
        stiff = frappe.get_doc(doctype="Stiff Test").insert()
        frappe.rename_doc("Stiff Test", stiff.name, "other")
    frappe.rename_doc(linked, doc.name, "renamed", force=True)
    assert frappe.get_doc(linked, "renamed").rows[0].parent == "renamed"


def test_versions(linked):
    thing("a")
    doc = frappe.get_doc(doctype=linked, title="one", rows=[{}, {}]).insert()
    doc.title = "two"
    doc.rows[0].thing = "a"
    doc.remove(doc.rows[1])
    doc.append("rows", {})
    doc.save(ignore_version=False)
    version = frappe.get_last_doc("Version", {"docname": doc.name})
    data = version.get_data()
    assert data["changed"] == [["title", "one", "two"]]
    assert [row[0] for row in data["added"]] == ["rows"]
    assert [row[0] for row in data["removed"]] == ["rows"]
    table, index, name, changes = data["row_changed"][0]
    assert (table, index, name) == ("rows", 0, doc.rows[0].name)
    assert changes == [["thing", None, "a"]]
    assert set(data) == {"changed", "added", "removed", "row_changed", "data_import", "updater_reference"}


def test_no_version_in_tests_unless_asked(linked):
    doc = frappe.get_doc(doctype=linked, title="one").insert()
    doc.title = "two"
    doc.save()
    assert not frappe.db.exists("Version", {"docname": doc.name})


def test_tree(frappe_site):
    make_doctype("Tree Test", [field("code")], is_tree=1, autoname="field:code", allow_rename=1)

    def node(code, parent=None):
        return frappe.get_doc(doctype="Tree Test", code=code, is_group=1, parent_tree_test=parent).insert()

    frappe.db.delete("Tree Test")
    node("root")
    node("a", "root")
    node("b", "root")
    node("a1", "a")
    assert frappe.db.get_descendants("Tree Test", "root") == ["a", "a1", "b"] or set(
        frappe.db.get_descendants("Tree Test", "root")
    ) == {"a", "a1", "b"}
    moved = frappe.get_doc("Tree Test", "a1")
    moved.parent_tree_test = "b"
    moved.save()
    assert set(frappe.db.get_descendants("Tree Test", "b")) == {"a1"}
    with pytest.raises(frappe.ValidationError):
        frappe.get_doc("Tree Test", "b").delete()
    frappe.rename_doc("Tree Test", "b", "c", force=True)
    assert frappe.db.get_value("Tree Test", "a1", "parent_tree_test") == "c"
