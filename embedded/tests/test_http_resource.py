"""Documents over REST: version 1, version 2, errors in both languages, nothing half-written."""

import json

import frappe
import pytest
from http_host import CHILD, DOCTYPE, OUTSIDER, READER, WRITER, messages

V1, V2 = f"/api/resource/{DOCTYPE}", f"/api/v2/document/{DOCTYPE}"


@pytest.fixture
def writer(client):
    return client(WRITER)


@pytest.fixture
def doc(writer):
    """A stored document as its creator was answered."""
    return writer.post(V1, json={"title": "First", "amount": 3, "rows": [{"part": "a", "count": 2}]}).json[
        "data"
    ]


def count(frappe_site):
    frappe.db.rollback()
    return frappe.db.count(DOCTYPE)


@pytest.mark.parametrize(
    "body",
    [
        {"json": {"title": "x"}},
        {"data": {"title": "x"}},
        {"data": {"data": '{"title": "x"}'}},
        {"json": {"data": '{"title": "x"}'}},
        {"data": '{"title": "x"}', "content_type": "application/json; charset=utf-8"},
    ],
)
def test_create_from_every_kind_of_body(writer, body):
    made = writer.post(V1, **body)
    assert made.status_code == 200 and made.json["data"]["title"] == "x"
    assert made.json["data"]["owner"] == WRITER


def test_read_update_delete(writer, doc):
    url = f"{V1}/{doc['name']}"
    assert writer.get(url).json["data"]["rows"][0]["count"] == 2
    changed = writer.put(url, json={"amount": 9}).json["data"]
    assert (changed["amount"], changed["title"]) == (9, "First")
    gone = writer.delete(url)
    assert (gone.status_code, gone.json) == (202, {"data": "ok"})
    missing = writer.get(url)
    assert (missing.status_code, missing.json["exc_type"]) == (404, "DoesNotExistError")


def test_v2_speaks_data_and_errors(writer):
    made = writer.post(V2, json={"title": "two"}).json["data"]
    url = f"{V2}/{made['name']}"
    assert writer.patch(url, json={"amount": 1}).json["data"]["amount"] == 1
    assert writer.put(url, json={"amount": 2}).json["data"]["amount"] == 2
    assert writer.get(f"/api/v2/doctype/{DOCTYPE}/meta").json["data"]["name"] == DOCTYPE
    assert writer.get(f"/api/v2/doctype/{DOCTYPE}/count").json["data"] >= 1
    assert writer.delete(url).status_code == 202
    error = writer.get(url).json["errors"][0]
    assert error["type"] == "DoesNotExistError" and "not found" in error["message"]
    refused = writer.post(V2, json={})
    assert (refused.status_code, refused.json["errors"][0]["type"]) == (417, "MandatoryError")


def test_v2_pages_say_whether_there_is_more(writer):
    for number in range(3):
        writer.post(V2, json={"title": f"page {number}"})
    page = writer.get(V2, query_string={"limit": 2, "filters": '{"title": ["like", "page%"]}'}).json
    assert len(page["data"]) == 2 and page["has_next_page"] is True
    rest = writer.get(V2, query_string={"limit": 500, "start": 1}).json
    assert rest["has_next_page"] is False


def test_v2_runs_methods_of_documents(writer, doc):
    assert writer.post(f"{V2}/{doc['name']}/method/add_comment", json={"text": "x"}).status_code in (200, 403)
    assert writer.get(f"{V2}/{doc['name']}/method/save").status_code == 403


def test_lists(writer):
    for number in range(25):
        writer.post(V1, json={"title": f"list {number:02}", "amount": number})
    mine = {"filters": '[["title", "like", "list%"]]'}
    assert len(writer.get(V1, query_string=mine).json["data"]) == 20
    assert len(writer.get(V1, query_string={**mine, "limit_page_length": 0}).json["data"]) == 25
    rows = writer.get(
        V1,
        query_string={
            **mine,
            "fields": '["title", "amount"]',
            "order_by": "amount desc",
            "limit_start": 1,
            "limit": 2,
        },
    ).json["data"]
    assert rows == [{"title": "list 23", "amount": 23}, {"title": "list 22", "amount": 22}]
    as_lists = writer.get(V1, query_string={**mine, "as_dict": "0", "limit": 1}).json["data"]
    assert isinstance(as_lists[0], list)
    either = {"or_filters": '[["amount", "=", 1], ["amount", "=", 2]]', "filters": "undefined"}
    assert writer.get(V1, query_string=either).status_code == 200


def test_child_tables_are_filtered_and_read_by_their_parent(writer, doc):
    found = writer.get(V1, query_string={"filters": json.dumps([[CHILD, "part", "=", "a"]])}).json["data"]
    assert {"name": doc["name"]} in found
    assert writer.get(f"/api/resource/{CHILD}").status_code == 403
    query = {"parent": DOCTYPE, "fields": '["part"]', "filters": '{"part": "a"}'}
    rows = writer.get(f"/api/resource/{CHILD}", query_string=query)
    assert {"part": "a"} in rows.json["data"]


def test_links_expand_where_they_may_be_read(writer, doc):
    other = writer.post(V1, json={"title": "friend of", "friend": doc["name"]}).json["data"]
    query = {"filters": json.dumps({"name": other["name"]}), "fields": '["name", "friend"]'}
    row = writer.get(V1, query_string={**query, "expand": '["friend"]'}).json["data"][0]
    assert row["friend"]["title"] == "First" and "secret" not in row["friend"]
    whole = writer.get(f"{V1}/{other['name']}", query_string={"expand_links": "true"}).json["data"]
    assert whole["friend"]["name"] == doc["name"]


@pytest.mark.parametrize(
    "query",
    [
        {"fields": '["no_such_field"]'},
        {"fields": "["},
        {"fields": '{"a": 1}'},
        {"fields": "[1]"},
        {"filters": "[["},
        {"filters": '[["nope", "=", 1]]'},
        {"filters": '[["title", "bogus", 1]]'},
        {"order_by": "bogus"},
        {"order_by": "title; drop table x"},
        {"group_by": "1 union select 1"},
        {"limit_start": "-5"},
        {"limit_page_length": "many"},
        {"limit_start": "9" * 30},
        {"fields": '["(select password from __Auth) as x"]'},
    ],
)
def test_nonsense_in_lists_is_the_clients_mistake(writer, query):
    answer = writer.get(V1, query_string=query)
    assert 400 <= answer.status_code < 500, answer.get_data(as_text=True)


def test_stale_documents_are_refused_and_nothing_is_written(writer, doc):
    url = f"{V1}/{doc['name']}"
    writer.put(url, json={"amount": 10})
    refused = writer.put(url, json={"amount": 11, "modified": doc["modified"]})
    assert (refused.status_code, refused.json["exc_type"]) == (417, "TimestampMismatchError")
    assert writer.get(url).json["data"]["amount"] == 10


def test_clients_cannot_take_a_document_or_its_stamps(writer, doc):
    values = {"owner": "Administrator", "creation": "2000-01-01", "name": "other", "amount": 5}
    after = writer.put(f"{V1}/{doc['name']}", json=values).json["data"]
    assert (after["owner"], after["name"], after["creation"]) == (WRITER, doc["name"], doc["creation"])


@pytest.mark.parametrize(
    "key", ["save", "flags", "_doc_before_save", "meta", "check_permission", "__islocal", "doctype"]
)
def test_names_of_methods_are_no_fields(writer, doc, key):
    answer = writer.put(f"{V1}/{doc['name']}", json={key: {"ignore_permissions": True}, "amount": 7})
    assert answer.status_code == 200 and answer.json["data"]["amount"] == 7


def test_flags_do_not_lift_permissions(client):
    outsider = client(OUTSIDER)
    body = {"title": "x", "flags": {"ignore_permissions": True}, "ignore_permissions": 1}
    assert outsider.post(V1, json=body).status_code == 403
    assert outsider.call("frappe.client.insert", doc={"doctype": DOCTYPE, **body}).status_code == 403


def test_nobody_reads_what_he_may_not(client, doc):
    for user in (None, OUTSIDER):
        other = client(user)
        assert other.get(V1).status_code == 403
        assert other.get(f"{V1}/{doc['name']}").status_code == 403
        assert other.get(f"{V1}/nothing-there").status_code == 403, "absence is no news for strangers"
        assert other.put(f"{V1}/{doc['name']}", json={"amount": 1}).status_code == 403
        assert other.delete(f"{V1}/{doc['name']}").status_code == 403
        assert other.get(f"/api/v2/doctype/{DOCTYPE}/count").status_code == 403
    reader = client(READER)
    assert reader.get(f"{V1}/{doc['name']}").status_code == 200
    assert reader.put(f"{V1}/{doc['name']}", json={"amount": 1}).status_code == 403
    assert reader.post(V1, json={"title": "x"}).status_code == 403


def test_fields_above_the_level_are_in_no_answer(client, writer, doc):
    client("Administrator").put(f"{V1}/{doc['name']}", json={"secret": "hidden words"})
    url = f"{V1}/{doc['name']}"
    answers = [
        writer.get(url),
        writer.put(url, json={"amount": 4, "secret": "mine"}),
        writer.get(f"{V2}/{doc['name']}"),
        writer.call("frappe.client.get", doctype=DOCTYPE, name=doc["name"]),
        writer.call(
            "frappe.client.set_value", doctype=DOCTYPE, name=doc["name"], fieldname="amount", value=5
        ),
        writer.call("run_doc_method", dt=DOCTYPE, dn=doc["name"], method="add_viewed"),
    ]
    for answer in answers:
        assert "hidden words" not in answer.get_data(as_text=True)
    stored = client("Administrator").get(url).json["data"]
    assert stored["secret"] == "hidden words"


def test_run_method_needs_a_whitelisted_one(writer, doc):
    url = f"{V1}/{doc['name']}"
    assert writer.get(url, query_string={"run_method": "nothing_of_the_kind"}).status_code == 404
    assert writer.get(url, query_string={"run_method": "db_set"}).status_code == 403
    assert writer.post(url, data={"run_method": "delete"}).status_code == 403
    assert writer.get(url).status_code == 200


def test_get_rolls_back_and_post_commits(client, frappe_site):
    before = count(frappe_site)
    admin = client("Administrator")
    values = json.dumps({"doctype": DOCTYPE, "title": "by get"})
    assert admin.get("/api/method/frappe.client.insert", query_string={"doc": values}).status_code == 403
    assert count(frappe_site) == before
    assert admin.post("/api/method/frappe.client.insert", data={"doc": values}).status_code == 200
    assert count(frappe_site) == before + 1


def test_a_failed_request_writes_nothing(client, frappe_site):
    before = count(frappe_site)
    docs = [{"doctype": DOCTYPE, "title": "good"}, {"doctype": DOCTYPE}]
    assert client(WRITER).call("frappe.client.insert_many", docs=docs).status_code == 417
    assert count(frappe_site) == before


@pytest.mark.parametrize(
    "path, verb, status",
    [
        ("/api/nothing", "GET", 404),
        ("/api/v2/nothing", "GET", 404),
        ("/api", "GET", 404),
        ("/api/resource/No Such DocType", "GET", 404),
        (V1, "PATCH", 405),
        ("/api/method/nothing", "GET", 417),
        ("/api/method/frappe.nothing.here", "GET", 417),
        ("/api/method/os.system", "POST", 417),
        ("/api/method/frappe.get_all", "GET", 403),
        ("/api/method/frappe.db.sql", "POST", 417),
        ("/api/method/frappe.__version__", "GET", 417),
    ],
)
def test_errors_are_json(client, path, verb, status):
    answer = client("Administrator").open(verb, path)
    assert answer.status_code == status
    assert answer.mimetype == "application/json" and ("exc_type" in answer.json or "errors" in answer.json)


def test_errors_are_pages_for_who_takes_only_pages(client):
    answer = client("Administrator").get(f"{V1}/nothing", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.mimetype) == (404, "text/html")
    page = client().get("/nothing/here", headers={"Accept": "text/html"})
    assert (page.status_code, page.mimetype) == (404, "text/html")


def test_tracebacks_only_where_the_site_allows(client, frappe_site):
    writer = client(WRITER)
    shown = writer.post(V1, json={}).json
    assert json.loads(shown["exc"])[0].startswith("Traceback") and "MandatoryError" in shown["exception"]
    assert messages(writer.post(V1, json={}))
    frappe.db.set_single_value("System Settings", "allow_error_traceback", 0)
    frappe.clear_document_cache("System Settings", "System Settings")
    frappe.db.commit()
    try:
        hidden = writer.post(V1, json={}).json
        assert "exc" not in hidden and "exception" not in hidden
        assert hidden["exc_type"] == "MandatoryError" and hidden["_server_messages"]
    finally:
        frappe.db.set_single_value("System Settings", "allow_error_traceback", 1)
        frappe.clear_document_cache("System Settings", "System Settings")
        frappe.db.commit()


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[1",
        b'"text"',
        b"\xff\xfe",
        b'{"title": "\\ud800"}',
        b"[" * 100_000,
        b'{"data": "{"}',
        b"[]",
        b"3",
    ],
)
def test_bodies_that_are_no_documents(writer, body):
    answer = writer.post(V1, data=body, content_type="application/json")
    assert answer.status_code == 417 and answer.mimetype == "application/json"


def test_an_empty_json_body_is_an_empty_dict(writer):
    answer = writer.post("/api/method/ping", data=b"", content_type="application/json")
    assert answer.json == {"message": "pong"}


def test_names_with_slashes_spaces_and_percents(client):
    admin = client("Administrator")
    for name in ("a/b c", "50%25 off", "双语 名"):
        frappe_name = name.replace("%25", "%")
        made = admin.post("/api/resource/Role", json={"role_name": frappe_name})
        assert made.status_code == 200
        from urllib.parse import quote

        url = f"/api/resource/Role/{quote(frappe_name, safe='')}"
        assert admin.get(url).json["data"]["name"] == frappe_name
        assert admin.get(url + "/").status_code == 200
        assert admin.delete(url).status_code == 202
