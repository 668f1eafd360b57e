"""Webhooks: what is sent for which event, signed, tried again and logged; nothing of what is rolled back."""

import base64
import hashlib
import hmac
import json

import frappe
import pytest
from doctypes import field, make_doctype, make_user, rule
from sinks import HttpSink, running

DOCTYPE = "Webhook Test"
SIGNATURE = "X-Frappe-Webhook-Signature"


@pytest.fixture
def sink(frappe_site, monkeypatch):
    """An HTTP server; what the test commits is removed."""
    import frappe.integrations.doctype.webhook.delivery as delivery

    pauses = []
    monkeypatch.setattr(delivery.time, "sleep", pauses.append)
    make_doctype(
        DOCTYPE,
        [field("title"), field("count", "Int"), field("due", "Date")],
        [rule("System Manager", "read", "write", "create", "submit", "cancel", "delete")],
        is_submittable=1,
    )
    with running(HttpSink()) as server:
        server.pauses = pauses
        yield server
    frappe.set_user("Administrator")
    frappe.db.rollback()
    for doctype in ("Webhook", "Webhook Request Log", DOCTYPE):
        for name in frappe.get_all(doctype, pluck="name"):
            frappe.db.set_value(doctype, name, "docstatus", 0)
            frappe.delete_doc(doctype, name, force=True)
    frappe.db.commit()


def webhook(sink, event="after_insert", **values):
    fields = [{"fieldname": name, "key": name.upper()} for name in ("name", "title", "due")]
    return frappe.get_doc(
        {
            "doctype": "Webhook",
            "name": values.pop("name", event),
            "webhook_doctype": DOCTYPE,
            "webhook_docevent": event,
            "request_url": sink.url,
            "webhook_data": fields,
            **values,
        }
    ).insert()


def make(**values):
    return frappe.get_doc({"doctype": DOCTYPE, "title": "Lamp", **values}).insert()


def bodies(sink) -> list:
    return [json.loads(body) for _method, _path, _headers, body in sink.requests]


def test_sent_after_the_commit_with_the_chosen_fields(sink):
    webhook(sink)
    doc = make(due="2024-09-01")
    assert sink.requests == []
    frappe.db.commit()
    ((method, path, headers, body),) = sink.requests
    assert (method, path, headers["Content-Type"]) == ("POST", "/hook", "application/json")
    assert json.loads(body) == {"NAME": doc.name, "TITLE": "Lamp", "DUE": "2024-09-01"}
    assert SIGNATURE not in headers


def test_a_rollback_sends_nothing(sink):
    webhook(sink)
    frappe.db.commit()
    make()
    frappe.db.rollback()
    make(title="kept")
    frappe.db.commit()
    assert [body["TITLE"] for body in bodies(sink)] == ["kept"]


def test_the_events(sink):
    for event in (
        "after_insert",
        "on_update",
        "on_submit",
        "on_update_after_submit",
        "on_cancel",
        "on_trash",
        "on_change",
    ):
        webhook(sink, event, request_url=f"{sink.url}/{event}")
    doc = make()

    def happened():
        frappe.db.commit()
        paths = [path.rsplit("/", 1)[1] for _method, path, _headers, _body in sink.requests]
        sink.requests.clear()
        return paths

    assert happened() == ["after_insert", "on_update"]
    doc = frappe.get_doc(DOCTYPE, doc.name)
    doc.submit()
    assert happened() == ["on_update", "on_submit", "on_change"]
    frappe.get_doc(DOCTYPE, doc.name).save()
    assert happened() == ["on_update_after_submit", "on_change"]
    frappe.get_doc(DOCTYPE, doc.name).cancel()
    assert happened() == ["on_cancel", "on_change"]
    frappe.delete_doc(DOCTYPE, doc.name)
    assert happened() == ["on_trash", "on_change"]


def test_several_saves_in_one_transaction_send_the_last_state_once(sink):
    webhook(sink, "on_update")
    doc = make()
    doc.title = "Lantern"
    doc.save()
    frappe.db.commit()
    assert [body["TITLE"] for body in bodies(sink)] == ["Lantern"]


def test_the_condition_decides(sink):
    webhook(sink, condition="(doc.count or 0) > utils.cint('5')")
    make(count=5)
    make(count=6, title="big")
    frappe.db.commit()
    assert [body["TITLE"] for body in bodies(sink)] == ["big"]


def test_it_is_signed_and_carries_headers(sink):
    webhook(
        sink,
        enable_security=1,
        webhook_secret="secret of both",
        webhook_headers=[{"key": "Authorization", "value": "Bearer x"}, {"key": "X-Empty", "value": ""}],
    )
    make(title="灯")
    frappe.db.commit()
    ((_method, _path, headers, body),) = sink.requests
    expected = base64.b64encode(hmac.new(b"secret of both", body, hashlib.sha256).digest()).decode()
    assert headers[SIGNATURE] == expected and headers["Authorization"] == "Bearer x"
    assert "X-Empty" not in headers


def test_a_json_template_and_a_dynamic_address(sink):
    webhook(
        sink,
        request_structure="JSON",
        webhook_json='{"title": {{ doc.title | tojson }}, "twice": {{ doc.count * 2 }}}',
        is_dynamic_url=1,
        request_url=sink.url + "/{{ doc.count }}",
        request_method="PUT",
    )
    make(title='a "b"', count=4)
    frappe.db.commit()
    ((method, path, _headers, body),) = sink.requests
    assert (method, path, json.loads(body)) == ("PUT", "/hook/4", {"title": 'a "b"', "twice": 8})


def test_three_tries_each_logged(sink):
    webhook(sink)
    sink.answers = [500, 404]
    doc = make()
    frappe.db.commit()
    assert len(sink.requests) == 3 and sink.pauses == [1, 4]
    logs = frappe.get_all(
        "Webhook Request Log",
        {"reference_document": doc.name},
        ["url", "response", "error", "data", "webhook"],
        order_by="creation asc",
    )
    assert [bool(log.error) for log in logs] == [True, True, False]
    assert logs[2].response == '{"seen": true}' and logs[2].url == sink.url
    assert json.loads(logs[0].data)["NAME"] == doc.name and logs[0].webhook == "after_insert"
    sink.answers = [500] * 9
    sink.requests.clear()
    make()
    frappe.db.commit()
    assert len(sink.requests) == 3


def test_an_address_that_nobody_answers_hurts_nobody(sink):
    with running(HttpSink()) as gone:
        url = gone.url
    webhook(sink, request_url=url)
    doc = make()
    frappe.db.commit()
    assert frappe.db.exists(DOCTYPE, doc.name)
    errors = frappe.get_all("Webhook Request Log", {"reference_document": doc.name}, pluck="error")
    assert len(errors) == 3 and all("refused" in error for error in errors)


def test_only_http_is_spoken(sink):
    with pytest.raises(frappe.ValidationError):
        webhook(sink, request_url="file:///etc/passwd")
    webhook(sink, request_url="file://{{ doc.title }}/etc/passwd", is_dynamic_url=1)
    doc = make(title="")
    frappe.db.commit()
    logs = frappe.get_all("Webhook Request Log", {"reference_document": doc.name}, ["error", "response"])
    assert len(logs) == 3 and not any(log.response for log in logs)


def test_switching_off_and_deleting_take_effect_at_once(sink):
    hook = webhook(sink)
    hook.enabled = 0
    hook.save()
    make()
    frappe.db.commit()
    assert sink.requests == []
    hook.enabled = 1
    hook.save()
    frappe.delete_doc("Webhook", hook.name)
    make()
    frappe.db.commit()
    assert sink.requests == []


@pytest.mark.parametrize(
    "values, reason",
    [
        ({"webhook_doctype": "Note", "webhook_docevent": "on_submit"}, "Submittable"),
        ({"condition": "doc."}, "Invalid Condition"),
        ({"request_url": "nowhere"}, "Request URL"),
        ({"enable_security": 1}, "Secret"),
        (
            {"webhook_data": [{"fieldname": "title", "key": "a"}, {"fieldname": "title", "key": "b"}]},
            "more than once",
        ),
        ({"request_structure": "JSON", "webhook_json": "{{"}, "Syntax error"),
    ],
)
def test_what_is_refused(sink, values, reason):
    with pytest.raises(frappe.ValidationError, match=reason):
        webhook(sink, **values)


def test_only_system_managers_make_webhooks(sink):
    from frappe.integrations.doctype.webhook.webhook import get_all_queues

    user = make_user("wh_plain@example.org", "WH Plain")
    assert "default" in get_all_queues()
    frappe.set_user(user)
    with pytest.raises(frappe.PermissionError):
        webhook(sink)
    frappe.flags.in_test = False
    try:
        with pytest.raises(frappe.PermissionError):
            get_all_queues()
    finally:
        frappe.flags.in_test = True
