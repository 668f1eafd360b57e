"""run_doc_method: a whitelisted method of a document; the answer carries `docs` and `message` both."""

import json

import pytest

from .wire import data, ok, refused, resource


@pytest.fixture
def made(world, manager):
    answer = manager.post(resource(world.case), world.new_case(note="before"))
    return answer.json().get("data", {"doctype": world.case, "name": "none", "modified": "2000-01-01"})


def test_by_name_answers_docs_and_message(world, manager, made):
    arguments = {"text": "a remark", "comment_type": "Comment"}
    answer = ok(
        manager.call("run_doc_method", dt=world.case, dn=made["name"], method="add_comment", args=arguments)
    )
    assert answer["docs"][0]["name"] == made["name"]
    assert answer["message"]["content"] == "a remark"


def test_by_document(world, manager, made):
    answer = ok(
        manager.call("run_doc_method", docs=made, method="add_comment", args={"text": "from the form"})
    )
    assert (answer["docs"][0]["name"], answer["message"]["reference_name"]) == (made["name"], made["name"])


def test_by_document_as_text(world, manager, made):
    form = {"docs": json.dumps(made), "method": "add_comment", "args": json.dumps({"text": "form"})}
    answer = ok(manager.request("POST", "/api/method/run_doc_method", data=form))
    assert answer["message"]["content"] == "form"


def test_what_it_writes_stays(world, manager, made):
    ok(manager.call("run_doc_method", dt=world.case, dn=made["name"], method="submit"))
    assert data(manager.get(resource(world.case, made["name"])))["docstatus"] == 1


def test_without_an_answer_only_docs(world, manager, made):
    answer = ok(manager.call("run_doc_method", dt=world.case, dn=made["name"], method="submit"))
    assert answer["docs"][0]["docstatus"] == 1


def test_of_a_stale_document(world, manager, made):
    data(manager.put(resource(world.case, made["name"]), {"note": "newer"}))
    answer = manager.call("run_doc_method", docs=made, method="add_comment", args={"text": "late"})
    refused(answer, 417, "TimestampMismatchError")


def test_needs_the_right_to_read(world, nobody, made):
    answer = nobody.call("run_doc_method", dt=world.case, dn=made["name"], method="add_comment")
    refused(answer, 403, "PermissionError")


def test_only_what_is_whitelisted(world, manager, made):
    answer = manager.call("run_doc_method", dt=world.case, dn=made["name"], method="db_update")
    refused(answer, 403, "PermissionError")


def test_by_its_long_name(world, manager, made):
    answer = ok(
        manager.call(
            "frappe.handler.run_doc_method",
            dt=world.case,
            dn=made["name"],
            method="add_comment",
            args={"text": "long"},
        )
    )
    assert answer["message"]["content"] == "long"
