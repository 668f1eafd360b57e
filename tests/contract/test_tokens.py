"""API keys: `token`, `Basic`, `Bearer`; and how a user comes by them."""

import base64

from .wire import Client, data, message, refused, resource

WHO = "frappe.auth.get_logged_user"
GENERATE = "frappe.core.doctype.user.user.generate_keys"


def asking(world, authorization: str):
    client = world.anonymous()
    client.http.headers["Authorization"] = authorization
    return client.ask(WHO)


def basic(text: str) -> str:
    return "Basic " + base64.b64encode(text.encode()).decode()


def test_token(world):
    token = world.tokens.get("clerk", "key:secret")
    assert message(asking(world, f"token {token}")) == world.people["clerk"]


def test_token_word_in_any_case(world):
    token = world.tokens.get("clerk", "key:secret")
    assert message(asking(world, f"Token {token}")) == world.people["clerk"]


def test_basic(world):
    assert message(asking(world, basic(world.tokens.get("clerk", "key:secret")))) == world.people["clerk"]


def test_token_with_a_wrong_secret(world):
    key = world.tokens.get("clerk", "key:secret").split(":")[0]
    refused(asking(world, f"token {key}:wrong"), 401, "AuthenticationError")


def test_token_with_an_unknown_key(world):
    refused(asking(world, "token nokey:nosecret"), 401, "AuthenticationError")


def test_basic_with_a_wrong_secret(world):
    key = world.tokens.get("clerk", "key:secret").split(":")[0]
    refused(asking(world, basic(f"{key}:wrong")), 401, "AuthenticationError")


def test_basic_that_is_no_base64(world):
    answer = asking(world, "Basic x")
    assert answer.status_code in (400, 401)
    assert answer.json()["exc_type"] in ("InvalidAuthorizationToken", "AuthenticationError")


def test_token_without_a_colon(world):
    refused(asking(world, "token abc"), 401, "AuthenticationError")


def test_an_unknown_bearer_token(world):
    refused(asking(world, "Bearer abcdef"), 401, "AuthenticationError")


def test_a_wrong_token_is_refused_even_where_a_guest_is_welcome(world):
    client = Client(world.url, world.host, token="nokey:nosecret")
    refused(client.ask("ping"), 401, "AuthenticationError")


def test_a_token_gives_no_session(world, clerk):
    answer = clerk.ask(WHO)
    assert message(answer) == world.people["clerk"]
    assert "sid" not in clerk.cookies() or clerk.cookies()["sid"] == "Guest"


def make_user(world, manager, text: str) -> str:
    email = f"{world.prefix}-{text}@example.com"
    data(manager.post(resource("User"), {"email": email, "first_name": text, "send_welcome_email": 0}))
    return email


def test_generate_keys_answers_the_secret(world, manager):
    email = make_user(world, manager, "keys")
    answer = message(manager.call(GENERATE, user=email))
    assert len(answer["api_secret"]) >= 15
    assert set(answer) <= {"api_secret", "api_key"}  # api_key: from v16 on
    key = data(manager.get(resource("User", email)))["api_key"]
    assert answer.get("api_key", key) == key
    assert message(asking(world, f"token {key}:{answer['api_secret']}")) == email


def test_generate_keys_again_keeps_the_key_and_ends_the_old_secret(world, manager):
    email = make_user(world, manager, "keys2")
    secrets = [message(manager.call(GENERATE, user=email))["api_secret"] for _ in range(2)]
    key = data(manager.get(resource("User", email)))["api_key"]
    refused(asking(world, f"token {key}:{secrets[0]}"), 401, "AuthenticationError")
    assert message(asking(world, f"token {key}:{secrets[1]}")) == email


def test_generate_keys_is_for_system_managers(world, clerk):
    refused(clerk.call(GENERATE, user=world.people["clerk"]), 403, "PermissionError")


def test_generate_keys_by_get_is_refused(world, manager):
    refused(manager.ask(GENERATE, user=world.people["nobody"]), 403, "PermissionError")


def test_a_secret_is_in_no_answer(world, manager):
    user = data(manager.get(resource("User", world.people["clerk"])))
    secret = world.tokens.get("clerk", "key:secret").split(":")[1]
    assert user["name"] == world.people["clerk"]
    assert secret not in str(user) and world.secret_word not in str(user)
