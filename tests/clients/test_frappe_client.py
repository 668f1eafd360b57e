"""frappe-client (module frappeclient): form posts, `cmd` at the root, cookies or Basic."""

import json

import pytest
from frappeclient import FrappeClient
from frappeclient.frappeclient import AuthError, FrappeException


@pytest.fixture(params=["password", "key"])
def client(request, access):
    if request.param == "key":
        return FrappeClient(access.url, api_key=access.key, api_secret=access.secret)
    return FrappeClient(access.url, access.user, access.password)


@pytest.fixture
def made(client, world):
    return client.insert({"doctype": world.case, **world.new_case(hits=1, rows=[{"item": "peg"}])})


def test_wrong_password(access):
    with pytest.raises(AuthError):
        FrappeClient(access.url, access.user, "wrong")


def test_logout(access):
    with FrappeClient(access.url, access.user, access.password) as client:
        assert client.get_api("frappe.auth.get_logged_user") == access.user
    with pytest.raises(FrappeException):
        client.get_api("frappe.auth.get_logged_user")


def test_list(client, world):
    rows = client.get_list(
        world.case,
        fields=["name", "hits"],
        filters={"title": ["like", f"{world.prefix} %"], "status": "Open"},
        order_by="hits desc",
        limit_page_length=2,
    )
    assert [row["hits"] for row in rows] == [5, 2]


def test_list_of_everything(client, world):
    rows = client.get_list(world.case, filters=[["title", "like", f"{world.prefix} %"]])
    assert len(rows) == 5 and "creation" in rows[0]


def test_create_and_get(client, world, made):
    doc = client.get_doc(world.case, made["name"])
    assert (doc["hits"], doc["rows"][0]["item"]) == (1, "peg")
    found = client.get_value(world.case, "hits", {"title": made["name"]})
    assert found == {"hits": 1}


def test_create_many(client, world):
    docs = [{"doctype": world.case, **world.new_case()} for _ in range(2)]
    # its own insert_many() calls what it forgot to import
    answer = client.post_request({"cmd": "frappe.client.insert_many", "docs": docs})
    assert answer == [doc["title"] for doc in docs]


def test_update(client, world, made):
    made["note"] = "changed"
    assert client.update(made)["note"] == "changed"
    assert client.set_value(world.case, made["name"], "note", "again")["note"] == "again"


def test_bulk_update(client, world, made):
    answer = client.bulk_update([{"doctype": world.case, "docname": made["name"], "note": "bulk"}])
    assert answer == {"failed_docs": []}
    assert client.get_doc(world.case, made["name"])["note"] == "bulk"


def test_conflict(client, world, made):
    client.update({**made, "note": "first"})
    with pytest.raises(FrappeException, match="TimestampMismatchError"):
        client.update({**made, "note": "second"})
    assert client.get_doc(world.case, made["name"])["note"] == "first"


def test_submit_and_cancel(client, world, made):
    # its submit() sends an argument that Frappe gave up; an update submits as well
    assert client.update({**made, "docstatus": 1})["docstatus"] == 1
    assert client.cancel(world.case, made["name"])["docstatus"] == 2


def test_rename(client, world, made):
    new = world.title("renamed")
    assert client.rename_doc(world.case, made["name"], new) == new


def test_delete(client, world, made):
    client.delete(world.case, made["name"])
    assert client.get_list(world.case, fields=["name"], filters={"title": made["name"]}) == []


def test_upload(client, world, made):
    arguments = {
        "filename": f"{world.prefix}-a.txt",
        "filedata": "aGVsbG8=",
        "decode_base64": 1,
        "doctype": world.case,
        "docname": made["name"],
        "is_private": 1,
    }
    file = client.post_api("frappe.client.attach_file", arguments)
    assert client.session.get(client.url + file["file_url"]).content == b"hello"


def test_method(client, world):
    count = {"doctype": world.case, "filters": json.dumps({"title": f"{world.prefix} alpha"})}
    assert client.get_api("frappe.client.get_count", count) == 1
    assert client.post_api("frappe.client.get_count", count) == 1


def test_report(client, world, report_arguments):
    arguments = {**report_arguments, "filters": json.dumps(report_arguments["filters"])}
    result = client.get_api("frappe.desk.query_report.run", arguments)["result"]
    assert [(row["unit"], row["k"], row["n"]) for row in result] == [(world.units["A"], 3, 4)]


def test_refusal(client, world):
    with pytest.raises(FrappeException, match="ValidationError"):
        client.insert({"doctype": world.case, **world.new_case(status="Lost")})
