"""frappe-connector: a newer client that looks at the status, too."""

import pytest
from frappe_connector import connector


@pytest.fixture(params=["password", "key"])
def client(request, access):
    if request.param == "key":
        credentials = {"api_key": access.key, "api_secret": access.secret}
    else:
        credentials = {"username": access.user, "password": access.password}
    with connector.FrappeConnector(access.url, **credentials) as client:
        yield client


@pytest.fixture
def made(client, world):
    return client.create_doc({"doctype": world.case, **world.new_case("a/b", hits=1)})


def test_wrong_password(access):
    with pytest.raises(connector.LoginFailedError):
        connector.FrappeConnector(access.url, username=access.user, password="wrong")


def test_list(client, world):
    filters = {"title": ["like", f"{world.prefix} %"], "hits": ["in", [1, 4]]}
    rows = client.get_list(world.case, fields=["name", "hits"], filters=filters, order_by="hits asc")
    assert [row["hits"] for row in rows] == [1, 4]


def test_pages(client, world):
    filters = {"title": ["like", f"{world.prefix} %"]}
    rows = client.get_list(world.case, ["hits"], filters, offset=3, page_size=2, order_by="hits asc")
    assert [row["hits"] for row in rows] == [4, 5]


def test_create_and_get(client, world, made):
    assert client.get_doc(world.case, made["name"])["hits"] == 1
    assert client.get_doc(world.case, filters={"title": made["name"]})["name"] == made["name"]


def test_update(client, world, made):
    assert client.update_doc({**made, "note": "changed"})["note"] == "changed"


def test_conflict(client, world, made):
    client.update_doc({**made, "note": "first"})
    with pytest.raises(connector.FrappeException, match="TimestampMismatchError"):
        client.update_doc({**made, "note": "second"})
    assert client.get_doc(world.case, made["name"])["note"] == "first"


def test_submit_and_cancel(client, world, made):
    assert client.submit_doc(made)["docstatus"] == 1
    cancel = {"doctype": world.case, "name": made["name"]}
    assert client.post_api("frappe.client.cancel", cancel)["docstatus"] == 2


def test_rename_and_delete(client, world, made):
    new = world.title("renamed")
    assert client.rename_doc(world.case, made["name"], new) == new
    client.delete_doc(world.case, new)
    with pytest.raises(connector.FrappeException) as refusal:
        client.get_doc(world.case, new)
    assert refusal.value.response.status_code == 404


def test_upload(client, world, made):
    arguments = {
        "filename": f"{world.prefix}-c.txt",
        "filedata": "aGVsbG8=",
        "decode_base64": 1,
        "doctype": world.case,
        "docname": made["name"],
        "docfield": "paper",
        "is_private": 1,
    }
    file = client.post_api("frappe.client.attach_file", arguments)
    assert client.get_doc(world.case, made["name"])["paper"] == file["file_url"]


def test_method(client, world):
    assert client.get_api("frappe.client.get_count", {"doctype": world.case, "filters": {"hits": -1}}) == 0


def test_report(client, world, report_arguments):
    result = client.get_api("frappe.desk.query_report.run", report_arguments)["result"]
    assert [(row["unit"], row["k"], row["n"]) for row in result] == [(world.units["A"], 3, 4)]


def test_refusal(client, world):
    with pytest.raises(connector.FrappeException, match="Lost"):
        client.create_doc({"doctype": world.case, **world.new_case(status="Lost")})
