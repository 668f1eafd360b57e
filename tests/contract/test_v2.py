"""The second version of the API: /api/v2."""

import pytest

from .wire import data, document, message, ok, path_of, resource


@pytest.fixture
def made(world, manager):
    answer = manager.post(resource(world.case), world.new_case(amount=1))
    return answer.json().get("data", {"name": "none", "modified": "2000-01-01 00:00:00"})


def rejected(response, status: int, kind: str) -> dict:
    """The one error of a v2 refusal."""
    answer = ok(response, status)
    assert "data" not in answer
    (error,) = answer["errors"]
    assert error["type"] == kind, error
    return error


def ours(world) -> list:
    return [["title", "like", f"{world.prefix} %"]]


def test_list(world, manager):
    answer = ok(manager.get(document(world.case), filters=ours(world), order_by="hits asc"))
    assert [row["name"] for row in answer["data"]][0] == f"{world.prefix} alpha"
    assert len(answer["data"]) == 5
    assert set(answer) <= {"data", "has_next_page"}  # the latter from v16 on


def test_list_fields(world, manager):
    answer = manager.get(
        document(world.case), filters={"title": f"{world.prefix} beta"}, fields=["hits", "status"]
    )
    assert data(answer) == [{"hits": 2, "status": "Open"}]


def test_list_pages(world, manager):
    # v15 takes limit_start, v16 start
    paging = {"order_by": "hits asc", "limit_start": 1, "start": 1, "limit": 2}
    answer = ok(manager.get(document(world.case), filters=ours(world), fields=["hits"], **paging))
    assert [row["hits"] for row in answer["data"]] == [2, 3]
    assert answer.get("has_next_page", True) is True


def test_list_group_by(world, manager):
    answer = manager.get(
        document(world.case),
        filters=ours(world),
        fields=["status", "count(name) as total"],
        group_by="status",
    )
    assert {row["status"]: row["total"] for row in data(answer)} == {"Open": 3, "Done": 2}


def test_list_of_an_unknown_doctype(world, manager):
    rejected(manager.get(document(f"{world.prefix} Nothing")), 404, "DoesNotExistError")


def test_list_needs_the_right(world, nobody):
    rejected(nobody.get(document(world.case)), 403, "PermissionError")


def test_create(world, manager):
    doc = data(manager.post(document(world.case), world.new_case(hits=6)))
    assert (doc["doctype"], doc["hits"]) == (world.case, 6)
    assert data(manager.get(document(world.case, doc["name"])))["hits"] == 6


def test_create_twice(world, manager, made):
    rejected(manager.post(document(world.case), {"title": made["name"]}), 409, "DuplicateEntryError")


def test_create_that_is_invalid(world, manager):
    error = rejected(
        manager.post(document(world.case), world.new_case(status="Lost")), 417, "ValidationError"
    )
    assert "Lost" in error["message"] and error["indicator"] and error["title"]


def test_read(world, manager):
    doc = data(manager.get(document(world.case, f"{world.prefix} alpha")))
    assert (doc["name"], len(doc["rows"])) == (f"{world.prefix} alpha", 2)


def test_read_what_is_not_there(world, manager):
    rejected(manager.get(document(world.case, "no such")), 404, "DoesNotExistError")


def test_read_needs_the_right(world, nobody):
    rejected(nobody.get(document(world.case, f"{world.prefix} alpha")), 403, "PermissionError")


@pytest.mark.parametrize("verb", ["PUT", "PATCH"])
def test_update(world, manager, made, verb):
    doc = data(manager.request(verb, document(world.case, made["name"]), json={"note": verb}))
    assert (doc["note"], doc["amount"]) == (verb, 1)
    assert data(manager.get(document(world.case, made["name"])))["note"] == verb


def test_update_of_a_stale_document(world, manager, made):
    data(manager.put(document(world.case, made["name"]), {"note": "first"}))
    stale = {"note": "second", "modified": made["modified"]}
    rejected(manager.put(document(world.case, made["name"]), stale), 417, "TimestampMismatchError")
    assert data(manager.get(document(world.case, made["name"])))["note"] == "first"


def test_delete(world, manager, made):
    assert ok(manager.delete(document(world.case, made["name"])), 202) == {"data": "ok"}
    rejected(manager.get(document(world.case, made["name"])), 404, "DoesNotExistError")


def test_delete_needs_the_right(world, clerk, made):
    rejected(clerk.delete(document(world.case, made["name"])), 403, "PermissionError")


def test_document_method(world, manager, made):
    path = document(world.case, made["name"]) + "/method/add_comment"
    assert data(manager.post(path, {"text": "by v2"}))["content"] == "by v2"


def test_document_method_submits(world, manager, made):
    assert manager.post(document(world.case, made["name"]) + "/method/submit").status_code == 200
    assert data(manager.get(document(world.case, made["name"])))["docstatus"] == 1


def test_document_method_by_get_keeps_nothing(world, manager, made):
    manager.get(document(world.case, made["name"]) + "/method/submit")
    assert data(manager.get(document(world.case, made["name"])))["docstatus"] == 0


def test_document_method_that_is_not_whitelisted(world, manager, made):
    path = document(world.case, made["name"]) + "/method/db_update"
    rejected(manager.post(path), 403, "PermissionError")


def test_document_method_needs_the_right(world, nobody, made):
    path = document(world.case, made["name"]) + "/method/add_comment"
    rejected(nobody.post(path, {"text": "no"}), 403, "PermissionError")


def test_meta(world, clerk):
    meta = data(clerk.get(f"/api/v2/doctype/{path_of(world.case)}/meta"))
    assert (meta["doctype"], meta["name"], meta["is_submittable"]) == ("DocType", world.case, 1)
    assert {"title", "rows"} <= {field["fieldname"] for field in meta["fields"]}


def test_meta_is_not_for_guests(world, guest):
    rejected(guest.get(f"/api/v2/doctype/{path_of(world.case)}/meta"), 403, "PermissionError")


def test_count(world, manager):
    path = f"/api/v2/doctype/{path_of(world.case)}/count"
    assert data(manager.get(path, filters=ours(world))) == 5


def test_count_needs_the_right(world, nobody):
    rejected(nobody.get(f"/api/v2/doctype/{path_of(world.case)}/count"), 403, "PermissionError")


def test_method(world, manager):
    answer = manager.get(
        "/api/v2/method/frappe.client.get_count",
        doctype=world.case,
        filters={"title": f"{world.prefix} alpha"},
    )
    assert ok(answer) == {"data": 1}


def test_method_of_a_doctype_module(world, manager):
    answer = manager.get("/api/v2/method/User/get_roles", uid=world.people["clerk"])
    assert world.clerk_role in data(answer)


def test_method_ping(guest):
    assert ok(guest.get("/api/v2/method/ping")) == {"data": "pong"}


def test_method_that_is_not_whitelisted(manager):
    rejected(manager.post("/api/v2/method/frappe.delete_doc", {}), 403, "PermissionError")


def test_method_that_is_not_there(manager):
    rejected(manager.post("/api/v2/method/frappe.no_such_method", {}), 417, "ValidationError")


def test_method_that_only_posts(world, manager):
    answer = manager.get("/api/v2/method/frappe.client.insert", doc={"doctype": world.memo, "text": "x"})
    rejected(answer, 403, "PermissionError")


def test_method_of_a_guest(guest):
    answer = guest.get("/api/v2/method/frappe.client.get_count", doctype="User")
    rejected(answer, 403, "PermissionError")


def test_run_doc_method(world, manager, made):
    body = {"method": "add_comment", "document": {**made, "doctype": world.case}, "kwargs": {"text": "v2"}}
    answer = ok(manager.post("/api/v2/method/run_doc_method", body))
    assert answer["data"]["content"] == "v2"
    assert answer["docs"][0]["name"] == made["name"]


def test_login(world, guest):
    credentials = {"usr": world.people["clerk"], "pwd": world.secret_word}
    assert guest.post("/api/v2/method/login", credentials).status_code == 200
    who = guest.ask("frappe.auth.get_logged_user")
    assert who.status_code in (200, 403)  # v15 signs in by the first version's path alone
    assert who.json().get("message", world.people["clerk"]) == world.people["clerk"]
    assert who.headers["Content-Type"].startswith("application/json") and who.json()


def test_logout(world):
    client = world.signed_in("clerk")
    assert message(client.ask("frappe.auth.get_logged_user")) == world.people["clerk"]
    assert client.post("/api/v2/method/logout").status_code == 200
    assert client.ask("frappe.auth.get_logged_user").status_code == 403


def test_an_unknown_route(manager):
    rejected(manager.get("/api/v2/no/such/route"), 404, "DoesNotExistError")


def test_a_wrong_token(world, guest):
    guest.http.headers["Authorization"] = "token no:no"
    rejected(guest.get(document(world.case)), 401, "AuthenticationError")
