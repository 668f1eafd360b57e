"""Cache and jobs on a real Redis, with RQ's workers. Skipped where there is no redis-server."""

import json
import os
import pickle
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import job_bodies
import pytest
from host_site import SITE
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

BENCH = Path(sys.executable).parent / "bench"
SERVER = shutil.which("redis-server")

pytestmark = pytest.mark.skipif(not SERVER, reason="there is no redis-server on this machine")


@pytest.fixture(scope="module")
def redis_url(tmp_path_factory):
    """Address of a Redis of the tests' own, on a free port of the loopback interface."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder = tmp_path_factory.mktemp("redis")
    server = subprocess.Popen(
        [SERVER, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)],
        stdout=subprocess.DEVNULL,
    )
    import redis

    client = redis.Redis(port=port)
    for _attempt in range(200):
        try:
            client.ping()
            break
        except redis.exceptions.ConnectionError:
            time.sleep(0.02)
    yield f"redis://127.0.0.1:{port}"
    server.terminate()
    server.wait(10)


@pytest.fixture
def on_redis(site, redis_url):
    """The site's `frappe`, configured for the Redis, which is empty."""
    import frappe
    import redis

    redis.Redis.from_url(redis_url).flushall()
    path = site / SITE / "site_config.json"
    before = path.read_text()
    path.write_text(json.dumps({**json.loads(before), "redis_queue": redis_url, "redis_cache": redis_url}))
    try:
        frappe.init(SITE, sites_path=str(site), force=True)
        frappe.connect()
        frappe.flags.in_test = True
        frappe.db.sql("delete from tabNote")
        frappe.db.sql("delete from `tabError Log`")
        frappe.db.commit()
        yield frappe
        frappe.db.rollback()
        frappe.destroy()
    finally:
        path.write_text(before)
        frappe.init("", sites_path=str(site), force=True)
        frappe.destroy()


def start_worker(site, *options):
    environment = {**os.environ, "SITES_PATH": str(site), "PYTHONPATH": str(Path(__file__).parent)}
    return subprocess.Popen(
        [str(BENCH), "--site", SITE, "worker", "--quiet", *options],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def work(site, *options):
    out, _err = start_worker(site, "--burst", *options).communicate(timeout=60)
    return out


def notes(frappe):
    frappe.db.rollback()
    return frappe.db.sql_list("select title from tabNote order by rowid")


# --- the cache

KEYS, FIELDS = st.sampled_from(["a", "ab", "b", "c:1"]), st.sampled_from(["x", "y"])
VALUES = st.sampled_from([0, "", "text", b"bytes", [1, {"a": None}], None, 2.5])
ITEMS = st.sampled_from(["1", "2", b"3"])
OPERATIONS = st.lists(
    st.one_of(
        st.tuples(st.just("set_value"), KEYS, VALUES),
        st.tuples(st.just("get_value"), KEYS),
        st.tuples(st.just("delete_value"), st.lists(KEYS, max_size=2)),
        st.tuples(st.just("delete_keys"), KEYS),
        st.tuples(st.just("get_keys"), KEYS),
        st.tuples(st.just("exists"), KEYS),
        st.tuples(st.just("hset"), KEYS.map("h{}".format), FIELDS, VALUES),
        st.tuples(st.just("hget"), KEYS.map("h{}".format), FIELDS),
        st.tuples(st.just("hget_shared"), KEYS.map("h{}".format), FIELDS),
        st.tuples(st.just("hgetall"), KEYS.map("h{}".format)),
        st.tuples(st.just("hkeys"), KEYS.map("h{}".format)),
        st.tuples(st.just("hexists"), KEYS.map("h{}".format), FIELDS),
        st.tuples(st.just("hdel"), KEYS.map("h{}".format), FIELDS),
        st.tuples(st.just("hdel_keys"), st.sampled_from(["h", "ha"]), FIELDS),
        st.tuples(st.sampled_from(["lpush", "rpush"]), KEYS.map("l{}".format), ITEMS),
        st.tuples(st.sampled_from(["lpop", "rpop", "llen"]), KEYS.map("l{}".format)),
        st.tuples(st.just("lrange"), KEYS.map("l{}".format), st.just(0), st.sampled_from([-1, 0, 1])),
        st.tuples(st.just("ltrim"), KEYS.map("l{}".format), st.just(0), st.sampled_from([-1, 0])),
        st.tuples(st.sampled_from(["sadd", "srem", "sismember"]), KEYS.map("s{}".format), ITEMS),
        st.tuples(st.just("smembers"), KEYS.map("s{}".format)),
        st.tuples(st.just("new request")),
    ),
    max_size=30,
)


@given(operations=OPERATIONS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_cache_on_redis_is_the_cache_in_this_process(site, on_redis, operations):
    from frappe.utils.redis_wrapper import RedisWrapper

    frappe = on_redis
    stores = [frappe.cache, RedisWrapper()]
    frappe.cache.flushall()
    local = [{}, {}]
    for name, *arguments in operations:
        if name == "new request":
            local = [{}, {}]
            continue
        answers = []
        for number, store in enumerate(stores):
            frappe.local.cache = local[number]
            answer = getattr(store, name)(*arguments)
            answers.append(sorted(answer) if name in ("get_keys", "hkeys") else answer)
        assert answers[0] == answers[1], (name, arguments)


def test_the_cache_is_shared_with_other_processes(on_redis, site):
    from frappe.utils.redis_cache import RedisCache

    frappe = on_redis
    assert (
        isinstance(frappe.cache, RedisCache) and frappe.cache.connected() and frappe.cache() is frappe.cache
    )
    frappe.cache.set_value("told", {"by": "here"})
    frappe.cache.set_value("for a moment", 1, expires_in_sec=1)
    assert frappe.cache.get_value("for a moment", expires=True) == 1
    environment = {**os.environ, "SITES_PATH": str(site)}
    out = subprocess.run(
        [str(BENCH), "--site", SITE, "execute", "frappe.cache.get_value", "--args", "['told']"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert json.loads(out) == {"by": "here"}
    time.sleep(1.1)
    assert frappe.cache.get_value("for a moment", expires=True) is None
    meta = frappe.get_meta("Note")
    frappe.local.cache = {}
    assert frappe.get_meta("Note").get_field("title").label == meta.get_field("title").label
    assert frappe.cache.get_keys("doctype_meta") == [frappe.cache.make_key("doctype_meta")]
    frappe.clear_cache()
    assert frappe.cache.get_keys("doctype_meta") == []


def test_values_of_users_and_shared_ones(on_redis):
    cache = on_redis.cache
    cache.set_value("k", "mine", user=True)
    cache.set_value("k", "all", shared=True)
    on_redis.local.cache = {}
    assert cache.get_value("k", user="Administrator") == "mine" and cache.get_value("k") is None
    assert cache.get_value("k", shared=True) == "all" and pickle.loads(cache.get("k")) == "all"
    assert cache.get_value("made", generator=lambda: 7) == 7 and cache.get_all("made") == {"made": 7}
    cache.clear_site(keep=["made"])
    on_redis.local.cache = {}
    assert cache.get_value("k", user=True) is None and cache.get_value("made") == 7
    assert cache.get_value("k", shared=True) == "all"


def test_a_redis_that_is_gone_counts_as_empty(on_redis):
    from frappe.utils.redis_cache import RedisCache

    cache = RedisCache.from_url("redis://127.0.0.1:1")
    assert not cache.connected()
    cache.set_value("a", 1)
    on_redis.local.cache = {}
    assert cache.get_value("a") is None and cache.get_value("b", generator=lambda: 2) == 2
    cache.hset("h", "k", 1)
    on_redis.local.cache = {}
    assert cache.hget("h", "k") is None and cache.hgetall("h") == {} and cache.hkeys("h") == []
    assert cache.get_keys("a") == [] and cache.exists("a") == 0 and not cache.hexists("h", "k")
    cache.delete_value("a")
    cache.hdel("h", "k")


# --- jobs


def test_a_worker_runs_jobs(on_redis, site):
    from frappe.utils.background_jobs import get_job, get_job_status, get_queue, get_workers, is_job_enqueued

    frappe = on_redis
    frappe.set_user("Guest")
    job = frappe.enqueue(job_bodies.who, job_id="who is it?")
    frappe.set_user("Administrator")
    frappe.enqueue(job_bodies.write, text="long", queue="long")
    frappe.enqueue(job_bodies.write, text="short", queue="short")
    frappe.enqueue_doc("Note", None, "missing", queue="short")
    assert get_job_status("who is it?") == "queued" and is_job_enqueued("who is it?")
    assert get_queue("long").count == 1 and get_workers() == []
    work(site, "--queue", "short,default")
    assert notes(frappe) == ["short first", "short second"]
    work(site)
    assert notes(frappe)[-1] == "long second"
    assert job.get_status() == "finished" and job.return_value() == "Guest"
    assert get_job("who is it?").is_finished and get_job("other") is None and get_job_status("other") is None


def test_deduplicate(on_redis, site):
    frappe = on_redis
    assert frappe.enqueue(job_bodies.write, job_id="x", deduplicate=True, text="1")
    assert frappe.enqueue(job_bodies.write, job_id="x", deduplicate=True, text="2") is None
    work(site)
    assert frappe.enqueue(job_bodies.write, job_id="x", deduplicate=True, text="3")
    work(site)
    assert notes(frappe) == ["1 first", "1 second", "3 first", "3 second"]


def test_after_commit(on_redis, site):
    frappe = on_redis
    frappe.enqueue(job_bodies.write, enqueue_after_commit=True, text="1")
    frappe.db.rollback()
    frappe.enqueue(job_bodies.write, enqueue_after_commit=True, text="2")
    assert frappe.utils.background_jobs.get_jobs() == {}
    frappe.db.commit()
    assert frappe.utils.background_jobs.get_jobs(site=SITE) == {SITE: [job_bodies.write]}
    work(site)
    assert notes(frappe) == ["2 first", "2 second"]


def test_failures_retries_and_timeouts(on_redis, site):
    from frappe.jobs.redis_queue import exception_of

    frappe = on_redis
    bad = frappe.enqueue(job_bodies.write_and_fail, text="bad")
    again = frappe.enqueue(job_bodies.fail_until, text=frappe.generate_hash(), attempts=2)
    slow = frappe.enqueue(job_bodies.sleep, seconds=30, timeout=1)
    work(site)
    assert again.get_status() == "finished" and again.return_value() == 2
    assert bad.get_status() == slow.get_status() == "failed"
    assert "on purpose" in exception_of(bad) and "JobTimeoutException" in exception_of(slow)
    logs = frappe.get_all("Error Log", pluck="method", order_by="creation")
    assert logs == ["job_bodies.write_and_fail", "job_bodies.sleep"]
    assert len(notes(frappe)) == 1, "what failed is undone"


def test_the_newest_failures_are_kept(on_redis, site):
    path = site / SITE / "site_config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "rq_failed_jobs_limit": 2}))
    jobs = [on_redis.enqueue(job_bodies.write_and_fail, text=str(number)) for number in range(4)]
    work(site)
    from frappe.utils.background_jobs import get_queue

    kept = get_queue("default").failed_job_registry.get_job_ids()
    assert 2 <= len(kept) <= 3 and jobs[-1].id in kept and jobs[0].id not in kept


def test_jobs_as_documents(on_redis, site):
    frappe = on_redis
    frappe.enqueue(job_bodies.write_and_fail, text="bad", job_id="bad one")
    frappe.enqueue("frappe.ping", queue="long", job_id="good")
    work(site, "--queue", "default")
    rows = frappe.get_list("RQ Job", filters={"status": "failed"})
    assert [(row.name, row.queue, row.status) for row in rows] == [(f"{SITE}::bad one", "default", "failed")]
    doc = frappe.get_doc("RQ Job", f"{SITE}::bad one")
    assert "on purpose" in doc.exc_info and doc.job_name == "job_bodies.write_and_fail"
    assert [row.status for row in frappe.get_list("RQ Job", filters=[["queue", "=", "long"]])] == ["queued"]
    doc.delete()
    assert not frappe.get_list("RQ Job", filters={"status": "failed"})


def test_a_killed_worker_loses_nothing(on_redis, site):
    """RQ finds out after a while that nobody is at work any more; then the job waits again."""
    from frappe.utils.background_jobs import get_queue

    frappe = on_redis
    jobs = [frappe.enqueue(job_bodies.write, text=str(number), wait=0.3) for number in range(3)]
    worker = start_worker(site)
    while jobs[0].get_status() != "started":
        time.sleep(0.01)
    children = Path(f"/proc/{worker.pid}/task/{worker.pid}/children").read_text().split()
    for pid in (worker.pid, *map(int, children)):
        os.kill(pid, signal.SIGKILL)
    worker.communicate()
    get_queue("default").started_job_registry.cleanup(timestamp=time.time() + 1000)
    assert [job.get_status() for job in jobs] == ["queued"] * 3
    work(site)
    done = notes(frappe)
    assert sorted(done) == [f"{number} {part}" for number in range(3) for part in ("first", "second")]


def test_a_job_that_kills_its_process_is_given_up(on_redis, site):
    job = on_redis.enqueue(job_bodies.kill_the_worker)
    work(site)
    assert job.get_status() == "failed" and notes(on_redis) == []


def test_a_queue_that_is_gone_is_an_error_but_not_while_migrating(on_redis):
    import redis

    frappe = on_redis
    frappe.local.conf.redis_queue = "redis://127.0.0.1:1"
    with pytest.raises(redis.exceptions.ConnectionError):
        frappe.enqueue("frappe.ping")
    frappe.flags.in_migrate = True
    assert frappe.enqueue("frappe.ping") == "pong"


def test_nothing_of_it_is_imported_without_a_redis(site):
    code = (
        "import sys, frappe\n"
        f"frappe.init({SITE!r}, sites_path={str(site)!r}); frappe.connect()\n"
        "frappe.enqueue('frappe.ping'); frappe.get_meta('Note')\n"
        "print([name for name in ('rq', 'redis', 'croniter') if name in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out == "[]\n"
