"""Signing in and out, cookies, and the CSRF token of cookie sessions."""

import re

from .wire import data, message, names, ok, refused, resource, set_cookies

LOGIN = "/api/method/login"


def logged_user(client):
    return client.ask("frappe.auth.get_logged_user")


def test_login_answers_message_home_page_and_full_name(world, guest):
    answer = ok(guest.login(world.people["clerk"], world.secret_word))
    assert answer["message"] == "Logged In"
    assert answer["home_page"].startswith("/")
    assert answer["full_name"] == f"Clerk {world.prefix}"


def test_login_takes_json(world, guest):
    answer = guest.post(LOGIN, {"usr": world.people["clerk"], "pwd": world.secret_word})
    assert message(answer) == "Logged In"
    assert message(logged_user(guest)) == world.people["clerk"]


def test_login_by_cmd_at_the_root(world, guest):
    form = {"cmd": "login", "usr": world.people["clerk"], "pwd": world.secret_word}
    assert message(guest.request("POST", "/", data=form)) == "Logged In"
    assert message(logged_user(guest)) == world.people["clerk"]


def test_login_makes_the_session_that_later_requests_use(world):
    client = world.signed_in("clerk")
    assert message(logged_user(client)) == world.people["clerk"]


def test_sid_is_http_only_and_lax(world, guest):
    line = set_cookies(guest.login(world.people["clerk"], world.secret_word))["sid"]
    assert "HttpOnly" in line and "SameSite=Lax" in line and "Path=/" in line
    assert re.match(r"sid=[0-9a-zA-Z]{20,}", line)


def test_sid_is_not_the_same_twice(world):
    first, second = (world.signed_in("clerk").cookies()["sid"] for _ in range(2))
    assert first != second and "Guest" not in (first, second)


def test_cookie_user_id(world, guest):
    guest.login(world.people["clerk"], world.secret_word)
    assert guest.cookies()["user_id"] in (world.people["clerk"], world.people["clerk"].replace("@", "%40"))


def test_cookie_full_name(world, guest):
    guest.login(world.people["clerk"], world.secret_word)
    assert guest.cookies()["full_name"] == f"Clerk%20{world.prefix}"


def test_cookie_system_user(world, guest):
    guest.login(world.people["clerk"], world.secret_word)
    assert guest.cookies()["system_user"] == "yes"


def test_wrong_password_is_401(world, guest):
    answer = guest.login(world.people["clerk"], "wrong")
    refused(answer, 401, "AuthenticationError")
    assert answer.json()["message"] != "Logged In"


def test_wrong_password_opens_no_session(world, guest):
    guest.login(world.people["clerk"], "wrong")
    assert logged_user(guest).status_code == 403


def test_unknown_user_is_401(world, guest):
    refused(guest.login(f"{world.prefix}-none@example.com", "wrong"), 401, "AuthenticationError")


def test_login_without_password_is_401(world, guest):
    refused(guest.post(LOGIN, {"usr": world.people["clerk"]}), 401, "AuthenticationError")


def test_disabled_user_may_not_sign_in(world, manager, guest):
    email = f"{world.prefix}-gone@example.com"
    user = {"email": email, "first_name": "Gone", "send_welcome_email": 0, "new_password": world.secret_word}
    data(manager.post(resource("User"), {**user, "enabled": 0}))
    refused(guest.login(email, world.secret_word), 401, "AuthenticationError")


def test_logout_ends_the_session(world):
    client = world.signed_in("clerk")
    sid = client.cookies()["sid"]
    assert client.call("logout").status_code == 200
    again = world.anonymous()
    again.http.cookies.set("sid", sid)
    assert logged_user(again).status_code == 403


def test_logout_takes_the_cookie_back(world):
    client = world.signed_in("clerk")
    before = client.cookies()["sid"]
    answer = client.ask("logout")
    assert answer.status_code == 200
    assert before not in set_cookies(answer).get("sid", "sid=Guest")
    assert client.cookies().get("sid") in (None, "", "Guest")


def test_logout_by_cmd_as_old_clients_do(world):
    client = world.signed_in("clerk")
    assert client.get("/", cmd="logout").status_code == 200
    assert logged_user(client).status_code == 403


def test_an_invented_sid_is_a_guest(world, guest):
    guest.http.cookies.set("sid", "0123456789abcdef0123456789abcdef")
    assert logged_user(guest).status_code == 403


def test_a_cookie_client_that_never_loaded_a_page_writes(world):
    client = world.signed_in("clerk")
    title = world.title("no page")
    assert data(client.post(resource(world.case), {"title": title}))["name"] == title


def page_token(client) -> str:
    """The token that a booting page carries."""
    page = client.request("GET", "/app", allow_redirects=True, headers={"Accept": "text/html"})
    found = re.search(r"""csrf_token["']?\s*[=:]\s*["']([0-9a-zA-Z]{20,})""", page.text)
    assert page.status_code == 200 and found, page.text[:300]
    return found[1]


def test_a_booted_page_carries_a_csrf_token(world):
    client = world.signed_in("manager")
    assert page_token(client) == page_token(client)


def test_csrf_token_is_asked_of_post_once_there_is_one(world):
    client = world.signed_in("manager")
    page_token(client)
    title = world.title("csrf")
    answer = client.post(resource(world.case), {"title": title})
    refused(answer, 400, "CSRFTokenError")
    assert ok(client.list(world.case, filters={"title": title}))["data"] == []


def test_csrf_token_is_asked_of_put_and_delete(world, manager):
    title = data(manager.post(resource(world.case), world.new_case()))["name"]
    client = world.signed_in("manager")
    page_token(client)
    refused(client.put(resource(world.case, title), {"note": "x"}), 400, "CSRFTokenError")
    refused(client.delete(resource(world.case, title)), 400, "CSRFTokenError")
    assert data(manager.get(resource(world.case, title))).get("note") is None


def test_a_wrong_csrf_token_is_refused(world):
    client = world.signed_in("manager")
    page_token(client)
    headers = {"X-Frappe-CSRF-Token": "f" * 56}
    refused(client.post(resource(world.case), world.new_case(), headers=headers), 400, "CSRFTokenError")


def test_the_right_csrf_token_is_accepted(world):
    client = world.signed_in("manager")
    headers = {"X-Frappe-CSRF-Token": page_token(client)}
    title = world.title("csrf")
    assert data(client.post(resource(world.case), {"title": title}, headers=headers))["title"] == title


def test_csrf_token_as_a_form_field(world):
    client = world.signed_in("manager")
    form = {"csrf_token": page_token(client), "doctype": world.case, "filters": "{}"}
    answer = client.request("POST", "/api/method/frappe.client.get_count", data=form)
    assert message(answer) >= 5


def test_reading_needs_no_csrf_token(world):
    client = world.signed_in("manager")
    page_token(client)
    assert world.seeded("alpha") <= names(client.list(world.case, limit_page_length=0))


def test_token_clients_need_no_csrf_token(world, manager):
    page_token(world.signed_in("manager"))
    title = world.title("token")
    assert data(manager.post(resource(world.case), {"title": title}))["name"] == title
