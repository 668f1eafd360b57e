"""Errors: the code of the exception, `exc_type`, `exception`, `exc`, `_server_messages`."""

import json

import pytest

from .wire import Client, ok, refused, resource, server_messages


def test_validation_error_is_417(world, manager):
    refused(manager.post(resource(world.case), world.new_case(status="Lost")), 417, "ValidationError")


def test_permission_error_is_403(world, nobody):
    refused(nobody.get(resource(world.case, f"{world.prefix} alpha")), 403, "PermissionError")


def test_does_not_exist_error_is_404(world, manager):
    refused(manager.get(resource(world.case, "no such")), 404, "DoesNotExistError")


def test_duplicate_entry_error_is_409(world, manager):
    refused(
        manager.post(resource(world.case), {"title": f"{world.prefix} alpha"}), 409, "DuplicateEntryError"
    )


def test_an_unforeseen_error_is_at_least_400_and_json(manager):
    answer = manager.call("frappe.client.get_value")
    assert answer.status_code >= 400 and answer.headers["Content-Type"].startswith("application/json")
    assert answer.json()["exc_type"] in ("TypeError", "FrappeTypeError")


def test_server_messages_are_json_in_json(world, manager):
    answer = refused(
        manager.post(resource(world.case), world.new_case(status="Lost")), 417, "ValidationError"
    )
    (entry,) = server_messages(answer)
    assert "Lost" in entry["message"] and entry["title"] and entry["indicator"]


def test_server_messages_name_what_is_missing(world, manager):
    answer = ok(manager.post(resource(world.case), {"hits": 1}), 417)
    assert answer["exc_type"] in ("MandatoryError", "ValidationError")
    text = answer.get("_server_messages", "") + answer.get("exception", "") + answer.get("exc", "")
    assert "title" in text.lower()


def test_exc_is_a_json_list_of_tracebacks_where_there_is_one(world, manager):
    answer = refused(
        manager.post(resource(world.case), world.new_case(status="Lost")), 417, "ValidationError"
    )
    if "exc" in answer:  # the site allows tracebacks
        assert all(isinstance(entry, str) and entry for entry in json.loads(answer["exc"]))
        assert answer["exception"].startswith("frappe.exceptions.ValidationError")


def test_exc_of_404_is_left_out(world, manager):
    answer = refused(manager.get(resource(world.case, "no such")), 404, "DoesNotExistError")
    assert "Traceback" not in json.dumps(answer)


def test_a_refusal_of_a_guest_names_no_secret(world, guest):
    answer = refused(guest.get(resource(world.case, f"{world.prefix} alpha")), 403, "PermissionError")
    assert "secret of alpha" not in json.dumps(answer)


def test_an_unknown_route_is_404_in_json(guest):
    answer = guest.get("/api/no/such/route")
    refused(answer, 404, "DoesNotExistError")


def test_an_unknown_route_by_post(manager):
    refused(manager.post("/api/nothing"), 404, "DoesNotExistError")


def test_an_unknown_route_without_accept(guest):
    answer = guest.request("GET", "/api/no/such/route", headers={"Accept": "*/*"})
    refused(answer, 404, "DoesNotExistError")


def test_an_error_is_html_where_only_html_is_accepted(world, manager):
    answer = manager.request("GET", resource(world.case, "no such"), headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert answer.headers["Content-Type"].startswith("text/html")


def test_an_error_is_json_without_an_accept_header(world, manager):
    answer = manager.request("GET", resource(world.case, "no such"), headers={"Accept": None})
    refused(answer, 404, "DoesNotExistError")


def test_a_page_that_is_not_there_is_html(guest):
    answer = guest.request("GET", "/no-such-page-at-all", headers={"Accept": "text/html"})
    assert answer.status_code == 404 and answer.headers["Content-Type"].startswith("text/html")


def test_a_page_is_html(guest):
    answer = guest.request("GET", "/login", headers={"Accept": "text/html"})
    assert answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html")
    assert "<html" in answer.text.lower()


def test_a_verb_that_a_resource_does_not_know(world, manager):
    answer = manager.request("PATCH", resource(world.case, f"{world.prefix} alpha"), json={"note": "x"})
    assert answer.status_code in (404, 405)


def test_a_body_that_is_no_json(world, manager):
    answer = manager.request(
        "POST", resource(world.case), data="{not json", headers={"Content-Type": "application/json"}
    )
    assert answer.status_code >= 400


@pytest.mark.parametrize("header", ["application/json", "*/*", "application/json, text/plain, */*"])
def test_accept_headers_that_get_json(world, manager, header):
    answer = manager.request("GET", resource(world.case, "no such"), headers={"Accept": header})
    refused(answer, 404, "DoesNotExistError")


@pytest.mark.parametrize("name", ["New {case} 1", "{prefix} a<b>"])
def test_name_error_is_409(world, manager, name):
    title = name.format(case=world.case, prefix=world.prefix)
    refused(manager.post(resource(world.case), {"title": title}), 409, "NameError")


def test_rate_limit_exceeded_error_is_429(world):
    """Asking for a new password is limited to a few times an hour for an address."""
    stranger = Client(world.url, world.host)
    method = "frappe.core.doctype.user.user.reset_password"
    answers = [stranger.call(method, user=f"{world.prefix}-none@example.com") for _attempt in range(12)]
    refused(answers[-1], 429, "RateLimitExceededError")
    assert answers[0].status_code != 429
