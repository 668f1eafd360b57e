"""What is shipped is sound, and what an app ships is found, in order, or refused by name."""

import json

import frappe
import pytest
from frappe.core.doctype.doctype.checks import check_fields, check_permissions, check_series
from frappe.model.base_document import get_controller
from frappe.model.sync import get_doc_files, remove_orphan_doctypes


def doctypes():
    return frappe.get_all("DocType", {"custom": 0}, pluck="name", order_by="name")


def test_core_doctypes_obey_the_rules_for_doctypes(frappe_site):
    names = doctypes()
    assert {"DocType", "User", "Report", "Workspace", "Custom Field", "Version", "ToDo"} <= set(names)
    for name in names:
        doctype = frappe.get_doc("DocType", name)
        check_fields(doctype)
        check_series(doctype)
        check_permissions(doctype)
        for df in doctype.fields:
            if df.fieldtype in ("Link", "Table", "Table MultiSelect"):
                assert frappe.db.exists("DocType", df.options), (name, df.fieldname, df.options)


def test_every_doctype_has_a_controller_and_its_columns(frappe_site):
    for name in doctypes():
        assert get_controller(name)
        meta = frappe.get_meta(name)
        if not (meta.issingle or meta.is_virtual):
            virtual = {df.fieldname for df in meta.get("fields", {"is_virtual": 1})}
            assert set(meta.get_valid_columns()) - virtual <= set(frappe.db.get_table_columns(name)), name


def test_a_new_document_of_each_doctype_can_be_made(frappe_site):
    for name in doctypes():
        doc = frappe.new_doc(name)
        assert doc.is_new()
        assert doc.as_dict()["doctype"] == name


def test_a_second_sync_changes_nothing(frappe_site):
    from frappe.model.sync import sync_for

    stamps = frappe.db.sql("select name, creation, modified from `tabDocType` order by name")
    sync_for("frappe")
    assert frappe.db.sql("select name, creation, modified from `tabDocType` order by name") == stamps


def test_nothing_shipped_is_an_orphan(frappe_site):
    before = doctypes()
    remove_orphan_doctypes()
    assert doctypes() == before


def write(folder, kind, name):
    path = folder / kind / name / f"{name}.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"name": name}))
    return str(path)


def test_standard_documents_are_found(tmp_path):
    report = write(tmp_path, "report", "one")
    doctype = write(tmp_path, "doctype", "two")
    workspace = write(tmp_path, "workspace", "three")
    (tmp_path / "doctype" / "no_json").mkdir()
    assert get_doc_files([], str(tmp_path)) == [doctype, report, workspace]


@pytest.mark.parametrize("kind", ["web_form", "page"])
def test_kinds_without_doctype_are_named(tmp_path, kind):
    write(tmp_path, kind, "one")
    with pytest.raises(NotImplementedError, match=kind):
        get_doc_files([], str(tmp_path))
