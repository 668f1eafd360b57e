"""`frappe.client.*` and `run_doc_method`, each with someone who may and someone who may not."""

import frappe
import pytest
from http_host import CHILD, DOCTYPE, OUTSIDER, READER, WRITER


@pytest.fixture
def writer(client):
    return client(WRITER)


@pytest.fixture
def doc(writer):
    values = {"doctype": DOCTYPE, "title": "Client", "amount": 3, "rows": [{"part": "p", "count": 1}]}
    return writer.call("frappe.client.insert", doc=values).json["message"]


def test_the_life_of_a_document(writer, doc):
    saved = writer.call("frappe.client.save", doc={**doc, "amount": 4}).json["message"]
    assert saved["amount"] == 4
    submitted = writer.call("frappe.client.submit", doc=saved).json["message"]
    assert submitted["docstatus"] == 1
    cancelled = writer.call("frappe.client.cancel", doctype=DOCTYPE, name=doc["name"]).json["message"]
    assert cancelled["docstatus"] == 2
    assert writer.call("frappe.client.delete", doctype=DOCTYPE, name=doc["name"]).json == {}
    assert writer.call("frappe.client.get", doctype=DOCTYPE, name=doc["name"]).status_code == 404


def test_reading(writer, doc):
    call = writer.call
    name = doc["name"]
    assert call("frappe.client.get", "GET", doctype=DOCTYPE, name=name).json["message"]["title"] == "Client"
    found = call("frappe.client.get", doctype=DOCTYPE, filters={"name": name}).json["message"]
    assert found["name"] == name
    value = call("frappe.client.get_value", doctype=DOCTYPE, filters=name, fieldname="amount").json["message"]
    assert value == {"amount": 3}
    both = call(
        "frappe.client.get_value",
        "GET",
        doctype=DOCTYPE,
        filters=f'{{"name": "{name}"}}',
        fieldname='["title","amount"]',
    ).json["message"]
    assert both == {"title": "Client", "amount": 3}
    assert call("frappe.client.get_count", doctype=DOCTYPE, filters={"name": name}).json["message"] == 1
    rows = call("frappe.client.get_list", doctype=DOCTYPE, filters={"name": name}, fields=["title"])
    assert rows.json["message"] == [{"title": "Client"}]
    allowed = call("frappe.client.has_permission", doctype=DOCTYPE, docname=name, perm_type="write")
    assert allowed.json["message"] == {"has_permission": True}
    rights = call("frappe.client.get_doc_permissions", doctype=DOCTYPE, docname=name).json["message"]
    assert rights["permissions"]["write"] == 1
    link = call("frappe.client.validate_link", doctype=DOCTYPE, docname=name, fields=["title"])
    assert link.json["message"] == {"name": name, "title": "Client"}


def test_writing(writer, doc):
    call, name = writer.call, doc["name"]
    one = call("frappe.client.set_value", doctype=DOCTYPE, name=name, fieldname="amount", value=8)
    assert one.json["message"]["amount"] == 8
    many = call(
        "frappe.client.set_value",
        doctype=DOCTYPE,
        name=name,
        fieldname={"amount": 9, "title": "T", "owner": "Administrator", "modified": "2000-01-01"},
    ).json["message"]
    assert (many["amount"], many["title"], many["owner"]) == (9, "T", WRITER)
    refused = call("frappe.client.set_value", doctype=DOCTYPE, name=name, fieldname="owner", value="x")
    assert refused.status_code == 417
    row = doc["rows"][0]["name"]
    child = call("frappe.client.set_value", doctype=CHILD, name=row, fieldname="count", value=5)
    assert child.json["message"]["rows"][0]["count"] == 5
    names = call("frappe.client.insert_many", docs=[{"doctype": DOCTYPE, "title": t} for t in "ab"])
    assert len(names.json["message"]) == 2
    too_many = call("frappe.client.insert_many", docs=[{"doctype": DOCTYPE, "title": "x"}] * 201)
    assert too_many.status_code == 417
    with_row = call(
        "frappe.client.insert",
        doc={"doctype": CHILD, "parenttype": DOCTYPE, "parent": name, "parentfield": "rows", "part": "q"},
    ).json["message"]
    assert [row["part"] for row in with_row["rows"]] == ["p", "q"]
    assert call("frappe.client.delete", doctype=CHILD, name=row).status_code == 200
    left = call("frappe.client.get", doctype=DOCTYPE, name=name).json["message"]["rows"]
    assert [row["part"] for row in left] == ["q"]


def test_bulk_update_keeps_the_good_and_tells_the_bad(writer, doc):
    docs = [
        {"doctype": DOCTYPE, "docname": doc["name"], "amount": 77},
        {"doctype": DOCTYPE, "docname": "missing", "amount": 1},
        {"doctype": DOCTYPE, "docname": doc["name"], "title": ""},
    ]
    import json

    failed = writer.call("frappe.client.bulk_update", docs=json.dumps(docs)).json["message"]["failed_docs"]
    assert len(failed) == 2
    after = writer.call("frappe.client.get", doctype=DOCTYPE, name=doc["name"]).json["message"]
    assert (after["amount"], after["title"]) == (77, "Client")


def test_rename(client):
    admin = client("Administrator")
    admin.post("/api/resource/Role", json={"role_name": "Old Role"})
    renamed = admin.call(
        "frappe.client.rename_doc", doctype="Role", old_name="Old Role", new_name="Renamed Role"
    )
    assert renamed.json["message"] == "Renamed Role"
    assert client(WRITER).call(
        "frappe.client.rename_doc", doctype="Role", old_name="Renamed Role", new_name="X"
    ).status_code in (403, 417)
    admin.call("frappe.client.delete", doctype="Role", name="Renamed Role")


def test_singles(client):
    admin = client("Administrator")
    single = admin.call("frappe.client.get_single_value", doctype="System Settings", field="language")
    assert single.json["message"] == "en"
    value = admin.call("frappe.client.get_value", doctype="System Settings", fieldname="language")
    assert value.json["message"] == {"language": "en"}
    other = client(WRITER)
    for method, fieldname in (("get_single_value", "field"), ("get_value", "fieldname")):
        asked = other.call(f"frappe.client.{method}", doctype="System Settings", **{fieldname: "language"})
        assert asked.status_code == 403


REFUSED = [
    ("get_list", {"doctype": DOCTYPE}),
    ("get_count", {"doctype": DOCTYPE}),
    ("get", {"doctype": DOCTYPE, "name": "NAME"}),
    ("get_value", {"doctype": DOCTYPE, "fieldname": "title", "filters": {"name": "NAME"}}),
    ("get_single_value", {"doctype": "System Settings", "field": "language"}),
    ("set_value", {"doctype": DOCTYPE, "name": "NAME", "fieldname": "title", "value": "x"}),
    ("insert", {"doc": {"doctype": DOCTYPE, "title": "x"}}),
    ("insert_many", {"docs": [{"doctype": DOCTYPE, "title": "x"}]}),
    ("save", {"doc": {"doctype": DOCTYPE, "name": "NAME", "title": "x"}}),
    ("submit", {"doc": {"doctype": DOCTYPE, "name": "NAME", "title": "x"}}),
    ("cancel", {"doctype": DOCTYPE, "name": "NAME"}),
    ("delete", {"doctype": DOCTYPE, "name": "NAME"}),
    ("rename_doc", {"doctype": DOCTYPE, "old_name": "NAME", "new_name": "y"}),
    ("get_password", {"doctype": "User", "name": READER, "fieldname": "api_secret"}),
    ("attach_file", {"filename": "x.txt", "filedata": "x", "doctype": DOCTYPE, "docname": "NAME"}),
    ("validate_link", {"doctype": DOCTYPE, "docname": "NAME"}),
    ("is_document_amended", {"doctype": DOCTYPE, "docname": "NAME"}),
]


@pytest.mark.parametrize("method, arguments", REFUSED, ids=[method for method, _ in REFUSED])
def test_outsiders_and_guests_are_refused(client, doc, frappe_site, method, arguments):
    arguments = {key: doc["name"] if value == "NAME" else value for key, value in arguments.items()}
    if isinstance(arguments.get("doc"), dict) and arguments["doc"].get("name"):
        arguments["doc"] = {**doc, "title": "x"}
    for user in (OUTSIDER, None):
        answer = client(user).call(f"frappe.client.{method}", **arguments)
        assert answer.status_code in (403, 417) and "message" not in answer.json, (user, answer.json)
        assert answer.json["exc_type"] in ("PermissionError", "ValidationError")
    frappe.db.rollback()
    stored = frappe.db.get_value(DOCTYPE, doc["name"], ["title", "docstatus"], as_dict=True)
    assert (stored.title, stored.docstatus) == ("Client", 0)


def test_strangers_learn_no_rights(client, doc):
    answer = client(OUTSIDER).call("frappe.client.has_permission", doctype=DOCTYPE, docname=doc["name"])
    assert answer.json.get("message") in (None, {"has_permission": False})
    reader = client(READER).call(
        "frappe.client.has_permission", doctype=DOCTYPE, docname=doc["name"], perm_type="write"
    )
    assert reader.json["message"] == {"has_permission": False}


def test_missing_arguments_are_the_clients_mistake(writer):
    for method in ("get_value", "set_value", "cancel", "rename_doc"):
        assert writer.call(f"frappe.client.{method}").status_code == 417


def test_run_doc_method_answers_docs_and_message(client, doc):
    import json

    admin = client("Administrator")
    stored = admin.call("run_doc_method", dt="HTTP Test", dn=doc["name"], method="get_title_nothing")
    assert stored.status_code == 404
    refused = client(OUTSIDER).call("run_doc_method", dt=DOCTYPE, dn=doc["name"], method="add_viewed")
    assert refused.status_code == 403
    not_listed = admin.post(
        "/api/method/run_doc_method", data={"docs": json.dumps(doc), "method": "db_set", "args": "{}"}
    )
    assert not_listed.status_code == 403
