"""Calls of the desk that other clients use too: search, forms' meta, list views and reports."""

import csv
import io
import json

from .conftest import PERIOD
from .wire import data, message, ok, refused, resource

SEARCH = "frappe.desk.search.search_link"
VIEW = "frappe.desk.reportview"
REPORT = "Red Black List"
DIRECT = {"ignore_prepared_report": 1}  # a report that was slow once has Frappe prepare it by a job


# search_link


def test_search_link(world, manager):
    rows = message(manager.ask(SEARCH, doctype=world.case, txt=f"{world.prefix} al"))
    assert [row["value"] for row in rows] == [f"{world.prefix} alpha"]
    assert "Open" in rows[0]["description"] and "first of all" in rows[0]["description"]


def test_search_link_looks_into_search_fields(world, manager):
    rows = message(manager.ask(SEARCH, doctype=world.case, txt="first of all"))
    assert f"{world.prefix} alpha" in [row["value"] for row in rows]


def test_search_link_shows_the_title(world, manager):
    rows = message(manager.ask(SEARCH, doctype="Government Unit", txt=world.units["B"]))
    assert (rows[0]["value"], rows[0]["label"]) == (world.units["B"], "Office B")


def test_search_link_with_filters(world, manager):
    rows = message(
        manager.ask(SEARCH, doctype=world.case, txt=f"{world.prefix} ", filters={"status": "Done"})
    )
    assert {row["value"] for row in rows} == world.seeded("gamma", "delta")


def test_search_link_page_length(world, manager):
    assert len(message(manager.ask(SEARCH, doctype=world.case, txt=world.prefix, page_length=2))) == 2


def test_search_link_finds_nothing(world, manager):
    assert message(manager.ask(SEARCH, doctype=world.case, txt="no such text at all")) == []


def test_search_link_needs_the_right(world, nobody):
    refused(nobody.ask(SEARCH, doctype=world.case, txt=""), 403, "PermissionError")


def test_search_link_of_sql(world, manager):
    assert message(manager.ask(SEARCH, doctype=world.case, txt="' or 1=1 --")) == []


# getdoctype and getdoc


def test_getdoctype(world, manager):
    answer = ok(manager.ask("frappe.desk.form.load.getdoctype", doctype=world.case, with_parent=1))
    assert [doc["name"] for doc in answer["docs"]] == [world.case, world.row]
    assert answer["docs"][0]["doctype"] == "DocType"
    assert {"title", "rows", "secret"} <= {field["fieldname"] for field in answer["docs"][0]["fields"]}
    assert "user_settings" in answer


def test_getdoctype_of_a_child_brings_its_parent(world, manager):
    answer = ok(manager.ask("frappe.desk.form.load.getdoctype", doctype=world.row, with_parent=1))
    assert answer["parent_dt"] == world.case
    assert world.row in [doc["name"] for doc in answer["docs"]]


def test_getdoctype_cached(world, manager):
    modified = ok(manager.ask("frappe.desk.form.load.getdoctype", doctype=world.case))["docs"][0]["modified"]
    answer = ok(
        manager.ask("frappe.desk.form.load.getdoctype", doctype=world.case, cached_timestamp=modified)
    )
    if answer.get("message") != "use_cache":  # v15 compares a datetime with text and sends all again
        assert answer["docs"][0]["modified"] == modified


def test_getdoc(world, manager):
    name = f"{world.prefix} alpha"
    answer = ok(manager.ask("frappe.desk.form.load.getdoc", doctype=world.case, name=name))
    assert answer["docs"][0]["name"] == name and len(answer["docs"][0]["rows"]) == 2
    info = answer["docinfo"]
    assert {"comments", "attachments", "versions", "assignments", "permissions", "shared"} <= set(info)
    assert info["permissions"]["read"] == 1


def test_getdoc_needs_the_right(world, nobody):
    answer = nobody.ask("frappe.desk.form.load.getdoc", doctype=world.case, name=f"{world.prefix} alpha")
    refused(answer, 403, "PermissionError")


# reportview


def view(world, method: str, client, **params):
    params.setdefault("filters", [[world.case, "title", "like", f"{world.prefix} %"]])
    return client.ask(f"{VIEW}.{method}", doctype=world.case, **params)


def test_reportview_get(world, manager):
    fields = [f"`tab{world.case}`.`name`", f"`tab{world.case}`.`hits`"]
    table = message(view(world, "get", manager, fields=fields, order_by=f"`tab{world.case}`.`hits` asc"))
    assert table["keys"] == ["name", "hits"]
    assert table["values"][0] == [f"{world.prefix} alpha", 1] and len(table["values"]) == 5


def test_reportview_get_pages(world, manager):
    table = message(view(world, "get", manager, fields=["name"], order_by="hits asc", start=2, page_length=2))
    assert table["values"] == [[f"{world.prefix} gamma"], [f"{world.prefix} delta"]]


def test_reportview_get_list(world, manager):
    rows = message(
        view(world, "get_list", manager, fields=["name", "hits"], order_by="hits desc", page_length=1)
    )
    assert rows == [{"name": f"{world.prefix} epsilon", "hits": 5}]


def test_reportview_get_by_post(world, manager):
    form = {
        "doctype": world.case,
        "fields": '["name"]',
        "filters": json.dumps({"title": f"{world.prefix} beta"}),
    }
    table = message(manager.request("POST", f"/api/method/{VIEW}.get", data=form))
    assert table["values"] == [[f"{world.prefix} beta"]]


def test_reportview_get_count(world, manager):
    assert message(view(world, "get_count", manager)) == 5


def test_reportview_get_count_with_a_limit(world, manager):
    assert message(view(world, "get_count", manager, limit=3)) == 3


def test_reportview_get_count_of_a_child_filter(world, manager):
    filters = [[world.case, "title", "like", f"{world.prefix} %"], [world.row, "item", "=", "bolt"]]
    assert message(view(world, "get_count", manager, filters=filters, distinct="true")) == 2


def test_reportview_get_needs_the_right(world, nobody):
    refused(view(world, "get", nobody, fields=["name"]), 403, "PermissionError")


def test_reportview_get_count_needs_the_right(world, nobody):
    refused(view(world, "get_count", nobody), 403, "PermissionError")


def test_reportview_export_csv(world, manager):
    answer = view(
        world,
        "export_query",
        manager,
        fields=[f"`tab{world.case}`.`name`", f"`tab{world.case}`.`hits`"],
        order_by=f"`tab{world.case}`.`hits` asc",
        file_format_type="CSV",
        title=world.case,
    )
    assert answer.status_code == 200 and ".csv" in answer.headers["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][1:3] == ["ID", "Hits"]
    assert rows[1][1:3] == [f"{world.prefix} alpha", "1"] and len(rows) == 6


def test_reportview_export_excel(world, manager):
    answer = view(world, "export_query", manager, fields=["name"], file_format_type="Excel", title="t")
    assert answer.status_code == 200 and answer.content[:2] == b"PK"


def test_reportview_export_needs_the_right(world, clerk):
    answer = view(world, "export_query", clerk, fields=["name"], file_format_type="CSV", title="t")
    assert answer.status_code == 403
    assert world.prefix.encode() + b" alpha" not in answer.content


# query_report


def test_query_report_run(world, manager, draft_list):
    filters = {"board": world.board, "period": PERIOD}
    answer = message(
        manager.ask("frappe.desk.query_report.run", report_name=REPORT, filters=filters, **DIRECT)
    )
    assert [column["fieldname"] for column in answer["columns"]][:2] == ["board", "status"]
    (row,) = [row for row in answer["result"] if row["unit"] == world.units["A"]]
    assert (row["k"], row["n"], row["list"]) == (3, 4, draft_list)


def test_query_report_run_by_post(world, manager, draft_list):
    form = {"report_name": REPORT, "filters": json.dumps({"board": world.board, "period": PERIOD}), **DIRECT}
    answer = message(manager.request("POST", "/api/method/frappe.desk.query_report.run", data=form))
    assert any(row["unit"] == world.units["A"] for row in answer["result"])


def test_query_report_run_shows_a_draft_to_those_only_who_may_see_it(world, staff, draft_list):
    filters = {"board": world.board, "period": PERIOD}
    answer = message(staff.ask("frappe.desk.query_report.run", report_name=REPORT, filters=filters, **DIRECT))
    assert answer["result"] == []


def test_query_report_run_needs_a_role(world, guest):
    refused(guest.ask("frappe.desk.query_report.run", report_name=REPORT), 403, "PermissionError")


def test_query_report_that_is_not_there(manager):
    answer = manager.ask("frappe.desk.query_report.run", report_name="No Such Report")
    assert ok(answer, 404)["exc_type"] == "DoesNotExistError"


def test_query_report_export_csv(world, manager, draft_list):
    form = {
        "report_name": REPORT,
        "filters": json.dumps({"board": world.board, "period": PERIOD}),
        "file_format_type": "CSV",
        "visible_idx": "[0]",
    }
    answer = manager.request("POST", "/api/method/frappe.desk.query_report.export_query", data=form)
    assert answer.status_code == 200 and ".csv" in answer.headers["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][0] == "Board" and any(world.board in row for row in rows[1:])


def test_query_report_export_excel(world, manager, draft_list):
    form = {
        "report_name": REPORT,
        "filters": json.dumps({"board": world.board, "period": PERIOD}),
        "file_format_type": "Excel",
        "visible_idx": "[]",
    }
    answer = manager.request("POST", "/api/method/frappe.desk.query_report.export_query", data=form)
    assert answer.status_code == 200 and answer.content[:2] == b"PK"


def test_query_report_export_needs_the_right(world, guest):
    form = {"report_name": REPORT, "file_format_type": "CSV", "visible_idx": "[]", "filters": "{}"}
    answer = guest.request("POST", "/api/method/frappe.desk.query_report.export_query", data=form)
    refused(answer, 403, "PermissionError")


# the list itself


def test_a_list_made_by_the_system_is_readable(world, manager, draft_list):
    doc = data(manager.get(resource("Red Black List", draft_list)))
    assert (doc["board"], doc["period"], doc["status"], doc["docstatus"]) == (world.board, PERIOD, "Draft", 0)
    assert [(row["unit"], row["k"], row["n"]) for row in doc["entries"]] == [(world.units["A"], 3, 4)]


def test_a_list_is_not_edited_by_hand(world, manager, draft_list):
    answer = manager.put(resource("Red Black List", draft_list), {"red_line": 1})
    assert answer.status_code in (403, 417)
    assert data(manager.get(resource("Red Black List", draft_list)))["red_line"] == 90
