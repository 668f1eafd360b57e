"""Create, read, update, delete and run a method of one document over /api/resource."""

import json

import pytest

from .wire import data, message, names, ok, refused, resource, server_messages


@pytest.fixture
def made(world, manager):
    """A case that nobody else uses."""
    answer = manager.post(resource(world.case), world.new_case(amount=1, rows=[{"item": "peg"}]))
    return answer.json().get("data", {"name": "none", "modified": "2000-01-01 00:00:00", "rows": [{}]})


def test_create_from_json(world, manager):
    doc = data(manager.post(resource(world.case), world.new_case("json", amount=4.25, held_on="2024-06-01")))
    assert doc["doctype"] == world.case and doc["name"] == doc["title"]
    assert (doc["amount"], doc["held_on"], doc["docstatus"]) == (4.25, "2024-06-01", 0)
    assert doc["owner"] == doc["modified_by"] == world.people["manager"]
    assert data(manager.get(resource(world.case, doc["name"])))["amount"] == 4.25


def test_create_from_a_form(world, manager):
    title = world.title("form")
    answer = manager.request("POST", resource(world.case), data={"title": title, "hits": "7"})
    assert data(answer)["hits"] == 7


def test_create_from_a_form_with_data(world, manager):
    title = world.title("form data")
    answer = manager.request(
        "POST", resource(world.case), data={"data": json.dumps({"title": title, "hits": 8})}
    )
    assert (data(answer)["name"], data(answer)["hits"]) == (title, 8)


def test_create_from_json_with_data_as_a_string(world, manager):
    title = world.title("json data")
    answer = manager.post(resource(world.case), {"data": json.dumps({"title": title, "hits": 9})})
    assert (data(answer)["name"], data(answer)["hits"]) == (title, 9)


def test_create_sets_defaults(world, manager):
    assert data(manager.post(resource(world.case), world.new_case()))["status"] == "Open"


def test_create_with_rows(world, manager):
    rows = [{"item": "a", "quantity": 1}, {"item": "b", "quantity": 2}]
    doc = data(manager.post(resource(world.case), world.new_case(rows=rows)))
    assert [(row["idx"], row["item"], row["quantity"]) for row in doc["rows"]] == [(1, "a", 1), (2, "b", 2)]
    assert all(row["parent"] == doc["name"] and row["parentfield"] == "rows" for row in doc["rows"])
    assert all(row["parenttype"] == world.case and row["doctype"] == world.row for row in doc["rows"])


def test_create_ignores_another_doctype_in_the_body(world, manager):
    doc = data(manager.post(resource(world.case), {**world.new_case(), "doctype": "ToDo"}))
    assert doc["doctype"] == world.case


def test_create_ignores_a_forged_owner_and_creation(world, clerk):
    forged = {"owner": "Administrator", "creation": "2001-01-01 00:00:00", "modified_by": "Administrator"}
    doc = data(clerk.post(resource(world.case), world.new_case(**forged)))
    assert doc["owner"] == doc["modified_by"] == world.people["clerk"]
    assert not doc["creation"].startswith("2001")


def test_create_without_what_is_required(world, manager):
    answer = manager.post(resource(world.case), {"hits": 1})
    assert ok(answer, 417)["exc_type"] in ("MandatoryError", "ValidationError")


def test_create_twice_is_409(world, manager, made):
    refused(manager.post(resource(world.case), {"title": made["name"]}), 409, "DuplicateEntryError")


def test_create_with_a_choice_that_is_none(world, manager):
    refused(manager.post(resource(world.case), world.new_case(status="Lost")), 417, "ValidationError")


def test_create_with_a_link_to_nothing(world, manager):
    refused(
        manager.post(resource(world.case), world.new_case(unit="no-such-unit")), 417, "LinkValidationError"
    )


def test_create_with_too_long_a_text(world, manager):
    answer = manager.post(resource("ToDo"), {"description": "x", "color": "y" * 200})
    assert ok(answer, 417)["exc_type"] in ("CharacterLengthExceededError", "ValidationError")


def test_create_without_a_right(world, nobody):
    title = world.title("forbidden")
    refused(nobody.post(resource(world.case), {"title": title}), 403, "PermissionError")


def test_create_leaves_nothing_when_refused(world, manager):
    title = world.title("partial")
    manager.post(resource(world.case), {"title": title, "unit": "no-such-unit"})
    assert ok(manager.list(world.case, filters={"title": title})) == {"data": []}


def test_read(world, manager):
    doc = data(manager.get(resource(world.case, f"{world.prefix} alpha")))
    assert (doc["doctype"], doc["name"]) == (world.case, f"{world.prefix} alpha")
    assert (doc["status"], doc["amount"], doc["hits"], doc["unit"]) == ("Open", 1.5, 1, world.units["A"])
    assert [row["item"] for row in doc["rows"]] == ["bolt", "nut"]


def test_read_what_is_not_there(world, manager):
    refused(manager.get(resource(world.case, "no such")), 404, "DoesNotExistError")


def test_read_a_single(world, manager):
    settings = data(manager.get(resource("System Settings", "System Settings")))
    assert settings["doctype"] == settings["name"] == "System Settings"


def test_update(world, manager, made):
    doc = data(manager.put(resource(world.case, made["name"]), {"amount": 5, "note": "changed"}))
    assert (doc["amount"], doc["note"], doc["hits"]) == (5, "changed", made["hits"])
    assert doc["modified"] > made["modified"]
    assert data(manager.get(resource(world.case, made["name"])))["note"] == "changed"


def test_update_from_a_form_with_data(world, manager, made):
    form = {"data": json.dumps({"note": "by form"})}
    assert data(manager.request("PUT", resource(world.case, made["name"]), data=form))["note"] == "by form"


def test_update_from_a_form(world, manager, made):
    answer = manager.request("PUT", resource(world.case, made["name"]), data={"note": "plain form"})
    assert data(answer)["note"] == "plain form"


def test_update_replaces_rows(world, manager, made):
    rows = [{"item": "new"}, {"name": made["rows"][0].get("name"), "item": "kept"}]
    doc = data(manager.put(resource(world.case, made["name"]), {"rows": rows}))
    assert [row["item"] for row in doc["rows"]] == ["new", "kept"]
    assert doc["rows"][1]["name"] == made["rows"][0]["name"]


def test_update_to_no_rows(world, manager, made):
    assert data(manager.put(resource(world.case, made["name"]), {"rows": []}))["rows"] == []
    assert data(manager.get(resource(world.case, made["name"])))["rows"] == []


def test_update_records_who(world, clerk, made):
    doc = data(clerk.put(resource(world.case, made["name"]), {"note": "mine"}))
    assert (doc["owner"], doc["modified_by"]) == (world.people["manager"], world.people["clerk"])


def test_update_with_the_present_modified(world, manager, made):
    answer = manager.put(resource(world.case, made["name"]), {"note": "n", "modified": made["modified"]})
    assert data(answer)["note"] == "n"


def test_a_stale_modified_is_refused(world, manager, made):
    first = manager.put(resource(world.case, made["name"]), {"note": "first"})
    assert data(first)["note"] == "first"
    stale = {"note": "second", "modified": made["modified"]}
    answer = refused(manager.put(resource(world.case, made["name"]), stale), 417, "TimestampMismatchError")
    assert any("modified" in entry["message"].lower() for entry in server_messages(answer))


def test_a_stale_modified_writes_nothing(world, manager, made):
    manager.put(resource(world.case, made["name"]), {"note": "first", "rows": [{"item": "first"}]})
    stale = {"note": "second", "modified": made["modified"], "rows": [{"item": "second"}]}
    manager.put(resource(world.case, made["name"]), stale)
    doc = data(manager.get(resource(world.case, made["name"])))
    assert (doc["note"], [row["item"] for row in doc["rows"]]) == ("first", ["first"])


def test_update_what_is_not_there(world, manager):
    refused(manager.put(resource(world.case, "no such"), {"note": "x"}), 404, "DoesNotExistError")


def test_update_without_a_right(world, nobody, manager, made):
    refused(nobody.put(resource(world.case, made["name"]), {"note": "x"}), 403, "PermissionError")
    assert data(manager.get(resource(world.case, made["name"]))).get("note") is None


def test_update_that_is_invalid_writes_nothing(world, manager, made):
    refused(
        manager.put(resource(world.case, made["name"]), {"note": "x", "status": "Lost"}),
        417,
        "ValidationError",
    )
    assert data(manager.get(resource(world.case, made["name"]))).get("note") is None


def test_submit_by_update(world, manager, made):
    assert data(manager.put(resource(world.case, made["name"]), {"docstatus": 1}))["docstatus"] == 1


def test_a_submitted_document_does_not_change(world, manager, made):
    data(manager.put(resource(world.case, made["name"]), {"docstatus": 1}))
    refused(manager.put(resource(world.case, made["name"]), {"amount": 99}), 417, "UpdateAfterSubmitError")
    assert data(manager.get(resource(world.case, made["name"])))["amount"] == 1


def test_a_submitted_document_changes_where_allowed(world, manager, made):
    data(manager.put(resource(world.case, made["name"]), {"docstatus": 1}))
    assert data(manager.put(resource(world.case, made["name"]), {"note": "later"}))["note"] == "later"


def test_a_submitted_document_does_not_go_back_to_draft(world, manager, made):
    data(manager.put(resource(world.case, made["name"]), {"docstatus": 1}))
    answer = manager.put(resource(world.case, made["name"]), {"docstatus": 0})
    assert ok(answer, 417)["exc_type"] in ("DocstatusTransitionError", "ValidationError")


def test_a_draft_cannot_be_cancelled(world, manager, made):
    answer = manager.put(resource(world.case, made["name"]), {"docstatus": 2})
    assert ok(answer, 417)["exc_type"] in ("DocstatusTransitionError", "ValidationError")


def test_amend(world, manager, made):
    path = resource(world.case, made["name"])
    for step in (1, 2):
        assert data(manager.put(path, {"docstatus": step}))["docstatus"] == step
    amended = data(manager.post(resource(world.case), world.new_case(amended_from=made["name"])))
    assert (amended["amended_from"], amended["docstatus"]) == (made["name"], 0)


def test_delete(world, manager, made):
    answer = manager.delete(resource(world.case, made["name"]))
    assert ok(answer, 202) == {"data": "ok"}
    refused(manager.get(resource(world.case, made["name"])), 404, "DoesNotExistError")


def test_delete_takes_the_rows_along(world, manager, made):
    ok(manager.delete(resource(world.case, made["name"])), 202)
    answer = manager.list(world.row, parent=world.case, filters={"parent": made["name"]})
    assert ok(answer) == {"data": []}


def test_delete_what_is_not_there(world, manager):
    refused(manager.delete(resource(world.case, "no such")), 404, "DoesNotExistError")


def test_delete_without_a_right(world, clerk, manager, made):
    refused(clerk.delete(resource(world.case, made["name"])), 403, "PermissionError")
    assert data(manager.get(resource(world.case, made["name"])))["name"] == made["name"]


def test_delete_of_a_submitted_document(world, manager, made):
    data(manager.put(resource(world.case, made["name"]), {"docstatus": 1}))
    answer = manager.delete(resource(world.case, made["name"]))
    assert ok(answer, 417)["exc_type"] == "ValidationError"


def test_delete_of_what_others_link_to(world, manager):
    answer = refused(manager.delete(resource("Government Unit", world.units["B"])), 417, "LinkExistsError")
    assert server_messages(answer)[0]["message"]


def test_run_method_by_get(world, manager, made):
    answer = manager.get(resource(world.case, made["name"]), run_method="get_title")
    refused(answer, 403, "PermissionError")


def test_run_method_by_post(world, manager, made):
    answer = manager.post(resource(world.case, made["name"]), {"run_method": "add_comment", "text": "hello"})
    assert data(answer)["content"] == "hello"
    comments = manager.list(
        "Comment",
        filters={"reference_doctype": world.case, "reference_name": made["name"], "content": "hello"},
    )
    assert len(names(comments)) == 1


def test_run_method_submits(world, manager, made):
    answer = manager.request("POST", resource(world.case, made["name"]), data={"run_method": "submit"})
    assert answer.status_code == 200
    assert data(manager.get(resource(world.case, made["name"])))["docstatus"] == 1


def test_run_method_needs_the_right(world, nobody, manager, made):
    answer = nobody.post(resource(world.case, made["name"]), {"run_method": "add_comment", "text": "no"})
    refused(answer, 403, "PermissionError")


def test_run_method_that_is_not_whitelisted(world, manager, made):
    answer = manager.post(resource(world.case, made["name"]), {"run_method": "db_update"})
    refused(answer, 403, "PermissionError")


def test_run_method_that_is_not_there(world, manager, made):
    answer = manager.post(resource(world.case, made["name"]), {"run_method": "no_such_method"})
    assert answer.status_code >= 400
    assert data(manager.get(resource(world.case, made["name"])))["name"] == made["name"]


def test_versions_are_kept_where_changes_are_tracked(world, manager, made):
    data(manager.put(resource(world.case, made["name"]), {"note": "tracked"}))
    answer = manager.list(
        "Version", filters={"ref_doctype": world.case, "docname": made["name"]}, fields=["data"]
    )
    changes = [json.loads(row["data"]).get("changed", []) for row in data(answer)]
    assert any(change[0] == "note" and change[2] == "tracked" for changed in changes for change in changed)


def test_count_agrees_with_the_list(world, manager, made):
    filters = {"title": made["name"]}
    assert message(manager.client("get_count", doctype=world.case, filters=filters)) == 1
    assert names(manager.list(world.case, filters=filters)) == {made["name"]}
