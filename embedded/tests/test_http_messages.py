"""Workflows, assignments and links of mails as clients see them over HTTP, and who is refused."""

import json
import re

import frappe
import pytest
from doctypes import field, make_doctype, make_user, rule
from host_site import SITE
from http_host import DOCTYPE, OUTSIDER, READER, WRITER, Client, token_of
from sinks import HttpSink, running

FLOW = "frappe.model.workflow"
CHECKER = "hm_checker@example.org"
PLAN = "HTTP Plan"


@pytest.fixture(autouse=True)
def connected(frappe_site):
    """The tests look into the database beside the server."""


@pytest.fixture
def checker(site, plan):
    """A client with the checker's token."""
    client = Client(site, SITE, token_of(CHECKER))
    yield client
    client.close()


@pytest.fixture
def plan(client):
    """A document of the writer's in the first state of an active workflow."""
    rights = ("read", "write", "create")
    make_user(CHECKER, "http_checker_role")
    roles = ("http_writer_role", "http_checker_role", "System Manager")
    make_doctype(PLAN, [field("title")], [rule(role, *rights) for role in roles])
    for doctype, key, names in (
        ("Workflow State", "workflow_state_name", ("Drafted", "Checked")),
        ("Workflow Action Master", "workflow_action_name", ("Check",)),
    ):
        for name in names:
            if not frappe.db.exists(doctype, name):
                frappe.get_doc({"doctype": doctype, key: name}).insert()
    states = [{"state": state, "doc_status": "0", "allow_edit": roles[0]} for state in ("Drafted", "Checked")]
    step = {"state": "Drafted", "action": "Check", "next_state": "Checked", "allowed": "http_checker_role"}
    frappe.get_doc(
        doctype="Workflow",
        workflow_name="HTTP Flow",
        document_type=PLAN,
        is_active=1,
        send_email_alert=1,
        states=states,
        transitions=[step],
    ).insert()
    frappe.db.commit()
    yield client(WRITER).post(f"/api/resource/{PLAN}", json={"title": "x"}).json["data"]
    frappe.db.rollback()
    frappe.delete_doc("Workflow", "HTTP Flow", force=True)
    frappe.db.commit()


def reference(doc) -> str:
    return json.dumps({"doctype": PLAN, "name": doc["name"]})


def test_a_step_over_the_api(client, checker, plan):
    assert plan["workflow_state"] == "Drafted"
    (step,) = checker.call(f"{FLOW}.get_transitions", doc=reference(plan)).json["message"]
    assert step["next_state"] == "Checked"
    refused = client(WRITER).call(f"{FLOW}.apply_workflow", doc=reference(plan), action="Check")
    assert (refused.status_code, refused.json["exc_type"]) == (417, "WorkflowTransitionError")
    outside = client(OUTSIDER).call(f"{FLOW}.apply_workflow", doc=reference(plan), action="Check")
    assert outside.status_code == 403
    changed = client(WRITER).put(f"/api/resource/{PLAN}/{plan['name']}", json={"workflow_state": "Checked"})
    assert (changed.status_code, changed.json["exc_type"]) == (417, "WorkflowPermissionError")
    done = checker.call(f"{FLOW}.apply_workflow", doc=reference(plan), action="Check")
    assert done.json["message"]["workflow_state"] == "Checked"


def test_a_clients_own_workflow_does_not_count(checker, plan):
    own = {"workflow_state_field": "title", "transitions": []}
    answer = checker.call(f"{FLOW}.get_transitions", doc=reference(plan), workflow=own)
    assert [step["action"] for step in answer.json["message"]] == ["Check"]


def test_the_mails_buttons_work_without_signing_in(client, plan):
    from frappe.workflow.doctype.workflow_action.mails import get_workflow_action_url

    frappe.db.rollback()  # see what the server has committed
    doc = frappe.get_doc(PLAN, plan["name"])
    link = get_workflow_action_url("Check", doc, CHECKER)
    path = link[link.index("/api/") :]
    guest = client()
    assert guest.get(path.replace("Check&", "Chuck&")).status_code == 200
    page = guest.get(path)
    assert page.status_code == 200 and "text/html" in page.content_type
    confirm = re.search(r'href="[^"]*(/api/method/[^"]*confirm_action[^"]*)"', page.text).group(1)
    confirm = confirm.replace("&amp;", "&")
    assert "Confirm: Check" in page.text
    assert "Invalid" in guest.get(confirm.replace("hm_checker", "http_writer")).text
    assert frappe.db.get_value(PLAN, plan["name"], "workflow_state") == "Drafted"
    frappe.db.rollback()
    assert "Checked" in guest.get(confirm).text
    assert frappe.db.get_value(PLAN, plan["name"], ["workflow_state", "modified_by"]) == ("Checked", CHECKER)
    frappe.db.rollback()
    assert "Expired" in guest.get(path).text
    assert guest.call("frappe.auth.get_logged_user", "GET").status_code == 403


def test_leaving_a_conversation_by_the_mails_link(client, plan):
    from frappe.email.queue import get_unsubcribed_url

    url = get_unsubcribed_url(
        PLAN, plan["name"], "p@example.org", "/api/method/frappe.email.queue.unsubscribe", None
    )
    path = url[url.index("/api/") :]
    gone = {"email": "p@example.org", "reference_name": plan["name"]}
    client().get(path.replace("p%40example", "q%40example"))
    client().post(path)
    frappe.db.rollback()
    assert not frappe.db.exists("Email Unsubscribe", {"reference_name": plan["name"]})
    page = client().get(path)
    assert "Unsubscribed" in page.text
    frappe.db.rollback()
    assert frappe.db.exists("Email Unsubscribe", gone)


def test_assigning_over_the_api(client, checker, plan):
    arguments = {"doctype": PLAN, "name": plan["name"], "assign_to": json.dumps([CHECKER])}
    outside = client(OUTSIDER).call("frappe.desk.form.assign_to.add", **arguments, ignore_permissions=1)
    assert outside.status_code == 403
    answer = client(WRITER).call("frappe.desk.form.assign_to.add", **arguments)
    assert [row["owner"] for row in answer.json["message"]] == [CHECKER]
    assert checker.get("/api/resource/ToDo").json["data"]
    assert not client(OUTSIDER).get("/api/resource/ToDo").json.get("data")
    removed = client(WRITER).call(
        "frappe.desk.form.assign_to.remove", doctype=PLAN, name=plan["name"], assign_to=CHECKER
    )
    assert removed.json["message"] == []


@pytest.mark.parametrize(
    "doctype",
    [
        "Workflow",
        "Notification",
        "Webhook",
        "Email Account",
        "Server Script",
        "Email Queue",
        "Webhook Request Log",
    ],
)
def test_what_only_administrators_see(client, doctype):
    for user in (READER, WRITER, OUTSIDER):
        assert client(user).get(f"/api/resource/{doctype}").status_code == 403
        assert client(user).post(f"/api/resource/{doctype}", json={"name": "x"}).status_code in (403, 417)
    assert not frappe.get_all(doctype, {"name": "x"})


def test_a_request_that_fails_calls_no_webhook(client, monkeypatch):
    calls = []
    monkeypatch.setattr(
        frappe, "enqueue", lambda method, **kwargs: calls.append((method, kwargs["doc"]["title"]))
    )
    with running(HttpSink()) as sink:
        frappe.get_doc(
            doctype="Webhook",
            name="HTTP Hook",
            webhook_doctype=DOCTYPE,
            webhook_docevent="after_insert",
            request_url=sink.url,
            webhook_data=[{"fieldname": "title", "key": "title"}],
        ).insert()
        frappe.db.commit()
        try:
            writer = client(WRITER)
            assert (
                writer.post(f"/api/resource/{DOCTYPE}", json={"title": "a", "friend": "none"}).status_code
                == 417
            )
            assert writer.post(f"/api/resource/{DOCTYPE}", json={"title": "b"}).status_code == 200
            assert calls == [("frappe.integrations.doctype.webhook.webhook.enqueue_webhook", "b")]
        finally:
            frappe.db.rollback()
            frappe.delete_doc("Webhook", "HTTP Hook", force=True)
            frappe.db.commit()
