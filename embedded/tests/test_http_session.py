"""Signing in and out, cookies, API keys, CSRF, lock-out: the contract's first part."""

import frappe
import pytest
from http_host import DOCTYPE, KEYLESS, OUTSIDER, PASSWORD, READER, WRITER, basic

WHO = "frappe.auth.get_logged_user"


@pytest.fixture(autouse=True)
def no_lock(frappe_site):
    """Wrong logins of one test do not lock out the next."""

    def forget():
        frappe.cache.delete_value(["login_failed_count", "login_failed_time"])

    forget()
    yield
    forget()


def cookies(response):
    return {line.split("=", 1)[0]: line for line in response.headers.getlist("Set-Cookie")}


def test_login_sets_cookies_and_says_where_to_go(client):
    browser = client()
    answer = browser.login(WRITER)
    assert answer.status_code == 200
    assert answer.json == {"message": "Logged In", "home_page": "/app", "full_name": "http_writer"}
    set_cookies = cookies(answer)
    assert "HttpOnly" in set_cookies["sid"] and "SameSite=Lax" in set_cookies["sid"]
    assert {"user_id", "full_name", "system_user"} <= set(set_cookies)
    assert "HttpOnly" not in set_cookies["user_id"]
    assert browser.call(WHO, "GET").json == {"message": WRITER}


def test_login_takes_json(client):
    browser = client()
    assert browser.post("/api/method/login", json={"usr": WRITER, "pwd": PASSWORD}).status_code == 200
    assert browser.post("/", data={"cmd": "login", "usr": WRITER, "pwd": PASSWORD}).json["full_name"]


@pytest.mark.parametrize(
    "form",
    [
        {"usr": WRITER, "pwd": "wrong"},
        {"usr": "nobody@example.com", "pwd": PASSWORD},
        {"usr": WRITER},
        {"pwd": PASSWORD},
        {},
        {"usr": WRITER, "pwd": "x" * 600},
        {"usr": "Guest", "pwd": ""},
    ],
)
def test_wrong_logins_are_refused(client, form):
    browser = client()
    answer = browser.post("/api/method/login", data=form)
    assert answer.status_code == 401
    assert answer.json["exc_type"] == "AuthenticationError"
    assert browser.call(WHO, "GET").status_code == 403


def test_login_by_get_is_refused(client):
    answer = client().get("/api/method/login", query_string={"usr": WRITER, "pwd": PASSWORD})
    assert answer.status_code == 403


def test_disabled_users_are_out_at_once(client, frappe_site, http_site):
    browser, token = client(), client(OUTSIDER)
    assert browser.login(OUTSIDER).status_code == 200
    assert token.call(WHO, "GET").status_code == 200
    user = frappe.get_doc("User", OUTSIDER)
    user.enabled = 0
    user.save()
    frappe.db.commit()
    try:
        assert browser.call(WHO, "GET").status_code >= 400
        assert token.call(WHO, "GET").status_code == 401
        assert client().login(OUTSIDER).status_code == 401
    finally:
        user.enabled = 1
        user.save()
        frappe.db.commit()


def test_logout_ends_the_session(client, frappe_site):
    browser = client()
    browser.login(READER)
    sid = browser.werkzeug.get_cookie("sid").value
    assert browser.call("logout").status_code == 200
    assert browser.werkzeug.get_cookie("sid") is None
    assert not frappe.db.sql("select 1 from `tabSessions` where sid=%s", (sid,))
    browser.werkzeug.set_cookie("sid", sid)
    assert browser.call(WHO, "GET").status_code == 403


def test_an_unknown_session_is_a_guest_and_loses_its_cookie(client):
    browser = client()
    browser.werkzeug.set_cookie("sid", "f" * 56)
    answer = browser.get("/api/method/ping")
    assert answer.json["message"] == "pong" and answer.json["session_expired"] == 1
    assert browser.werkzeug.get_cookie("sid") is None


def test_an_expired_session_is_over(client, frappe_site):
    browser = client()
    browser.login(READER)
    sid = browser.werkzeug.get_cookie("sid").value
    frappe.db.sql("update `tabSessions` set lastupdate='2020-01-01' where sid=%s", (sid,))
    frappe.db.commit()
    assert browser.call(WHO, "GET").status_code == 403


def test_each_login_gets_a_session_of_its_own(client):
    browser = client()
    browser.werkzeug.set_cookie("sid", "chosen-by-somebody-else")
    browser.login(READER)
    first = browser.werkzeug.get_cookie("sid").value
    browser.login(READER)
    assert first != "chosen-by-somebody-else" and browser.werkzeug.get_cookie("sid").value != first


def test_api_keys_by_token_and_basic(client, http_site):
    token = http_site[READER]
    assert client(READER).call(WHO, "GET").json == {"message": READER}
    assert client().open("GET", f"/api/method/{WHO}", headers=basic(token)).json == {"message": READER}


@pytest.mark.parametrize(
    "header, status",
    [
        ("token {key}:wrong", 401),
        ("token nobody:{secret}", 401),
        ("token {key}", 401),
        ("Basic abc", 400),
        ("Bearer abc", 401),
        ("token :", 401),
    ],
)
def test_wrong_api_keys(client, http_site, header, status):
    key, secret = http_site[READER].split(":")
    header = header.format(key=key, secret=secret)
    answer = client().open("GET", "/api/method/ping", headers={"Authorization": header})
    assert answer.status_code == status


def test_csrf_is_asked_for_once_the_session_holds_a_token(client):
    browser = client()
    browser.login(WRITER)
    assert browser.post(f"/api/resource/{DOCTYPE}", json={"title": "before"}).status_code == 200
    page = browser.get("/").get_data(as_text=True)
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    assert len(token) > 20

    refused = browser.post(f"/api/resource/{DOCTYPE}", json={"title": "without"})
    assert (refused.status_code, refused.json["exc_type"]) == (400, "CSRFTokenError")
    wrong = browser.post(f"/api/resource/{DOCTYPE}", json={}, headers={"X-Frappe-CSRF-Token": "x"})
    assert wrong.status_code == 400
    right = browser.post(
        f"/api/resource/{DOCTYPE}", json={"title": "with"}, headers={"X-Frappe-CSRF-Token": token}
    )
    assert right.status_code == 200
    assert browser.get(f"/api/resource/{DOCTYPE}").status_code == 200


def test_too_many_wrong_logins_lock_out(client, frappe_site):
    browser = client()
    limit = frappe.get_doc("System Settings").allow_consecutive_login_attempts
    statuses = [browser.login(READER, "wrong").status_code for _ in range(limit + 3)]
    assert statuses[0] == 401 and statuses[-1] == 429
    assert browser.login(READER).status_code == 429
    frappe.cache.delete_value(["login_failed_count", "login_failed_time"])
    assert browser.login(READER).status_code == 200


def test_the_lock_holds_from_other_addresses_and_forged_ones(client, frappe_site):
    browser = client()
    limit = frappe.get_doc("System Settings").allow_consecutive_login_attempts
    for number in range(limit + 2):
        browser.post(
            "/api/method/login",
            data={"usr": READER, "pwd": "wrong"},
            headers={"X-Forwarded-For": f"10.0.0.{number}"},
        )
    answer = browser.post(
        "/api/method/login",
        data={"usr": WRITER, "pwd": PASSWORD},
        headers={"X-Forwarded-For": "10.9.9.9"},
    )
    assert answer.status_code == 429, "the address is locked, whatever the header says"


def test_failed_logins_are_kept(client, frappe_site):
    client().login(READER, "wrong")
    assert frappe.db.exists("Activity Log", {"user": READER, "status": "Failed", "operation": "Login"})


def test_keys_are_made_by_system_managers_only(client):
    method = "frappe.core.doctype.user.user.generate_keys"
    assert client(WRITER).call(method, user=WRITER).status_code == 403
    assert client().call(method, user=WRITER).status_code == 403
    assert client("Administrator").call(method, "GET", user=KEYLESS).status_code == 403
    made = client("Administrator").call(method, user=KEYLESS).json["message"]
    assert set(made) == {"api_key", "api_secret"}


def test_own_password_is_changed_with_the_old_one(client, frappe_site):
    method = "frappe.core.doctype.user.user.update_password"
    browser = client()
    browser.login(OUTSIDER)
    wrong = browser.call(method, new_password="another password", old_password="guess")
    assert wrong.status_code == 401
    browser.login(OUTSIDER)
    assert browser.call(method, new_password="short", old_password=PASSWORD).status_code == 417
    assert browser.call(method, new_password="another password", old_password=PASSWORD).status_code == 200
    assert client().login(OUTSIDER).status_code == 401
    assert client().login(OUTSIDER, "another password").status_code == 200
    from frappe.utils.password import update_password

    update_password(OUTSIDER, PASSWORD)
    frappe.db.commit()


def test_passwords_and_secrets_are_in_no_answer(client):
    answer = client("Administrator").get(f"/api/resource/User/{READER}")
    text = answer.get_data(as_text=True)
    assert "argon2" not in text
    assert set(answer.json["data"].get("api_secret", "*")) == {"*"}


def test_expired_sessions_are_cleared_daily(client, frappe_site):
    from frappe.sessions import clear_expired_sessions

    old, new = client(), client()
    for browser in (old, new):
        browser.login(READER)
    sids = [browser.werkzeug.get_cookie("sid").value for browser in (old, new)]
    frappe.db.sql("update `tabSessions` set lastupdate='2020-01-01' where sid=%s", (sids[0],))
    clear_expired_sessions()
    left = frappe.db.sql("select sid from `tabSessions` where sid in %s", (tuple(sids),), pluck=True)
    assert left == [sids[1]]
    assert "frappe.sessions.clear_expired_sessions" in frappe.get_hooks("scheduler_events")["daily"]


def test_a_site_may_allow_one_session_only(client, frappe_site):
    first, second = client(), client()
    frappe.db.set_single_value("System Settings", "deny_multiple_sessions", 1)
    frappe.clear_document_cache("System Settings", "System Settings")
    frappe.db.set_value("User", OUTSIDER, "simultaneous_sessions", 1)
    frappe.db.commit()
    try:
        first.login(OUTSIDER)
        second.login(OUTSIDER)
        assert first.call(WHO, "GET").status_code == 403
        assert second.call(WHO, "GET").status_code == 200
    finally:
        frappe.db.set_single_value("System Settings", "deny_multiple_sessions", 0)
        frappe.clear_document_cache("System Settings", "System Settings")
        frappe.db.commit()


def test_addresses_and_hours_of_users(client, frappe_site):
    user = frappe.get_doc("User", OUTSIDER)
    user.restrict_ip = "10.1.2., 10.9"
    user.save()
    frappe.db.commit()
    try:
        assert client().login(OUTSIDER).status_code == 401
        assert client(OUTSIDER).call(WHO, "GET").status_code == 401
        user.restrict_ip = "127.0.0."
        user.save()
        frappe.db.commit()
        assert client().login(OUTSIDER).status_code == 200
        assert client(OUTSIDER).call(WHO, "GET").status_code == 200
        hour = frappe.utils.now_datetime().hour
        user.restrict_ip, user.login_after = "", (hour + 2) if hour < 22 else 0
        user.login_before = 0 if user.login_after else hour
        user.save()
        frappe.db.commit()
        assert client().login(OUTSIDER).status_code == 401
    finally:
        user.restrict_ip, user.login_after, user.login_before = "", 0, 0
        user.save()
        frappe.db.commit()


def test_a_session_remembers_that_it_was_used(client, frappe_site):
    browser = client()
    browser.login(READER)
    sid = browser.werkzeug.get_cookie("sid").value
    earlier = frappe.utils.add_to_date(frappe.utils.now_datetime(), hours=-1)
    frappe.db.sql("update `tabSessions` set lastupdate=%s where sid=%s", (earlier, sid))
    frappe.db.commit()
    assert browser.call(WHO, "GET").status_code == 200
    frappe.db.rollback()
    lastupdate = frappe.db.sql("select lastupdate from `tabSessions` where sid=%s", (sid,))[0][0]
    assert frappe.utils.get_datetime(lastupdate) > frappe.utils.get_datetime(earlier)


def test_the_users_language_speaks(client, frappe_site):
    frappe.db.set_value("User", OUTSIDER, "language", "zh")
    frappe.clear_document_cache("User", OUTSIDER)
    frappe.db.commit()
    try:
        browser = client()
        browser.login(OUTSIDER)
        page = browser.get("/").get_data(as_text=True)
        assert '<html lang="zh">' in page
    finally:
        frappe.db.set_value("User", OUTSIDER, "language", None)
        frappe.clear_document_cache("User", OUTSIDER)
        frappe.db.commit()
