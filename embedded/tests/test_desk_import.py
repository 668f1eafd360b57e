"""Data Import: templates, what a file is understood to say, rows that fail alone, imports that go on."""

import io

import pytest
from desk_data import EDITOR, READER, STRANGER, call, make_doc, make_world

HEADER = "ID,Subject,Unit,Kind,Day,What (Rows),N (Rows),Junk"


@pytest.fixture
def frappe(frappe_site):
    make_world()
    frappe_site.db.commit()
    yield frappe_site
    frappe_site.set_user("Administrator")
    frappe_site.db.rollback()
    for doctype in ("DK Doc", "Data Import"):
        for name in frappe_site.get_all(doctype, pluck="name"):
            frappe_site.delete_doc(doctype, name, force=True)
    frappe_site.db.commit()


def make_import(*lines, name="rows.csv", import_type="Insert New Records", content=None):
    import frappe

    content = content or "\n".join([HEADER, *lines]).encode()
    file = frappe.get_doc(doctype="File", file_name=name, content=content, is_private=1).insert()
    return frappe.get_doc(
        doctype="Data Import",
        reference_doctype="DK Doc",
        import_type=import_type,
        import_file=file.file_url,
    ).insert()


def names(frappe):
    return sorted(frappe.get_all("DK Doc", pluck="name"))


def test_each_document_succeeds_or_fails_alone(frappe):
    from frappe.core.doctype.data_import import data_import as calls

    doc = make_import(
        "i1,First,u1,A,2024-01-05,a,1,x",
        ",,,,,b,2,",
        "i2,,u1,A,2024-01-06,,,",
        "i3,Third,u2,B,2024-01-07,,,",
    )
    assert doc.payload_count == 3
    assert calls.form_start_import(doc.name) is True
    assert names(frappe) == ["i1", "i3"]
    first = frappe.get_doc("DK Doc", "i1")
    assert [(row.what, row.n) for row in first.rows] == [("a", 1), ("b", 2)]
    assert str(first.day) == "2024-01-05"
    status = calls.get_import_status(doc.name)
    assert status == {"status": "Partial Success", "success": 2, "failed": 1, "total_records": 3}
    log = calls.get_import_logs(doc.name)
    assert [(row.success, row.row_indexes) for row in log] == [(1, "[2, 3]"), (0, "[4]"), (1, "[5]")]
    call(calls.download_errored_template, doc.name)
    assert '"i2"' in frappe.local.response.result and '"i3"' not in frappe.local.response.result
    # what is mended is imported, what was imported is not repeated
    frappe.db.set_value("DocField", {"parent": "DK Doc", "fieldname": "subject"}, "reqd", 0)
    frappe.clear_cache(doctype="DK Doc")
    calls.form_start_import(doc.name)
    frappe.db.set_value("DocField", {"parent": "DK Doc", "fieldname": "subject"}, "reqd", 1)
    frappe.clear_cache(doctype="DK Doc")
    frappe.db.commit()
    assert names(frappe) == ["i1", "i2", "i3"]
    assert calls.get_import_status(doc.name)["status"] == "Success"


def test_the_preview_says_how_the_file_is_understood(frappe):
    doc = make_import("i1,First,nowhere,C,05/01/2024,,,x")
    preview = doc.get_preview_from_template()
    fields = [column.df and column.df["fieldname"] for column in preview.columns[1:]]
    assert fields == ["name", "subject", "unit", "kind", "day", "what", "n", None]
    assert preview.columns[6].is_child_table_field and preview.data[0][:3] == [2, "i1", "First"]
    text = frappe.as_json(preview.warnings)
    for part in ("nowhere", "Cannot match column", "must be one of"):
        assert part in text
    assert preview.columns[5].date_format == "%d/%m/%Y"


def test_nothing_is_imported_while_values_are_wrong(frappe):
    doc = make_import("i1,First,nowhere,A,2024-01-05,,,", "i2,Second,u1,A,2024-01-05,,,")
    doc.start_import()
    assert names(frappe) == []
    assert "nowhere" in frappe.db.get_value("Data Import", doc.name, "template_warnings")
    assert frappe.db.get_value("Data Import", doc.name, "status") == "Pending"


def test_columns_can_be_mapped_by_hand(frappe):
    doc = make_import(content=b"Key,Betreff\ni1,First\n")
    doc.template_options = '{"column_to_field_map": {"0": "name", "1": "subject"}}'
    doc.save()
    doc.start_import()
    assert frappe.db.get_value("DK Doc", "i1", "subject") == "First"


def test_updating(frappe):
    make_doc("i1", subject="Old", n=5, rows=[{"what": "a", "n": 1}])
    row = frappe.db.get_value("DK Row", {"parent": "i1"})
    content = f"ID,Subject,ID (Rows),N (Rows)\ni1,New,{row},9\nno such,X,,\n".encode()
    make_import(content=content, import_type="Update Existing Records").start_import()
    doc = frappe.get_doc("DK Doc", "i1")
    assert (doc.subject, doc.n, doc.rows[0].n, doc.rows[0].what, doc.rows[0].name) == ("New", 5, 9, "a", row)
    assert frappe.get_all("Data Import Log", filters={"success": 0}, pluck="row_indexes") == ["[3]"]


def test_excel_and_chinese_files(frappe):
    import openpyxl

    book = openpyxl.Workbook()
    for line in (["ID", "Subject", "N"], [1001, "噪声", 3.0]):
        book.active.append(line)
    out = io.BytesIO()
    book.save(out)
    make_import(name="rows.xlsx", content=out.getvalue()).start_import()
    assert frappe.db.get_value("DK Doc", "1001", ["subject", "n"]) == ("噪声", 3)
    make_import(content="ID,Subject\ni9,噪声扰民\n".encode("gb18030"), name="gb.csv").start_import()
    assert frappe.db.get_value("DK Doc", "i9", "subject") == "噪声扰民"


@pytest.mark.parametrize(
    "content, name", ((b"ID,Subject\n", "a.csv"), (b"not a book", "a.xlsx"), (b"x", "a.txt"))
)
def test_files_that_are_none(frappe, content, name):
    with pytest.raises(frappe.ValidationError):
        make_import(content=content, name=name)


def test_files_of_the_machine_are_out_of_reach(frappe):
    for path in ("/etc/passwd", "../sites/common_site_config.json", "/private/files/../../site_config.json"):
        with pytest.raises(frappe.ValidationError):
            frappe.get_doc(
                doctype="Data Import",
                reference_doctype="DK Doc",
                import_type="Insert New Records",
                import_file=path,
            ).insert()


def test_templates(frappe):
    from frappe.core.doctype.data_import.data_import import download_template

    make_doc("i1", unit="u1", secret="hidden", rows=[{"what": "a"}, {"what": "b"}])
    fields = '{"DK Doc": ["name", "subject", "unit", "secret"], "rows": ["what", "hush"]}'
    frappe.set_user(EDITOR)
    call(download_template, "DK Doc", fields, "blank_template")
    assert frappe.local.response.result.splitlines()[0] == (
        '"ID","Subject","Unit","Secret","What (Rows)","Hush (Rows)"'
    )
    call(download_template, "DK Doc", fields, "all")
    lines = frappe.local.response.result.splitlines()
    assert lines[1].startswith('"i1","About i1","u1","hidden","a"') and lines[2].startswith('"","","","","b"')
    call(download_template, "DK Doc", fields, "by_filter", '{"unit": "u2"}')
    assert len(frappe.local.response.result.splitlines()) == 3
    for user in (READER, STRANGER):
        frappe.set_user(user)
        with pytest.raises(frappe.PermissionError):
            call(download_template, "DK Doc", fields, "all")
    frappe.set_user(READER)
    call(download_template, "DK Doc", fields, "blank_template")
    assert "Secret" not in frappe.local.response.result and "Hush" not in frappe.local.response.result


def test_data_export(frappe):
    from frappe.core.doctype.data_export.exporter import export_data

    make_doc("i1", unit="u1")
    columns = '{"DK Doc": ["subject"], "DK Row": ["what"]}'
    call(export_data, "DK Doc", select_columns=columns, with_data=1)
    assert frappe.local.response.result.splitlines()[1] == '"i1","About i1",""'
    for user in (READER, STRANGER):
        frappe.set_user(user)
        with pytest.raises(frappe.PermissionError):
            call(export_data, "DK Doc", select_columns=columns, with_data=1)


def test_who_may_import(frappe):
    from frappe.core.doctype.data_import import data_import as calls

    doc = make_import("i1,First,u1,A,2024-01-05,,,")
    frappe.set_user(EDITOR)
    for ask in (
        lambda: calls.form_start_import(doc.name),
        lambda: calls.get_preview_from_template(doc.name),
        lambda: calls.get_import_status(doc.name),
        lambda: calls.get_import_logs(doc.name),
        lambda: calls.download_errored_template(doc.name),
        lambda: calls.download_import_log(doc.name),
    ):
        with pytest.raises(frappe.PermissionError):
            ask()
    frappe.set_user("Administrator")
    with pytest.raises(frappe.ValidationError):
        frappe.get_doc(
            doctype="Data Import", reference_doctype="DocType", import_type="Insert New Records"
        ).insert()
