"""Repeated wrong passwords lock out for a while. These cases run last."""

import pytest

from .wire import Client, data, message, resource

LOCKED = (429, 500)  # 500: what Frappe 15 gives for its SecurityException


@pytest.fixture
def victim(world, manager):
    email = f"{world.prefix}-victim@example.com"
    user = {
        "email": email,
        "first_name": "Victim",
        "send_welcome_email": 0,
        "new_password": world.secret_word,
    }
    manager.post(resource("User"), user)
    return email


def test_many_wrong_passwords_lock_the_user_out(world, manager, victim):
    settings = data(manager.get(resource("System Settings", "System Settings")))
    allowed = settings["allow_consecutive_login_attempts"] or 10
    stranger = Client(world.url, world.host)  # from an address of its own, where the host believes that
    codes = [stranger.login(victim, f"wrong {attempt}").status_code for attempt in range(allowed + 2)]
    assert codes[0] == 401 and codes[-1] in LOCKED
    locked = stranger.login(victim, world.secret_word)
    assert locked.status_code in LOCKED
    assert locked.json()["exc_type"] == "SecurityException"


def test_a_token_is_not_locked_out(world, manager, victim):
    assert message(manager.ask("frappe.auth.get_logged_user")) == world.people["manager"]
