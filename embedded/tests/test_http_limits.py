"""Rate limits, headers, the request's id and log, CORS, maintenance, what guests see."""

import json
import sys
import types
from pathlib import Path

import frappe
import pytest
from http_host import DOCTYPE, READER, WRITER


@pytest.fixture
def module(monkeypatch, frappe_site):
    """A module of the app `frappe` with methods to call: `frappe.http_methods`."""
    from frappe.rate_limiter import rate_limit

    made = types.ModuleType("frappe.http_methods")
    monkeypatch.setitem(sys.modules, "frappe.http_methods", made)

    @frappe.whitelist(allow_guest=True)
    @rate_limit(limit=3, seconds=60)
    def by_address():
        return "in"

    @frappe.whitelist(allow_guest=True)
    @rate_limit(key="who", limit=2, seconds=60, ip_based=False, methods=["POST"])
    def by_key(who: str):
        return who

    @frappe.whitelist()
    def later(text: str):
        frappe.request.after_response.add(lambda: made.told.append(text))
        return "sent"

    @frappe.whitelist()
    def crash():
        frappe.get_doc(doctype=DOCTYPE, title="half").insert(ignore_permissions=True)
        raise RuntimeError("unforeseen")

    @frappe.whitelist()
    def unanswered():
        raise NotImplementedError("frappe.some_call")

    @frappe.whitelist(methods=["PUT"])
    def only_put(number: int, flag: bool = False):
        return [number, flag]

    made.told = []
    for function in (by_address, by_key, later, crash, unanswered, only_put):
        setattr(made, function.__name__, function)
    yield made
    frappe.cache.delete_keys("rl:")


def test_calls_are_limited_per_address(client, module):
    browser = client()
    statuses = [browser.call("frappe.http_methods.by_address", "GET").status_code for _ in range(3)]
    assert statuses == [200] * 3
    for forged in ("1.2.3.4", "5.6.7.8"):
        over = browser.get("/api/method/frappe.http_methods.by_address", headers={"X-Forwarded-For": forged})
        assert (over.status_code, over.json["exc_type"]) == (429, "RateLimitExceededError")
    assert browser.get("/api/v2/method/frappe.http_methods.by_address").status_code == 429


def test_calls_are_limited_per_key(client, module):
    browser = client()
    call = lambda who: browser.call("frappe.http_methods.by_key", who=who).status_code  # noqa: E731
    assert [call("a"), call("a"), call("a"), call("b")] == [200, 200, 429, 200]
    assert browser.call("frappe.http_methods.by_key", "GET", who="a").status_code == 200


def test_a_site_may_limit_its_whole_work(client, frappe_site):
    from frappe.installer import update_site_config

    update_site_config("rate_limit", {"limit": 0, "window": 3600})
    try:
        browser = client()
        answers = [browser.get("/api/method/ping") for _ in range(3)]
    finally:
        update_site_config("rate_limit", "None")
    assert answers[0].headers["X-RateLimit-Limit"] == "0"
    assert answers[-1].status_code == 429 and "Retry-After" in answers[-1].headers


def test_methods_and_types_are_checked(client, module):
    admin = client("Administrator")
    call = "/api/method/frappe.http_methods.only_put"
    assert admin.put(call, json={"number": "5", "flag": "1"}).json["message"] == [5, True]
    assert admin.post(call, json={"number": 5}).status_code == 403
    wrong = admin.put(call, json={"number": "five"})
    assert (wrong.status_code, wrong.json["exc_type"]) == (417, "FrappeTypeError")
    assert admin.put(call, json={}).status_code == 417
    assert admin.put(call, json={"number": 1, "fn": 1, "self": 2, "args": 3}).status_code == 200


def test_work_after_the_answer(client, module):
    assert client("Administrator").call("frappe.http_methods.later", text="done").json["message"] == "sent"
    assert module.told == ["done"]


def test_unforeseen_errors_are_500_rolled_back_and_kept(client, module):
    before = frappe.db.count("Error Log")
    answer = client("Administrator").call("frappe.http_methods.crash")
    assert (answer.status_code, answer.json["exc_type"]) == (500, "RuntimeError")
    frappe.db.rollback()
    assert frappe.db.count("Error Log") == before + 1
    assert not frappe.db.exists(DOCTYPE, {"title": "half"})


def test_what_is_not_answered_says_so(client, module):
    answer = client("Administrator").call("frappe.http_methods.unanswered")
    assert (answer.status_code, answer.json["exc_type"]) == (417, "NotImplementedError")
    assert "frappe.some_call" in answer.json["exception"]


def test_every_answer_has_the_security_headers(client):
    for path in ("/api/method/ping", "/api/resource/User", "/login", "/nothing", "/assets/frappe/login.js"):
        headers = client().get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "SAMEORIGIN"
        assert "default-src 'self'" in headers["Content-Security-Policy"]
        assert headers["Referrer-Policy"] and headers["X-Request-Id"]
        assert "Server" not in headers
    assert client().get("/api/method/ping").headers["Cache-Control"] == "no-store"


def test_cookies_are_secure_over_https(client):
    from http_host import PASSWORD

    answer = client().post(
        "/api/method/login", data={"usr": READER, "pwd": PASSWORD}, base_url="https://test.localhost"
    )
    assert all("Secure" in line for line in answer.headers.getlist("Set-Cookie"))
    assert "Strict-Transport-Security" in answer.headers
    forged = client().post(
        "/api/method/login",
        data={"usr": READER, "pwd": PASSWORD},
        headers={"X-Forwarded-Proto": "https"},
    )
    assert not any("Secure" in line for line in forged.headers.getlist("Set-Cookie"))


def test_the_request_is_logged_under_its_id(client, frappe_site):
    answer = client(READER).get(
        f"/api/resource/{DOCTYPE}", query_string={"secret": "words"}, headers={"X-Request-Id": "trace-42"}
    )
    assert answer.headers["X-Request-Id"] == "trace-42"
    text = Path(frappe.get_site_path("logs", "frappe.web.log")).read_text(encoding="utf-8")
    entry = next(line for line in map(json.loads, text.splitlines()) if line["request_id"] == "trace-42")
    assert (entry["user"], entry["method"], entry["status"]) == (READER, "GET", 200)
    assert "words" not in text
    for bad in ("x" * 100, "a b", "<script>"):
        assert client().get("/api/method/ping", headers={"X-Request-Id": bad}).headers["X-Request-Id"] != bad


def test_cors_only_for_named_origins(client, frappe_site):
    from frappe.installer import update_site_config

    origin = "https://portal.example"
    assert (
        "Access-Control-Allow-Origin"
        not in client().get("/api/method/ping", headers={"Origin": origin}).headers
    )
    update_site_config("allow_cors", [origin])
    try:
        allowed = client().open("OPTIONS", "/api/method/ping", headers={"Origin": origin})
        other = client().get("/api/method/ping", headers={"Origin": "https://evil.example"})
    finally:
        update_site_config("allow_cors", "None")
    assert allowed.headers["Access-Control-Allow-Origin"] == origin
    assert "Access-Control-Allow-Origin" not in other.headers


def test_maintenance(client, frappe_site):
    from frappe.installer import update_site_config

    update_site_config("maintenance_mode", 1)
    try:
        stopped = client(WRITER).get(f"/api/resource/{DOCTYPE}")
        update_site_config("allow_reads_during_maintenance", 1)
        read = client(WRITER).get(f"/api/resource/{DOCTYPE}")
        written = client(WRITER).post(f"/api/resource/{DOCTYPE}", json={"title": "x"})
    finally:
        update_site_config("maintenance_mode", 0)
        update_site_config("allow_reads_during_maintenance", 0)
    assert (stopped.status_code, stopped.json["exc_type"]) == (503, "SessionStopped")
    assert read.status_code == 200
    assert written.status_code == 503


def test_guests_read_no_list_of_anything(client, frappe_site):
    guest = client()
    for doctype in frappe.get_all("DocType", filters={"istable": 0, "issingle": 0}, pluck="name"):
        answer = guest.get(f"/api/resource/{doctype}")
        assert answer.status_code == 403 or not answer.json["data"], doctype
        assert guest.get(f"/api/v2/doctype/{doctype}/count").status_code == 403 or doctype, doctype
        assert guest.get(f"/api/v2/doctype/{doctype}/meta").status_code == 403


def test_what_guests_may_call_is_short(frappe_site):
    import frappe.app

    frappe.app.preload()
    known = {
        "frappe._web.ping",
        "frappe.handler.version",
        "frappe.handler.logout",
        "frappe.handler.web_logout",
        "frappe.handler.upload_file",
        "frappe.handler.download_file",
        "frappe.client.get_time_zone",
    }
    open_to_guests = {f"{method.__module__}.{method.__name__}" for method in frappe.guest_methods}
    of_the_host = {name for name in open_to_guests if "http_methods" not in name and "test_" not in name}
    assert known <= of_the_host


@pytest.mark.parametrize("name", ["../test.localhost", "nope.localhost", "..", "test.localhost/x", "a b"])
def test_sites_are_found_by_name_only(client, name, monkeypatch):
    browser = client()
    import frappe.app

    monkeypatch.setattr(frappe.app, "_site", None)
    assert browser.get("/api/method/ping", headers={"X-Frappe-Site-Name": name}).status_code == 404
    good = browser.get("/api/method/ping", headers={"X-Frappe-Site-Name": "test.localhost"})
    assert good.json == {"message": "pong"}
    by_host = browser.get("/api/method/ping", base_url="http://test.localhost:8000")
    assert by_host.status_code == 200
