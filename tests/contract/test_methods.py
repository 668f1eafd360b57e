"""/api/method: what may be called, by which verb, with which arguments; and `cmd` of old clients."""

import pytest

from .wire import data, message, ok, refused, resource

COUNT = "frappe.client.get_count"


def test_ping(guest):
    assert ok(guest.ask("ping")) == {"message": "pong"}


def test_ping_by_its_long_name(guest):
    assert ok(guest.ask("frappe.ping")) == {"message": "pong"}


def test_version(guest):
    answer = guest.ask("version")
    if answer.status_code == 417:  # v15 has lost the short name
        refused(answer, 417, "ValidationError")
    else:
        assert int(message(answer).split(".")[0]) >= 15


def test_v1_in_the_path(guest):
    assert ok(guest.get("/api/v1/method/ping")) == {"message": "pong"}


def test_v1_resource_in_the_path(world, manager):
    doc = data(manager.get(f"/api/v1/resource/{world.case}/{world.prefix} alpha"))
    assert doc["name"] == f"{world.prefix} alpha"


def test_get_logged_user(world, clerk):
    assert ok(clerk.ask("frappe.auth.get_logged_user")) == {"message": world.people["clerk"]}


def test_arguments_as_json(world, manager):
    answer = manager.call(COUNT, doctype=world.case, filters={"title": f"{world.prefix} alpha"})
    assert message(answer) == 1


def test_arguments_as_a_form(world, manager):
    form = {"doctype": world.case, "filters": f'{{"title": "{world.prefix} alpha"}}'}
    assert message(manager.request("POST", f"/api/method/{COUNT}", data=form)) == 1


def test_arguments_in_the_query(world, manager):
    assert message(manager.ask(COUNT, doctype=world.case, filters={"title": f"{world.prefix} alpha"})) == 1


def test_arguments_that_a_method_does_not_know_are_dropped(world, manager):
    assert (
        message(manager.ask(COUNT, doctype=world.case, filters={"title": f"{world.prefix} beta"}, odd=1)) == 1
    )


def test_a_missing_argument_is_an_error(manager):
    answer = manager.call("frappe.client.get_value")
    assert answer.status_code >= 400
    assert answer.json()["exc_type"] in ("TypeError", "FrappeTypeError")  # v15: 500 with the former


def test_an_argument_of_the_wrong_type(world, manager):
    answer = manager.call("frappe.desk.search.search_link", doctype=["x"], txt="y")
    refused(answer, 417, "FrappeTypeError")


def test_a_method_that_is_not_there(manager):
    answer = ok(manager.ask("frappe.no_such_method"), 417)
    assert answer["exc_type"] == "ValidationError"


def test_an_app_that_is_not_there(manager):
    answer = manager.ask("no_such_app.method")
    assert answer.status_code >= 400
    assert answer.json()["exc_type"] in ("ValidationError", "AppNotInstalledError")


def test_a_function_that_is_not_whitelisted(manager):
    refused(manager.call("frappe.delete_doc", doctype="User", name="Guest"), 403, "PermissionError")


@pytest.mark.parametrize("method", ["frappe.db.sql", "os.system", "frappe.utils.now", "frappe.set_user"])
def test_internals_are_out_of_reach(manager, method):
    answer = manager.call(method, query="select 1", command="true", username="Administrator")
    assert answer.status_code >= 400
    assert answer.json()["exc_type"] in ("PermissionError", "ValidationError", "AppNotInstalledError")


def test_a_post_only_method_by_get(world, manager):
    doc = {"doctype": world.memo, "text": "by get"}
    refused(manager.ask("frappe.client.insert", doc=doc), 403, "PermissionError")


def test_a_get_writes_nothing(world, manager):
    """Where a method takes both verbs, a GET is rolled back."""
    path = resource(world.case, f"{world.prefix} alpha")
    manager.get("/api/method/frappe.desk.form.assign_to.add", assign_to=[world.people["clerk"]],
                doctype=world.case, name=f"{world.prefix} alpha")  # fmt: skip
    filters = {"reference_type": world.case, "reference_name": f"{world.prefix} alpha"}
    assert ok(manager.list("ToDo", filters=filters)) == {"data": []}
    assert data(manager.get(path))["name"] == f"{world.prefix} alpha"


def test_a_method_of_the_app(world, clerk):
    refused(clerk.call("cadre_incentive.api.lists.rebuild", period="2024-01"), 403, "PermissionError")


def test_a_post_only_method_of_the_app_by_get(manager):
    refused(manager.ask("cadre_incentive.api.lists.rebuild", period="2024-01"), 403, "PermissionError")


def test_a_method_of_the_app_checks_its_arguments(manager):
    refused(manager.call("cadre_incentive.api.lists.rebuild", period="2024-13"), 417, "ValidationError")


def test_a_guest_calls_what_is_for_guests_only(guest):
    refused(guest.ask(COUNT, doctype="User"), 403, "PermissionError")


def test_cmd_by_post_at_the_root(world, manager):
    form = {"cmd": COUNT, "doctype": world.case, "filters": f'{{"title": "{world.prefix} alpha"}}'}
    assert message(manager.request("POST", "/", data=form)) == 1


def test_cmd_by_get_at_the_root(world, manager):
    filters = {"title": f"{world.prefix} alpha"}
    answer = manager.get(
        "/", cmd="frappe.client.get_value", doctype=world.case, fieldname="hits", filters=filters
    )
    assert message(answer) == {"hits": 1}


def test_cmd_as_json(world, manager):
    answer = manager.post("/", {"cmd": COUNT, "doctype": world.case, "filters": {"hits": -1}})
    assert message(answer) == 0


def test_cmd_of_a_method_that_is_not_whitelisted(manager):
    answer = manager.request(
        "POST", "/", data={"cmd": "frappe.delete_doc", "doctype": "User", "name": "Guest"}
    )
    refused(answer, 403, "PermissionError")


def test_cmd_of_a_guest(guest):
    refused(guest.get("/", cmd=COUNT, doctype="User"), 403, "PermissionError")
