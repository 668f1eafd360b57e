"""Lists: every operator and every parameter, over /api/resource and frappe.client.get_list alike."""

import pytest

from .wire import data, message, names, ok, refused, resource

EVERYTHING = ("alpha", "beta", "gamma", "delta", "epsilon")

# id: (condition as [field, operator, value], the documents that it leaves)
OPERATORS = {
    "=": (["status", "=", "Done"], "gamma delta"),
    "!=": (["status", "!=", "Done"], "alpha beta epsilon"),
    ">": (["amount", ">", 10], "delta epsilon"),
    "<": (["amount", "<", 2.5], "alpha"),
    ">=": (["amount", ">=", 10], "gamma delta epsilon"),
    "<=": (["amount", "<=", 2.5], "alpha beta"),
    "> of dates": (["held_on", ">", "2024-02-01"], "gamma delta"),
    "= of a check": (["done", "=", 1], "beta gamma"),
    "= of a check as text": (["done", "=", "1"], "beta gamma"),
    "like": (["note", "like", "%first%"], "alpha"),
    "like is blind to case": (["note", "like", "FIRST%"], "alpha"),
    "not like": (["status", "not like", "Op%"], "gamma delta"),
    "in a list": (["hits", "in", [1, 3, 99]], "alpha gamma"),
    "in comma separated": (["status", "in", "Done,Lost"], "gamma delta"),
    "not in": (["hits", "not in", [1, 3]], "beta delta epsilon"),
    "not in comma separated": (["status", "not in", "Done,Lost"], "alpha beta epsilon"),
    "between dates": (["held_on", "between", ["2024-02-01", "2024-03-01"]], "beta gamma"),
    "between datetimes by date": (["met_at", "between", ["2024-05-06", "2024-05-06"]], "alpha"),
    "is set": (["held_on", "is", "set"], "alpha beta gamma delta"),
    "is not set": (["held_on", "is", "not set"], "epsilon"),
    "is not set of text": (["note", "is", "not set"], "gamma delta epsilon"),
    "an operator in capitals": (["status", "IN", ["Done"]], "gamma delta"),
}


@pytest.fixture
def ours(world):
    return ["title", "like", f"{world.prefix} %"]


@pytest.mark.parametrize("operator", OPERATORS)
def test_operator(world, manager, ours, operator):
    condition, expected = OPERATORS[operator]
    answer = manager.list(world.case, filters=[ours, condition], limit_page_length=0)
    assert names(answer) == world.seeded(*expected.split())


@pytest.mark.parametrize("operator", ["!=", "in a list", "is set", "between dates", "not like"])
def test_operator_of_client_get_list(world, manager, ours, operator):
    condition, expected = OPERATORS[operator]
    answer = manager.client("get_list", doctype=world.case, filters=[ours, condition], limit_page_length=0)
    assert names(answer, "message") == world.seeded(*expected.split())


TREE = {
    "descendants of": ("A", "beta"),
    "descendants of (inclusive)": ("A", "alpha beta"),
    "not descendants of": ("A", "alpha gamma delta"),
    "ancestors of": ("A1", "alpha delta"),
    "not ancestors of": ("A1", "beta gamma"),
}


@pytest.mark.parametrize("operator", TREE)
def test_tree_operator(world, manager, ours, operator):
    unit, expected = TREE[operator]
    conditions = [ours, ["unit", "is", "set"], ["unit", operator, world.units[unit]]]
    assert names(manager.list(world.case, filters=conditions)) == world.seeded(*expected.split())


def test_tree_operator_on_the_tree_itself(world, manager):
    answer = manager.list("Government Unit", filters=[["name", "descendants of", world.units["R"]]])
    assert names(answer) == {world.units[key] for key in ("A", "A1", "B")}


def test_filters_as_a_dict(world, manager, ours):
    answer = manager.list(world.case, filters={"title": ours[1:], "status": "Done"})
    assert names(answer) == world.seeded("gamma", "delta")


def test_filters_as_a_dict_with_operators(world, manager, ours):
    answer = manager.list(world.case, filters={"title": ours[1:], "amount": [">", 10]})
    assert names(answer) == world.seeded("delta", "epsilon")


def test_filters_with_the_doctype_first(world, manager, ours):
    filters = [[world.case, *ours], [world.case, "status", "=", "Done"]]
    assert names(manager.list(world.case, filters=filters)) == world.seeded("gamma", "delta")


def test_filters_of_two_parts_mean_equality(world, manager, ours):
    assert names(manager.list(world.case, filters=[ours, ["hits", "=", 3]])) == world.seeded("gamma")


def test_filter_on_a_child_table(world, manager, ours):
    filters = [ours, [world.row, "item", "=", "nut"]]
    assert names(manager.list(world.case, filters=filters)) == world.seeded("alpha")


def test_filter_on_a_child_table_with_an_operator(world, manager, ours):
    filters = [ours, [world.row, "quantity", ">", 4]]
    assert names(manager.list(world.case, filters=filters)) == world.seeded("beta")


def test_or_filters_as_a_list(world, manager, ours):
    either = [["hits", "=", 1], ["hits", "=", 5]]
    answer = manager.list(world.case, filters=[ours], or_filters=either)
    assert names(answer) == world.seeded("alpha", "epsilon")


def test_or_filters_as_a_dict(world, manager, ours):
    answer = manager.list(world.case, filters=[ours], or_filters={"hits": 1, "status": "Done"})
    assert names(answer) == world.seeded("alpha", "gamma", "delta")


def test_without_fields_only_the_name(world, manager, ours):
    rows = data(manager.list(world.case, filters=[ours]))
    assert len(rows) == 5 and all(set(row) == {"name"} for row in rows)


def test_fields(world, manager, ours):
    rows = data(manager.list(world.case, filters=[ours, ["hits", "=", 2]], fields=["hits", "status", "name"]))
    assert rows == [{"hits": 2, "status": "Open", "name": f"{world.prefix} beta"}]


def test_fields_star(world, manager, ours):
    (row,) = data(manager.list(world.case, filters=[ours, ["hits", "=", 2]], fields=["*"]))
    assert row["title"] == f"{world.prefix} beta"
    assert {"owner", "creation", "modified", "modified_by", "docstatus", "idx", "amount", "unit"} <= set(row)


def test_fields_with_an_alias(world, manager, ours):
    rows = data(manager.list(world.case, filters=[ours, ["hits", "=", 2]], fields=["hits as blows"]))
    assert rows == [{"blows": 2}]


def test_fields_of_a_child_table(world, manager, ours):
    fields = ["name", f"`tab{world.row}`.item as item", f"`tab{world.row}`.quantity as quantity"]
    rows = data(manager.list(world.case, filters=[ours, ["hits", "=", 1]], fields=fields))
    assert sorted((row["item"], row["quantity"]) for row in rows) == [("bolt", 2), ("nut", 3)]


def test_fields_of_a_child_table_by_its_fieldname(world, manager, ours):
    rows = data(manager.list(world.case, filters=[ours, ["hits", "=", 2]], fields=["name", "rows.item"]))
    assert rows == [{"name": f"{world.prefix} beta", "item": "bolt"}]


def test_fields_of_a_linked_document(world, manager, ours):
    fields = ["name", "unit.unit_name as office"]
    rows = data(manager.list(world.case, filters=[ours, ["hits", "=", 2]], fields=fields))
    assert rows == [{"name": f"{world.prefix} beta", "office": "Office A1"}]


def test_order_by(world, manager, ours):
    rows = data(manager.list(world.case, filters=[ours], fields=["hits"], order_by="amount desc"))
    assert [row["hits"] for row in rows] == [5, 4, 3, 2, 1]


def test_order_by_two_fields(world, manager, ours):
    rows = data(manager.list(world.case, filters=[ours], fields=["hits"], order_by="status asc, hits desc"))
    assert [row["hits"] for row in rows] == [4, 3, 5, 2, 1]


def test_group_by(world, manager, ours):
    answer = manager.list(
        world.case, filters=[ours], fields=["status", "count(name) as total"], group_by="status"
    )
    assert {row["status"]: row["total"] for row in data(answer)} == {"Open": 3, "Done": 2}


def test_sum_and_average(world, manager, ours):
    (row,) = data(manager.list(world.case, filters=[ours], fields=["sum(hits) as s", "avg(hits) as a"]))
    assert float(row["s"]) == 15 and float(row["a"]) == 3


def test_limit_start_and_limit_page_length(world, manager, ours):
    answer = manager.list(
        world.case, filters=[ours], fields=["hits"], order_by="hits asc", limit_start=1, limit_page_length=2
    )
    assert [row["hits"] for row in data(answer)] == [2, 3]


def test_limit(world, manager, ours):
    answer = manager.list(world.case, filters=[ours], fields=["hits"], order_by="hits asc", limit=2)
    assert [row["hits"] for row in data(answer)] == [1, 2]


def test_pages_do_not_overlap(world, manager, ours):
    pages = [
        names(manager.list(world.case, filters=[ours], order_by="hits asc", limit_start=start, limit=2))
        for start in (0, 2, 4)
    ]
    assert [len(page) for page in pages] == [2, 2, 1]
    assert set.union(*pages) == world.seeded(*EVERYTHING)


def test_twenty_rows_by_default(world, manager):
    assert len(data(manager.list("DocType"))) == 20


def test_zero_means_all(world, manager):
    every = len(data(manager.list("DocType", limit_page_length=0)))
    assert every > 20
    assert every == message(manager.client("get_count", doctype="DocType"))


def test_as_dict_false_gives_lists(world, manager, ours):
    answer = manager.list(
        world.case, filters=[ours], fields=["hits", "status"], order_by="hits asc", as_dict="false", limit=1
    )
    assert data(answer) == [[1, "Open"]]


def test_an_empty_list(world, manager):
    assert ok(manager.list(world.case, filters={"title": "no such"})) == {"data": []}


def test_parent_for_a_child_table(world, manager):
    answer = manager.list(
        world.row,
        parent=world.case,
        fields=["item", "parent"],
        filters={"parent": f"{world.prefix} alpha"},
        order_by="idx asc",
    )
    assert [row["item"] for row in data(answer)] == ["bolt", "nut"]


def test_a_child_table_without_its_parent_is_refused(world, clerk):
    answer = clerk.list(world.row, fields=["item"])
    assert answer.status_code in (403, 417)
    assert answer.json()["exc_type"] in ("PermissionError", "ValidationError")


def test_an_unknown_doctype(world, manager):
    refused(manager.list(f"{world.prefix} Nothing"), 404, "DoesNotExistError")


def test_an_unknown_field_is_refused(world, manager):
    answer = manager.list(world.case, fields=["no_such_field"])
    assert answer.status_code >= 400
    assert answer.json()["exc_type"] == "DataError"


def test_an_unknown_field_in_a_filter_is_refused(world, manager):
    answer = manager.list(world.case, filters=[["no_such_field", "=", 1]])
    assert answer.status_code >= 400
    assert answer.json()["exc_type"] == "DataError"


@pytest.mark.parametrize(
    "field",
    ["name; drop table tabUser", "(select pwd from tabSingles)", "sleep(1)", "name, (select 1 from tabUser)"],
)
def test_sql_in_fields_is_refused(world, manager, field):
    answer = manager.list(world.case, fields=[field])
    assert answer.status_code >= 400 and answer.json()["exc_type"] and "data" not in answer.json()


@pytest.mark.parametrize("order", ["name; delete from tabUser", "if(1=1, name, owner)"])
def test_sql_in_order_by_is_refused(world, manager, order):
    answer = manager.list(world.case, order_by=order)
    assert answer.status_code >= 400
    assert answer.json()["exc_type"] in ("DataError", "ValidationError", "PermissionError")


def test_a_quote_in_a_filter_is_text(world, manager, ours):
    hostile = "x' or '1'='1"
    assert data(manager.list(world.case, filters=[ours, ["note", "=", hostile]])) == []
    made = data(manager.post(resource(world.case), world.new_case(note=hostile)))
    answer = manager.list(world.case, filters=[["title", "=", made["name"]], ["note", "=", hostile]])
    assert names(answer) == {made["name"]}


def test_expand_of_a_link_where_the_version_knows_it(world, manager, ours):
    answer = manager.list(
        world.case, filters=[ours, ["hits", "=", 2]], fields=["name", "unit"], expand=["unit"]
    )
    (row,) = data(answer)
    assert row["name"] == f"{world.prefix} beta"
    unit = row["unit"]
    assert (unit if isinstance(unit, str) else unit["name"]) == world.units["A1"]
