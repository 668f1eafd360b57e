"""frappe.client.*: the methods that every client uses."""

import base64
import json

import pytest

from .wire import data, message, names, ok, refused, resource


@pytest.fixture
def made(world, manager):
    answer = manager.post(resource(world.case), world.new_case(amount=1, rows=[{"item": "peg"}]))
    return answer.json().get("data", {"name": "none", "rows": [{}], "modified": "2000-01-01 00:00:00"})


def alpha(world) -> str:
    return f"{world.prefix} alpha"


def test_get_list(world, manager):
    answer = manager.client(
        "get_list",
        doctype=world.case,
        fields=["name", "hits"],
        filters={"title": ["like", f"{world.prefix} %"]},
        order_by="hits desc",
        limit_start=1,
        limit_page_length=2,
    )
    assert [row["hits"] for row in message(answer)] == [4, 3]


def test_get_list_by_get(world, manager):
    answer = manager.ask(
        "frappe.client.get_list", doctype=world.case, filters={"hits": 1, "title": alpha(world)}
    )
    assert message(answer) == [{"name": alpha(world)}]


def test_get_list_with_or_filters(world, manager):
    answer = manager.client(
        "get_list",
        doctype=world.case,
        filters={"title": ["like", f"{world.prefix} %"]},
        or_filters={"hits": 1, "status": "Done"},
    )
    assert names(answer, "message") == world.seeded("alpha", "gamma", "delta")


def test_get_count(world, manager):
    filters = {"title": ["like", f"{world.prefix} %"]}
    assert message(manager.client("get_count", doctype=world.case, filters=filters)) == 5


def test_get_by_name(world, manager):
    doc = message(manager.client("get", doctype=world.case, name=alpha(world)))
    assert (doc["name"], doc["hits"], len(doc["rows"])) == (alpha(world), 1, 2)


def test_get_by_filters(world, manager):
    doc = message(manager.client("get", doctype=world.case, filters={"title": alpha(world)}))
    assert doc["name"] == alpha(world)


def test_get_a_single(manager):
    doc = message(manager.client("get", doctype="System Settings"))
    assert doc["doctype"] == "System Settings"


def test_get_what_is_not_there(world, manager):
    refused(manager.client("get", doctype=world.case, name="no such"), 404, "DoesNotExistError")


def test_get_needs_the_right(world, nobody):
    refused(nobody.client("get", doctype=world.case, name=alpha(world)), 403, "PermissionError")


def test_get_value_of_one_field(world, manager):
    answer = manager.client(
        "get_value", doctype=world.case, fieldname="hits", filters={"title": alpha(world)}
    )
    assert message(answer) == {"hits": 1}


def test_get_value_of_several_fields(world, manager):
    answer = manager.client(
        "get_value", doctype=world.case, fieldname=["hits", "status"], filters=alpha(world)
    )
    assert message(answer) == {"hits": 1, "status": "Open"}


def test_get_value_of_several_fields_as_text(world, manager):
    answer = manager.ask(
        "frappe.client.get_value",
        doctype=world.case,
        fieldname=["hits", "done"],
        filters={"name": alpha(world)},
    )
    assert message(answer) == {"hits": 1, "done": 0}


def test_get_value_of_nothing(world, manager):
    answer = manager.client("get_value", doctype=world.case, fieldname="hits", filters={"title": "no such"})
    assert message(answer) == {}


def test_get_value_as_a_list(world, manager):
    answer = manager.client(
        "get_value", doctype=world.case, fieldname=["hits", "status"], filters=alpha(world), as_dict=False
    )
    assert message(answer) == [1, "Open"]


def test_get_value_of_a_single(manager):
    answer = manager.client("get_value", doctype="Cadre Incentive Settings", fieldname="strike_limit")
    assert int(message(answer)["strike_limit"]) >= 1


def test_get_value_needs_the_right(world, nobody):
    answer = nobody.client("get_value", doctype=world.case, fieldname="hits", filters=alpha(world))
    refused(answer, 403, "PermissionError")


def test_get_single_value(manager):
    answer = manager.client("get_single_value", doctype="Cadre Incentive Settings", field="strike_limit")
    assert message(answer) >= 1


def test_get_single_value_needs_the_right(nobody):
    answer = nobody.client("get_single_value", doctype="System Settings", field="country")
    refused(answer, 403, "PermissionError")


def test_set_value(world, manager, made):
    doc = message(
        manager.client("set_value", doctype=world.case, name=made["name"], fieldname="note", value="set")
    )
    assert (doc["note"], doc["name"], doc["doctype"]) == ("set", made["name"], world.case)
    assert data(manager.get(resource(world.case, made["name"])))["note"] == "set"


def test_set_value_of_several_fields(world, manager, made):
    values = {"note": "several", "hits": 9}
    doc = message(manager.client("set_value", doctype=world.case, name=made["name"], fieldname=values))
    assert (doc["note"], doc["hits"]) == ("several", 9)


def test_set_value_of_several_fields_as_text(world, manager, made):
    form = {"doctype": world.case, "name": made["name"], "fieldname": json.dumps({"hits": 3, "note": "t"})}
    doc = message(manager.request("POST", "/api/method/frappe.client.set_value", data=form))
    assert (doc["note"], doc["hits"]) == ("t", 3)


def test_set_value_of_a_row(world, manager, made):
    row = made["rows"][0].get("name")
    doc = message(manager.client("set_value", doctype=world.row, name=row, fieldname="item", value="pin"))
    assert (doc["name"], doc["rows"][0]["item"]) == (made["name"], "pin")


@pytest.mark.parametrize(
    "fieldname", ["owner", "creation", "modified", "modified_by", "name", "docstatus", "idx"]
)
def test_set_value_of_a_standard_field_is_refused(world, manager, made, fieldname):
    answer = manager.client(
        "set_value", doctype=world.case, name=made["name"], fieldname=fieldname, value="1"
    )
    refused(answer, 417, "ValidationError")


@pytest.mark.parametrize("forged", [{"owner": "Guest"}, {"creation": "2001-01-01 00:00:00"}])
def test_set_value_changes_neither_owner_nor_creation(world, manager, made, forged):
    """v15 refuses a change of either; a host may strip it instead. The document keeps its own."""
    answer = manager.client(
        "set_value", doctype=world.case, name=made["name"], fieldname={"note": "n", **forged}
    )
    assert answer.status_code == 200 or refused(answer, 417, "CannotChangeConstantError")
    doc = data(manager.get(resource(world.case, made["name"])))
    assert (doc["owner"], doc["creation"]) == (made["owner"], made["creation"])


def test_set_value_strips_modified_by(world, manager, made):
    values = {"modified_by": "Guest", "note": "stripped"}
    doc = message(manager.client("set_value", doctype=world.case, name=made["name"], fieldname=values))
    assert (doc["note"], doc["modified_by"]) == ("stripped", world.people["manager"])


def test_set_value_does_not_take_modified(world, manager, made):
    """Stripped, or, as v15 does with a stale one, refused."""
    values = {"modified": "2001-01-01 00:00:00", "note": "stale"}
    answer = manager.client("set_value", doctype=world.case, name=made["name"], fieldname=values)
    assert answer.status_code == 200 or refused(answer, 417, "TimestampMismatchError")
    doc = data(manager.get(resource(world.case, made["name"])))
    assert doc["modified"] >= made["modified"]
    assert doc.get("note") == ("stale" if answer.status_code == 200 else None)


def test_set_value_by_get_is_refused(world, manager, made):
    answer = manager.ask(
        "frappe.client.set_value", doctype=world.case, name=made["name"], fieldname="note", value="x"
    )
    refused(answer, 403, "PermissionError")
    assert data(manager.get(resource(world.case, made["name"]))).get("note") is None


def test_set_value_needs_the_right(world, nobody, made):
    answer = nobody.client("set_value", doctype=world.case, name=made["name"], fieldname="note", value="x")
    refused(answer, 403, "PermissionError")


def test_insert(world, manager):
    doc = message(manager.client("insert", doc={"doctype": world.case, **world.new_case(hits=4)}))
    assert (doc["doctype"], doc["hits"], doc["docstatus"]) == (world.case, 4, 0)
    assert data(manager.get(resource(world.case, doc["name"])))["hits"] == 4


def test_insert_from_text(world, manager):
    form = {"doc": json.dumps({"doctype": world.case, **world.new_case(hits=5)})}
    doc = message(manager.request("POST", "/api/method/frappe.client.insert", data=form))
    assert doc["hits"] == 5


def test_insert_of_a_row_saves_its_parent(world, manager, made):
    row = {"doctype": world.row, "parent": made["name"], "parenttype": world.case, "parentfield": "rows"}
    doc = message(manager.client("insert", doc={**row, "item": "added"}))
    assert (doc["name"], [each["item"] for each in doc["rows"]]) == (made["name"], ["peg", "added"])


def test_insert_needs_the_right(world, nobody):
    answer = nobody.client("insert", doc={"doctype": world.case, **world.new_case()})
    refused(answer, 403, "PermissionError")


def test_insert_many(world, manager):
    docs = [{"doctype": world.case, **world.new_case()} for _ in range(3)]
    assert message(manager.client("insert_many", docs=docs)) == [doc["title"] for doc in docs]
    found = manager.list(world.case, filters=[["name", "in", [doc["title"] for doc in docs]]])
    assert len(names(found)) == 3


def test_insert_many_is_all_or_nothing(world, manager):
    good = {"doctype": world.case, **world.new_case()}
    answer = manager.client("insert_many", docs=[good, {"doctype": world.case, "status": "Open"}])
    assert ok(answer, 417)["exc_type"] in ("MandatoryError", "ValidationError")
    assert ok(manager.list(world.case, filters={"title": good["title"]})) == {"data": []}


def test_insert_many_is_bounded(world, manager):
    docs = [{"doctype": world.case, "title": "x"}] * 201
    refused(manager.client("insert_many", docs=docs), 417, "ValidationError")


def test_save(world, manager, made):
    doc = message(manager.client("save", doc={**made, "note": "saved"}))
    assert doc["note"] == "saved" and doc["modified"] > made["modified"]


def test_save_of_a_stale_document(world, manager, made):
    message(manager.client("save", doc={**made, "note": "first"}))
    refused(manager.client("save", doc={**made, "note": "second"}), 417, "TimestampMismatchError")
    assert data(manager.get(resource(world.case, made["name"])))["note"] == "first"


def test_rename_doc(world, manager, made):
    new = world.title("renamed")
    answer = manager.client("rename_doc", doctype=world.case, old_name=made["name"], new_name=new)
    assert message(answer) == new
    assert data(manager.get(resource(world.case, new)))["title"] == new
    refused(manager.get(resource(world.case, made["name"])), 404, "DoesNotExistError")


def test_rename_doc_needs_the_right(world, nobody, manager, made):
    answer = nobody.client(
        "rename_doc", doctype=world.case, old_name=made["name"], new_name=world.title("no")
    )
    assert ok(answer, 403 if answer.status_code == 403 else 417)["exc_type"] in (
        "PermissionError",
        "ValidationError",
    )
    assert data(manager.get(resource(world.case, made["name"])))["name"] == made["name"]


def test_submit(world, manager, made):
    doc = message(manager.client("submit", doc=made))
    assert (doc["name"], doc["docstatus"]) == (made["name"], 1)
    assert data(manager.get(resource(world.case, made["name"])))["docstatus"] == 1


def test_submit_from_text(world, manager, made):
    form = {"doc": json.dumps(made)}
    doc = message(manager.request("POST", "/api/method/frappe.client.submit", data=form))
    assert doc["docstatus"] == 1


def test_submit_needs_the_right(world, clerk, manager, made):
    refused(clerk.client("submit", doc={**made, "doctype": world.case}), 403, "PermissionError")
    assert data(manager.get(resource(world.case, made["name"])))["docstatus"] == 0


def test_submit_of_a_stale_document(world, manager, made):
    data(manager.put(resource(world.case, made["name"]), {"note": "newer"}))
    refused(manager.client("submit", doc=made), 417, "TimestampMismatchError")


def test_cancel(world, manager, made):
    message(manager.client("submit", doc=made))
    doc = message(manager.client("cancel", doctype=world.case, name=made["name"]))
    assert (doc["name"], doc["docstatus"]) == (made["name"], 2)
    assert data(manager.get(resource(world.case, made["name"])))["docstatus"] == 2


def test_cancel_needs_the_right(world, clerk, manager, made):
    message(manager.client("submit", doc=made))
    refused(clerk.client("cancel", doctype=world.case, name=made["name"]), 403, "PermissionError")
    assert data(manager.get(resource(world.case, made["name"])))["docstatus"] == 1


def test_delete(world, manager, made):
    assert ok(manager.client("delete", doctype=world.case, name=made["name"])).get("message") is None
    refused(manager.get(resource(world.case, made["name"])), 404, "DoesNotExistError")


def test_delete_by_the_verb(world, manager, made):
    answer = manager.delete(
        "/api/method/frappe.client.delete", json={"doctype": world.case, "name": made["name"]}
    )
    assert answer.status_code == 200
    refused(manager.get(resource(world.case, made["name"])), 404, "DoesNotExistError")


def test_delete_of_a_row(world, manager, made):
    ok(manager.client("delete", doctype=world.row, name=made["rows"][0].get("name")))
    assert data(manager.get(resource(world.case, made["name"])))["rows"] == []


def test_delete_needs_the_right(world, clerk, made):
    refused(clerk.client("delete", doctype=world.case, name=made["name"]), 403, "PermissionError")


def test_delete_what_is_not_there(world, manager):
    refused(manager.client("delete", doctype=world.case, name="no such"), 404, "DoesNotExistError")


def test_bulk_update(world, manager, made):
    docs = [
        {"doctype": world.case, "docname": made["name"], "note": "bulk"},
        {"doctype": world.case, "docname": "no such", "note": "bulk"},
    ]
    (failed,) = message(manager.client("bulk_update", docs=json.dumps(docs)))["failed_docs"]
    assert failed["doc"]["docname"] == "no such" and failed["exc"]
    assert data(manager.get(resource(world.case, made["name"])))["note"] == "bulk"


def test_has_permission(world, manager, clerk):
    for client, kind, expected in (
        (manager, "delete", True),
        (clerk, "write", True),
        (clerk, "delete", False),
        (clerk, "submit", False),
    ):
        answer = client.client("has_permission", doctype=world.case, docname=alpha(world), perm_type=kind)
        assert bool(message(answer)["has_permission"]) is expected, kind


def test_get_doc_permissions(world, clerk):
    answer = clerk.client("get_doc_permissions", doctype=world.case, docname=alpha(world))
    permissions = message(answer)["permissions"]
    assert (permissions["read"], permissions["write"], permissions["create"]) == (1, 1, 1)
    assert not permissions.get("delete") and not permissions.get("submit")


def test_attach_file(world, manager, made):
    content = base64.b64encode("附件 attached".encode()).decode()
    answer = manager.client(
        "attach_file",
        filename=f"{world.prefix}.txt",
        filedata=content,
        doctype=world.case,
        docname=made["name"],
        decode_base64=1,
        is_private=1,
        docfield="paper",
    )
    file = message(answer)
    assert file["attached_to_name"] == made["name"] and file["is_private"] == 1
    assert data(manager.get(resource(world.case, made["name"])))["paper"] == file["file_url"]
    assert manager.get(file["file_url"]).content == "附件 attached".encode()


def test_attach_file_needs_the_right(world, nobody, made):
    answer = nobody.client(
        "attach_file", filename="x.txt", filedata="x", doctype=world.case, docname=made["name"]
    )
    refused(answer, 403, "PermissionError")


def test_validate_link(world, manager):
    answer = manager.client("validate_link", doctype=world.case, docname=alpha(world), fields=["hits"])
    assert message(answer) == {"name": alpha(world), "hits": 1}
