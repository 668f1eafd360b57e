"""`frappe.cache` and the decorators that use it."""

import os
import time

from host_site import SITE


def test_values_are_isolated_from_the_store(frappe_site):
    cache = frappe_site.cache
    value = {"rows": [1]}
    cache.set_value("k", value)
    value["rows"].append(2)
    assert cache.get_value("k") is value  # within the request, as in Frappe
    frappe_site.local.cache = {}
    assert cache.get_value("k") == {"rows": [1]}
    cache.get_value("k")["rows"].append(3)
    frappe_site.local.cache = {}
    assert cache().get_value("k") == {"rows": [1]}


def test_a_generator_fills_what_is_missing(frappe_site):
    made = []

    def make():
        made.append(1)
        return "made"

    assert frappe_site.cache.get_value("g", make) == "made"
    assert frappe_site.cache.get_value("g", make) == "made"
    assert frappe_site.cache.hget("h", "x", generator=make) == "made"
    assert frappe_site.cache.hget("h", "x", generator=make) == "made"
    assert len(made) == 2


def test_users_have_keys_of_their_own(frappe_site):
    cache = frappe_site.cache
    cache.set_value("mine", 1, user="a@example.com")
    assert cache.get_value("mine") is None
    assert cache.get_value("mine", user="a@example.com") == 1
    cache.delete_value("mine", user="a@example.com")
    assert cache.get_value("mine", user="a@example.com") is None


def test_values_expire(frappe_site):
    cache = frappe_site.cache
    cache.set_value("short", 1, expires_in_sec=0.05)
    assert cache.get_value("short", expires=True) == 1 and cache.exists("short")
    time.sleep(0.06)
    assert cache.get_value("short", expires=True) is None and not cache.exists("short")


def test_keys_are_deleted_by_prefix(frappe_site):
    cache = frappe_site.cache
    for key in ("doc::a", "doc::b", "other"):
        cache.set_value(key, key)
    cache.hset("doc::h", "x", 1)
    assert len(cache.get_keys("doc::")) == 3
    cache.delete_keys("doc::")
    assert cache.get_value("doc::a") is None and cache.hget("doc::h", "x") is None
    assert cache.get_value("other") == "other"


def test_hashes_lists_and_sets(frappe_site):
    cache = frappe_site.cache
    cache.hset("h", "a", {"x": 1})
    assert cache.hexists("h", "a") and cache.hkeys("h") == [b"a"] and cache.hgetall("h") == {b"a": {"x": 1}}
    cache.hdel("h", "a")
    assert cache.hget("h", "a") is None
    cache.rpush("l", "b")
    cache.lpush("l", "a")
    assert cache.lrange("l", 0, -1) == [b"a", b"b"] and cache.llen("l") == 2
    assert cache.rpop("l") == b"b" and cache.lpop("l") == b"a" and cache.lpop("l") is None
    cache.sadd("s", 1, 2)
    cache.srem("s", 1)
    assert cache.sismember("s", 2) and cache.smembers("s") == {b"2"}


def test_another_process_invalidates(frappe_site):
    cache = frappe_site.cache
    cache.set_value("shared", 1)
    cache.refresh()
    frappe_site.local.cache = {}
    assert cache.get_value("shared") == 1
    path = frappe_site.get_site_path("locks", "cache_version")
    with open(path, "ab") as handle:  # what another process does when it deletes a key
        handle.write(b".")
    cache.refresh()
    assert cache.get_value("shared") is None


def test_own_invalidation_keeps_the_rest(frappe_site):
    cache = frappe_site.cache
    cache.refresh()
    cache.set_value("kept", 1)
    cache.delete_value("whatever")
    cache.refresh()
    frappe_site.local.cache = {}
    assert cache.get_value("kept") == 1
    assert os.path.getsize(frappe_site.get_site_path("locks", "cache_version")) > 0


def test_request_cache_lasts_for_one_request(frappe_site):
    from frappe.utils.caching import request_cache

    calls = []

    @request_cache
    def add(a, b=0):
        calls.append((a, b))
        return a + b

    assert add(1) == add(1) == 1 and add(1, b=2) == 3
    assert len(calls) == 2
    sites = frappe_site.local.sites_path
    frappe_site.destroy()
    frappe_site.init(SITE, sites_path=sites)
    frappe_site.connect()
    add(1)
    assert len(calls) == 3


def test_site_cache_and_redis_cache(frappe_site):
    from frappe.utils.caching import redis_cache, site_cache

    calls = []

    @site_cache(ttl=60, maxsize=2)
    def by_site(x):
        calls.append(x)
        return x

    @redis_cache(ttl=60)
    def by_store(x):
        calls.append(x)
        return [x]

    assert by_site(1) == by_site(1) == 1 and by_store(2) == by_store(2) == [2]
    assert calls == [1, 2]
    by_site.clear_cache()
    by_store.clear_cache()
    by_site(1), by_store(2)
    assert calls == [1, 2, 1, 2]
    by_site(3), by_site(4), by_site(1)
    assert calls[4:] == [3, 4, 1]  # 1 was pushed out


def test_clear_cache_keeps_what_a_hook_names(frappe_site):
    from frappe.tests.utils import patch_hooks

    cache = frappe_site.cache
    cache.set_value("keep_me", 1)
    cache.set_value("drop_me", 1)
    with patch_hooks({"persistent_cache_keys": ["keep_"]}):
        frappe_site.clear_cache()
    assert cache.get_value("keep_me") == 1 and cache.get_value("drop_me") is None


def test_what_others_put_back_before_the_commit_is_forgotten_again(frappe_site):
    """A request that still sees the old rows must not leave them in the cache after the change."""
    cache = frappe_site.cache
    for forget in (
        lambda: cache.hdel("roles", "someone"),
        lambda: cache.delete_value("roles"),
        lambda: cache.delete_keys("rol"),
    ):
        cache.hset("roles", "someone", ["old"])
        frappe_site.db.sql("update `tabUser` set modified = modified where name = 'Guest'")
        forget()
        cache.hset("roles", "someone", ["old"])  # as another thread would
        frappe_site.db.commit()
        assert cache.hget("roles", "someone") is None


def test_a_rollback_forgets_no_more_than_was_forgotten(frappe_site):
    cache = frappe_site.cache
    frappe_site.db.sql("update `tabUser` set modified = modified where name = 'Guest'")
    cache.delete_value("kept")
    cache.set_value("kept", 1)
    frappe_site.db.rollback()
    frappe_site.db.sql("update `tabUser` set modified = modified where name = 'Guest'")
    frappe_site.db.commit()
    assert cache.get_value("kept") == 1


def test_news_of_other_processes_do_not_open_the_door(frappe_site):
    """Counters of wrong logins and of limited calls outlive what another process invalidates."""
    cache = frappe_site.cache
    cache.hset("login_failed_count", "someone", 7)
    cache.set_value("rl:method:address", 3, expires_in_sec=60)
    cache.set_value("something", "else")
    cache.refresh()
    with open(frappe_site.get_site_path("locks", "cache_version"), "a") as handle:
        handle.write("..")
    cache.refresh()
    assert cache.get_value("something") is None
    assert cache.hget("login_failed_count", "someone") == 7
    assert cache.get_value("rl:method:address", expires=True) == 3
