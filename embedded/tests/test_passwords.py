"""A forgotten password: a link by mail, to that user alone, good once and for a while."""

import datetime
import re

import frappe
import pytest
from http_host import OUTSIDER, PASSWORD, READER

RESET = "frappe.core.doctype.user.user.reset_password"
UPDATE = "frappe.core.doctype.user.user.update_password"
NEW = "a new long password"


@pytest.fixture
def browser(client, frappe_site):
    """A guest; limits, mails and passwords are afterwards as before."""
    from frappe.utils.password import update_password

    frappe.cache.delete_keys("rl:")
    yield client()
    frappe.db.rollback()
    frappe.cache.delete_keys("rl:")
    frappe.db.delete("Email Queue Recipient")
    frappe.db.delete("Email Queue")
    update_password(OUTSIDER, PASSWORD)
    frappe.db.commit()


def mailed_keys(to: str) -> list[str]:
    """The keys in the queued mails to one address."""
    frappe.db.rollback()  # a new look at what the host has committed
    queued = frappe.get_all("Email Queue Recipient", filters={"recipient": to}, pluck="parent")
    text = "".join(frappe.db.get_value("Email Queue", name, "message").replace("=\n", "") for name in queued)
    return sorted(set(re.findall(r"update-password\?key=(?:3D)?([0-9a-f]{32})", text)))


def test_the_mailed_key_sets_the_password_once(browser, client):
    assert browser.call(RESET, user=OUTSIDER).status_code == 200
    (key,) = mailed_keys(OUTSIDER)
    assert browser.call(UPDATE, new_password=NEW, key=key).status_code == 200
    assert client().login(OUTSIDER, NEW).status_code == 200
    assert client().login(OUTSIDER).status_code == 401
    assert browser.call(UPDATE, new_password="yet another one", key=key).status_code == 410
    assert client().login(OUTSIDER, NEW).status_code == 200


def test_the_key_is_stored_as_a_hash(browser):
    browser.call(RESET, user=OUTSIDER)
    (key,) = mailed_keys(OUTSIDER)
    assert frappe.db.get_value("User", OUTSIDER, "reset_password_key") not in (None, "", key)


def test_an_old_key_is_refused(browser):
    browser.call(RESET, user=OUTSIDER)
    (key,) = mailed_keys(OUTSIDER)
    an_hour_ago = frappe.utils.now_datetime() - datetime.timedelta(hours=1)
    frappe.db.set_value("User", OUTSIDER, "last_reset_password_key_generated_on", an_hour_ago)
    frappe.db.commit()
    assert browser.call(UPDATE, new_password=NEW, key=key).status_code == 410


@pytest.mark.parametrize("name", ["nobody@example.com", "Administrator", "Guest"])
def test_nobody_learns_who_has_an_account(browser, name):
    answers = [browser.call(RESET, user=user).json for user in (OUTSIDER, name)]
    for answer in answers:
        answer["_server_messages"] = re.sub(r"__frappe_exc_id[^,}]*", "", answer["_server_messages"])
    assert answers[0] == answers[1]
    assert mailed_keys(name) == []


def test_asking_is_limited(browser):
    codes = [browser.call(RESET, user="nobody@example.com").status_code for _ in range(5)]
    assert codes == [200, 200, 200, 429, 429]


def test_a_forged_host_is_not_where_the_link_leads(browser):
    browser.open("POST", f"/api/method/{RESET}", json={"user": READER}, headers={"Host": "evil.example"})
    frappe.db.rollback()
    parents = frappe.get_all("Email Queue Recipient", filters={"recipient": READER}, pluck="parent")
    assert parents
    assert "evil.example/update" not in str(frappe.db.get_value("Email Queue", parents[0], "message"))


@pytest.mark.parametrize("key", [None, "", "f" * 32])
def test_a_guest_without_a_key_sets_nothing(browser, client, key):
    assert browser.call(UPDATE, new_password=NEW, key=key).status_code in (403, 410)
    assert client().login(OUTSIDER).status_code == 200


def test_by_get_nothing_is_mailed(browser):
    assert browser.call(RESET, "GET", user=OUTSIDER).status_code == 403
    assert mailed_keys(OUTSIDER) == []


def test_the_page_of_the_link(browser):
    page = browser.get("/update-password?key=x")
    assert page.status_code == 200 and 'id="update-password"' in page.get_data(as_text=True)
