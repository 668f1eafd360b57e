"""Lists, counts, statistics, searches, trees and their files, for those who may and those who may not."""

import io
import json

import pytest
from desk_data import EDITOR, READER, STRANGER, call, form, make_doc, make_world


@pytest.fixture
def frappe(frappe_site):
    make_world()
    for i, (unit, kind) in enumerate((("u1", "A"), ("u1", "B"), ("u2", "A"))):
        make_doc(f"r{i}", unit=unit, kind=kind, n=i, secret=f"hidden {i}")
    return frappe_site


def ask(name, **values):
    from frappe.desk import reportview

    form(doctype="DK Doc", **values)
    return call(getattr(reportview, name))[0]


def test_rows_keys_and_values(frappe):
    answer = ask("get", fields=["name", "kind"], order_by="name asc", limit_page_length=2)
    assert answer == {"keys": ["name", "kind"], "values": [["r0", "A"], ["r1", "B"]], "user_info": {}}
    assert ask("get", fields=["name"], filters=[["DK Doc", "kind", "=", "none"]]) == []
    assert ask("get", fields=["name", "unit.title"], filters={"name": "r2"})["values"] == [["r2", "Two"]]
    rows = ask("get_list", fields=["`tabDK Doc`.`name`"], filters={"kind": "A"}, order_by="n desc")
    assert [row.name for row in rows] == ["r2", "r0"]


def test_groups_and_totals(frappe):
    answer = ask(
        "get",
        fields=["kind"],
        group_by="`tabDK Doc`.`kind`",
        aggregate_function="sum",
        aggregate_on_doctype="DK Doc",
        aggregate_on_field="n",
        order_by="_aggregate_column desc",
    )
    assert answer["values"] == [["A", 2], ["B", 1]]
    answer = ask("get", fields=["name", "n"], add_total_row=1, order_by="n asc")
    assert answer["values"][-1] == ["Total", 3.0]


def test_counts(frappe):
    assert ask("get_count", filters=[["DK Doc", "kind", "=", "A"]]) == 2
    assert ask("get_count", limit=2) == 2
    assert ask("get_count", distinct="true", fields=[]) == 3


@pytest.mark.parametrize(
    "values",
    (
        {"fields": ["nosuch"]},
        {"fields": ["`tabUser`.`api_secret`"]},
        {"fields": ["`tabUser`.`name`"]},
        {"fields": ["kind.name"]},
        {"fields": ["name"], "filters": [["DK Doc", "nosuch", "=", 1]]},
        {"fields": ["name"], "filters": {"nosuch": 1}},
        {"fields": ["name"], "filters": "[not json"},
        {"fields": ["(select name from tabUser)"]},
    ),
)
def test_what_is_no_field_is_refused(frappe, values):
    with pytest.raises((frappe.ValidationError, frappe.DataError, frappe.PermissionError)):
        ask("get", **values)


def test_clients_cannot_lift_permissions(frappe):
    frappe.set_user(STRANGER)
    for name in ("get", "get_list", "get_count"):
        with pytest.raises(frappe.PermissionError):
            ask(name, fields=["name"], ignore_permissions=1, user="Administrator")


def test_fields_above_the_level_are_left_out(frappe):
    frappe.set_user(READER)
    assert ask("get", fields=["name", "secret"])["keys"] == ["name"]
    assert "secret" not in ask("get", fields="*")["keys"]
    frappe.set_user(EDITOR)
    assert "secret" in ask("get", fields="*")["keys"]


def test_user_permissions_hold_everywhere(frappe):
    from frappe.desk.listview import get_group_by_count
    from frappe.desk.reportview import get_sidebar_stats

    frappe.get_doc(doctype="User Permission", user=READER, allow="DK Unit", for_value="u2").insert()
    frappe.set_user(READER)
    assert ask("get", fields=["name"])["values"] == [["r2"]]
    assert ask("get_count") == 1
    assert get_sidebar_stats('["kind"]', "DK Doc")["stats"] == {"kind": [["A", 1]]}
    assert get_group_by_count("DK Doc", "[]", "unit") == [{"count": 1, "name": "u2"}]


def test_tags_are_counted_one_by_one(frappe):
    from frappe.desk.doctype.tag.tag import add_tag
    from frappe.desk.reportview import get_sidebar_stats

    add_tag("x", "DK Doc", "r0")
    add_tag("y", "DK Doc", "r0")
    add_tag("x", "DK Doc", "r1")
    stats = get_sidebar_stats('["_user_tags"]', "DK Doc", "[]")["stats"]["_user_tags"]
    assert sorted(stats[:2]) == [["x", 2], ["y", 1]]
    assert stats[2][1] == 1
    frappe.set_user(STRANGER)
    with pytest.raises(frappe.PermissionError):
        get_sidebar_stats('["_user_tags"]', "DK Doc", "[]")


def test_lists_as_files(frappe):
    import openpyxl

    values = {"fields": ["name", "kind", "n"], "order_by": "n", "title": "Docs", "add_totals_row": "1"}
    frappe.set_user(EDITOR)
    ask("export_query", file_format_type="CSV", **values)
    response = frappe.local.response
    assert (response.filename, response.type) == ("Docs.csv", "binary")
    lines = response.filecontent.decode().splitlines()
    assert lines[0] == '"Sr","ID","Kind","N","owner"'
    assert lines[1] == '1,"r0","A",0,"Administrator"' and lines[-1].startswith('4,"Total","",3')
    ask("export_query", file_format_type="Excel", selected_items=["r1"], **values)
    book = openpyxl.load_workbook(io.BytesIO(frappe.local.response.filecontent))
    assert [[cell.value for cell in row] for row in book.active.iter_rows()][1][1:3] == ["r1", "B"]
    assert frappe.db.count("Access Log", {"export_from": "DK Doc", "user": EDITOR}) == 2
    for user in (READER, STRANGER):
        frappe.set_user(user)
        with pytest.raises(frappe.PermissionError):
            ask("export_query", file_format_type="CSV", **values)


def test_bulk_deletion_is_each_for_itself(frappe):
    from frappe.desk.reportview import delete_items

    frappe.db.commit()
    form(doctype="DK Doc", items=["r0"])
    frappe.set_user(READER)
    form(doctype="DK Doc", items=["r0"])
    with pytest.raises(frappe.PermissionError):
        delete_items()
    frappe.set_user("Administrator")
    frappe.get_doc("DK Doc", "r1").submit()
    frappe.db.commit()
    form(doctype="DK Doc", items=["r0", "r1", "r2"])
    frappe.local.message_log = []
    delete_items()
    assert frappe.get_all("DK Doc", filters={"name": ("like", "r_")}, pluck="name") == ["r1"]
    assert "r1" in frappe.local.message_log[-1].message
    frappe.get_doc("DK Doc", "r1").cancel()
    frappe.delete_doc("DK Doc", "r1")
    frappe.db.commit()


def test_saved_reports_belong_to_their_owner(frappe):
    from frappe.desk.reportview import delete_report, save_report

    frappe.set_user(EDITOR)
    name = save_report("DK Mine", "DK Doc", json.dumps({"fields": [["name", "DK Doc"]]}))
    assert frappe.db.get_value("Report", name, ["report_type", "ref_doctype"]) == ("Report Builder", "DK Doc")
    frappe.set_user(READER)
    with pytest.raises(frappe.PermissionError):
        save_report("DK Mine", "DK Doc", "{}")
    with pytest.raises(frappe.PermissionError):
        delete_report("DK Mine")
    frappe.set_user(STRANGER)
    with pytest.raises(frappe.PermissionError):
        save_report("DK Other", "DK Doc", "{}")
    frappe.set_user(EDITOR)
    delete_report("DK Mine")
    assert not frappe.db.exists("Report", "DK Mine")


def test_search_shows_titles_and_puts_the_beginning_first(frappe):
    from frappe.desk.search import search_link, search_widget

    found = search_link("DK Unit", "u", page_length=5)
    assert {"value": "u1", "label": "One", "description": "u1"} in found
    assert [row["value"] for row in search_link("DK Unit", "tw")] == ["u2"]
    make_doc("zz r0", subject="about r0")
    assert [row["value"] for row in search_link("DK Doc", "r0")] == ["r0", "zz r0"]
    make_doc("噪声甲", subject="甲")
    assert [row["value"] for row in search_link("DK Doc", "噪声")] == ["噪声甲"]
    assert [r["value"] for r in search_link("DK Doc", "", filters={"kind": "B"})] == ["r1"]
    rows = search_widget("DK Doc", "r1", as_dict=True, filter_fields='["kind"]')
    assert rows[0].name == "r1" and rows[0].kind == "B"
    with pytest.raises(frappe.DataError):
        search_link("DK Doc", "x", searchfield="name; drop")


def test_search_keeps_to_permissions(frappe):
    from frappe.desk.search import search_link

    frappe.get_doc(doctype="User Permission", user=READER, allow="DK Unit", for_value="u2").insert()
    frappe.set_user(READER)
    assert [row["value"] for row in search_link("DK Unit", "u")] == ["u2"]
    # a client's word does not lift User Permissions, the property of a field does
    assert [r["value"] for r in search_link("DK Unit", "u", ignore_user_permissions=True)] == ["u2"]
    args = {"ignore_user_permissions": True, "reference_doctype": "DK Doc", "link_fieldname": "unit"}
    assert [row["value"] for row in search_link("DK Unit", "u", **args)] == ["u2"]
    args["reference_doctype"] = "DK Open"
    assert [row["value"] for row in search_link("DK Unit", "u", **args)] == ["u1", "u2"]


def test_search_by_a_query_of_the_app(frappe, monkeypatch):
    from frappe.desk import search

    @frappe.whitelist()
    @frappe.validate_and_sanitize_search_inputs
    def mine(doctype, txt, searchfield, start, page_len, filters):
        return [[txt, f"{doctype} {start} {page_len}"]]

    def closed(doctype, txt, searchfield, start, page_len, filters):
        return [["secret"]]

    monkeypatch.setattr(search, "mine", mine, raising=False)
    monkeypatch.setattr(search, "closed", closed, raising=False)
    found = search.search_link("DK Unit", "abc", query="frappe.desk.search.mine", page_length=3)
    assert found[0]["value"] == "abc"
    with pytest.raises(frappe.PermissionError):
        search.search_link("DK Unit", "abc", query="frappe.desk.search.closed")
    with pytest.raises(frappe.DoesNotExistError):
        search.search_link("DK Unit", "abc", query="no.such.method")


def test_trees(frappe):
    from frappe.desk import treeview

    assert treeview.get_children("DK Unit", "") == [{"value": "top", "title": "Top", "expandable": 1}]
    nodes = treeview.get_all_nodes("DK Unit", "All", "", "frappe.desk.treeview.get_children")
    assert [(n["parent"], len(n["data"])) for n in nodes] == [("All", 1), ("top", 2)]
    form(doctype="DK Unit", parent="top", __newname="u3", title="Three", is_root="false")
    frappe.set_user(READER)
    with pytest.raises(frappe.PermissionError):
        form(doctype="DK Unit", parent="top", __newname="u3", title="Three", is_root="false")
        treeview.add_node()
    with pytest.raises(frappe.PermissionError):
        treeview.get_all_nodes("DK Unit", "All", "", "frappe.get_all")
    frappe.set_user(STRANGER)
    with pytest.raises(frappe.PermissionError):
        treeview.get_children("DK Unit", "")


def test_list_settings(frappe):
    from frappe.desk import listview

    assert listview.get_list_settings("DK Doc") is None
    listview.set_list_settings("DK Doc", '{"disable_count": 1, "owner": "x"}')
    assert listview.get_list_settings("DK Doc").disable_count == 1
    frappe.set_user(READER)
    with pytest.raises(frappe.PermissionError):
        listview.set_list_settings("DK Doc", '{"disable_count": 0}')
