"""py-frappe-client (module frappe_client): methods and lists, by password or token."""

import json

import pytest
from frappe_client.frappe_client import FrappeRequest

CREATED = "frappe.client.insert"


@pytest.fixture(params=["password", "key"])
def client(request, access):
    if request.param == "key":
        return FrappeRequest(access.url, api_key=access.key, api_secret=access.secret)
    return FrappeRequest(access.url, username=access.user, password=access.password)


@pytest.fixture
def made(client, world):
    doc = {"doctype": world.case, **world.new_case(hits=1)}
    return client.post(CREATED, json={"doc": doc})["message"]


def test_list(client, world):
    answer = client.get_doc(
        world.case,
        filters=[["title", "like", f"{world.prefix} %"], ["hits", ">", 2]],
        fields=["name", "hits"],
        order_by="hits asc",
    )
    assert [row["hits"] for row in answer["data"]] == [3, 4, 5]


def test_pages(client, world):
    pages = client.get_doc(
        world.case,
        filters=[["title", "like", f"{world.prefix} %"]],
        fields=["hits"],
        order_by="hits asc",
        limit_page_length=2,
        pagination=True,
    )
    assert [[row["hits"] for row in page["data"]] for page in pages] == [[1, 2], [3, 4], [5]]


def test_create_and_get(client, world, made):
    assert client.get_doc(world.case, made["name"])["data"]["hits"] == 1


def test_update(client, world, made):
    values = {"doctype": world.case, "name": made["name"], "fieldname": "note", "value": "set"}
    assert client.post("frappe.client.set_value", data=values)["message"]["note"] == "set"


def test_conflict(client, world, made):
    client.post("frappe.client.save", json={"doc": {**made, "note": "first"}})
    answer = client.post("frappe.client.save", json={"doc": {**made, "note": "second"}})
    assert answer["exc_type"] == "TimestampMismatchError"


def test_submit_and_cancel(client, world, made):
    assert client.post("frappe.client.submit", json={"doc": made})["message"]["docstatus"] == 1
    cancelled = client.post("frappe.client.cancel", data={"doctype": world.case, "name": made["name"]})
    assert cancelled["message"]["docstatus"] == 2


def test_delete(client, world, made):
    client.post("frappe.client.delete", data={"doctype": world.case, "name": made["name"]})
    assert client.get_doc(world.case, made["name"])["exc_type"] == "DoesNotExistError"


def test_method(client, access):
    assert client.get("frappe.auth.get_logged_user") == {"message": access.user}


def test_report(client, world, report_arguments):
    arguments = {**report_arguments, "filters": json.dumps(report_arguments["filters"])}
    result = client.get("frappe.desk.query_report.run", params=arguments)["message"]["result"]
    assert [(row["unit"], row["k"], row["n"]) for row in result] == [(world.units["A"], 3, 4)]
