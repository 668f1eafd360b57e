"""Reports: script and query reports, who may run them, what rows they see, totals, CSV."""

import sys
import types

import pytest
from doctypes import field, make_doctype, make_user, rule


@pytest.fixture
def frappe(frappe_site):
    make_user("qr.reader@example.com", "QR Reader")
    make_user("qr.plain@example.com", "QR Plain")
    make_doctype("QR Unit", [field("x")], permissions=[rule("QR Reader", "read")], autoname="prompt")
    make_doctype(
        "QR Doc",
        [field("unit", "Link", options="QR Unit"), field("n", "Int"), field("rate", "Percent")],
        permissions=[rule("QR Reader", "read", "report", "export"), rule("QR Plain", "read")],
        autoname="prompt",
    )
    frappe_site.db.bulk_insert("QR Unit", ["name"], [("u1",), ("u2",)])
    frappe_site.db.bulk_insert(
        "QR Doc", ["name", "unit", "n", "rate"], [("a", "u1", 1, 50), ("b", "u2", 2, 100), ("c", "u1", 3, 0)]
    )
    return frappe_site


@pytest.fixture
def script(frappe, monkeypatch):
    """A script report of an app, its module put where the app's file would be."""
    module = types.ModuleType("frappe.core.report.qr_script.qr_script")

    def execute(filters):
        rows = frappe.get_all(
            "QR Doc", {"n": [">=", filters.least or 0]}, ["unit", "n", "rate"], order_by="n"
        )
        columns = [
            "Unit:Link/QR Unit:120",
            {"fieldname": "n", "label": "N", "fieldtype": "Int"},
            "Rate:Percent",
        ]
        return columns, rows, "a message", {"type": "bar"}

    module.execute = execute
    monkeypatch.setitem(sys.modules, "frappe.core.report", types.ModuleType("frappe.core.report"))
    monkeypatch.setitem(
        sys.modules, "frappe.core.report.qr_script", types.ModuleType("frappe.core.report.qr_script")
    )
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return make_report(frappe, "QR Script", report_type="Script Report", is_standard="Yes", add_total_row=1)


def make_report(frappe, name, **values):
    doc = frappe.get_doc(doctype="Report", report_name=name, ref_doctype="QR Doc", module="Core", **values)
    doc.append("roles", {"role": "QR Reader"})
    doc.append("roles", {"role": "QR Plain"})
    return doc.insert(ignore_if_duplicate=True).name


def run(name, filters=None):
    from frappe.desk.query_report import run

    return run(name, filters)


def test_a_script_report(script, frappe):
    result = run(script, {"least": 2})
    assert [c["fieldname"] for c in result["columns"]] == ["unit", "n", "rate"]
    assert result["columns"][0]["options"] == "QR Unit"
    assert result["result"] == [
        {"unit": "u2", "n": 2, "rate": 100.0},
        {"unit": "u1", "n": 3, "rate": 0.0},
        ["Total", 5.0, 50.0],
    ]
    assert result["message"] == "a message" and result["chart"] == {"type": "bar"}
    assert run(script, '{"least": 3}')["result"][0]["n"] == 3


def test_a_query_report(frappe):
    name = make_report(
        frappe,
        "QR Query",
        report_type="Query Report",
        is_standard="No",
        query="select unit as `Unit:Link/QR Unit`, sum(n) as `Sum:Int` from `tabQR Doc` "
        "where n >= %(least)s group by unit order by unit",
    )
    assert run(name, {"least": 1})["result"] == [{"unit": "u1", "sum": 4}, {"unit": "u2", "sum": 2}]
    frappe.db.set_value("Report", name, "query", "delete from `tabQR Doc`")
    with pytest.raises(frappe.PermissionError):
        run(name)


def test_who_may_run_a_report(script, frappe):
    frappe.set_user("qr.plain@example.com")
    with pytest.raises(frappe.PermissionError, match="get a report on"):
        run(script)
    frappe.set_user("Administrator")
    stranger = make_user("qr.stranger@example.com")
    frappe.set_user(stranger)
    with pytest.raises(frappe.PermissionError):
        run(script)
    frappe.set_user("Administrator")
    reader = "qr.reader@example.com"
    frappe.set_user(reader)
    assert len(run(script)["result"]) == 4
    frappe.db.set_value("Report", script, "disabled", 1)
    frappe.clear_document_cache("Report", script)
    with pytest.raises(frappe.ValidationError):
        run(script)


def test_rows_follow_user_permissions(script, frappe):
    reader = "qr.reader@example.com"
    frappe.get_doc(doctype="User Permission", user=reader, allow="QR Unit", for_value="u1").insert()
    frappe.set_user(reader)
    rows = [row for row in run(script)["result"] if isinstance(row, dict)]
    assert {row["unit"] for row in rows} == {"u1"}


def test_csv(script, frappe):
    from frappe.desk.query_report import export_query

    frappe.local.form_dict = frappe._dict(report_name=script, file_format_type="CSV", filters='{"least": 2}')
    export_query()
    assert frappe.response["filecontent"].decode("utf-8-sig").splitlines() == [
        '"Unit","N","Rate"', '"u2",2,100.0', '"u1",3,0.0', '"Total",5.0,50.0',
    ]  # fmt: skip


def test_excel_with_filters_and_chosen_rows(script, frappe):
    import io

    import openpyxl
    from frappe.desk.query_report import export_query

    frappe.local.form_dict = frappe._dict(
        report_name=script,
        file_format_type="Excel",
        filters='{"least": 2}',
        applied_filters='{"Least": 2}',
        include_filters="1",
        visible_idx="[0]",
    )
    export_query()
    book = openpyxl.load_workbook(io.BytesIO(frappe.response["filecontent"]))
    rows = [[cell.value for cell in row] for row in book.active.iter_rows()]
    assert [row for row in rows if any(row)] == [
        ["Least", "2", None],
        ["Unit", "N", "Rate"],
        ["u2", 2, 100],
    ]
    frappe.local.form_dict.file_format_type = "PDF"
    with pytest.raises(frappe.ValidationError):
        export_query()


def test_who_may_export_a_report(script, frappe):
    from frappe.desk.query_report import export_query

    frappe.set_user("qr.plain@example.com")
    frappe.local.form_dict = frappe._dict(report_name=script, file_format_type="CSV", filters="{}")
    with pytest.raises(frappe.PermissionError):
        export_query()


def test_reports_in_the_background_are_not_answered(script, frappe):
    from frappe.desk.query_report import background_enqueue_run

    with pytest.raises(NotImplementedError, match="background_enqueue_run"):
        background_enqueue_run(script)
    frappe.set_user("qr.plain@example.com")
    with pytest.raises(frappe.PermissionError):
        background_enqueue_run(script)


SECOND = {"fieldname": "x", "label": "X", "doctype": "QR Unit", "link_field": "unit", "insert_after_index": 0}


def test_columns_that_a_user_adds(script, frappe):
    from frappe.desk.query_report import get_data_for_custom_field
    from frappe.desk.query_report import run as run_report

    frappe.db.set_value("QR Unit", "u1", "x", "extra")
    result = run_report(script, {"least": 2}, custom_columns=[SECOND])
    assert [c["fieldname"] for c in result["columns"]] == ["unit", "x", "n", "rate"]
    assert [row["x"] for row in result["result"][:2]] == [None, "extra"]
    assert get_data_for_custom_field("QR Unit", "x", '["u1"]') == {"u1": "extra"}
    with pytest.raises(frappe.DataError):
        run_report(script, {}, custom_columns=[{**SECOND, "fieldname": "(select 1)"}])
    with pytest.raises(frappe.PermissionError):
        frappe.set_user("qr.reader@example.com")
        run_report(script, {}, custom_columns=[{**SECOND, "doctype": "Data Import"}])


def test_custom_reports(script, frappe):
    import json

    from frappe.desk.query_report import save_report

    frappe.set_user("qr.reader@example.com")
    columns = [{"fieldname": "n", "label": "Number", "fieldtype": "Int"}, SECOND]
    name = save_report(script, "QR Mine", json.dumps(columns), '{"least": 3}')
    result = run(name)
    assert [c["fieldname"] for c in result["columns"]] == ["n", "x"]
    assert result["result"][0]["n"] == 3 and result["custom_filters"] == {"least": 3}
    frappe.set_user("qr.plain@example.com")
    with pytest.raises(frappe.PermissionError):
        run(name)
    with pytest.raises(frappe.PermissionError):
        save_report(script, "QR Other", "[]", "{}")
