"""Background jobs in the site's database: what `frappe.enqueue` promises, and what a worker makes of it."""

import pickle
import threading
import time

import job_bodies
import pytest
from host_site import SITE


@pytest.fixture
def queue(frappe_site, site):
    """Nothing waits, nothing is noted; `queue.work()` runs a worker until nothing waits."""
    return Queue(frappe_site, site)


class Queue:
    def __init__(self, frappe, sites_path):
        from frappe.jobs.table import JobTable

        self.frappe, self.sites_path = frappe, str(sites_path)
        self.table = JobTable.of_site()
        self.table.delete("1")
        frappe.db.sql("delete from tabNote")
        frappe.db.sql("delete from `tabError Log`")
        frappe.db.commit()

    def work(self, queues=None):
        """In a thread of its own, as beside a server: the test's connection is not the worker's."""
        from frappe.jobs.worker import Worker

        self.frappe.db.commit()
        thread = threading.Thread(
            target=Worker(self.sites_path, [SITE], queues).run, kwargs={"burst": True}, daemon=True
        )
        thread.start()
        thread.join(60)
        assert not thread.is_alive()

    def notes(self):
        self.frappe.db.rollback()
        return self.frappe.db.sql_list("select title from tabNote order by rowid")

    def states(self):
        return [(row["job_name"].rpartition(".")[2], row["status"]) for row in self.table.rows()]


def test_a_job_runs_as_the_user_who_enqueued_it(queue):
    frappe = queue.frappe
    frappe.set_user("Guest")
    job = frappe.enqueue(job_bodies.who)
    by_name = frappe.enqueue("frappe.ping", queue="short")
    frappe.set_user("Administrator")
    assert job.get_status() == "queued" and job.is_queued and job.return_value() is None
    queue.work()
    assert job.get_status() == "finished", job.exc_info
    assert job.return_value(refresh=True) == "Guest"
    by_name.refresh()
    assert by_name.is_finished and by_name.result == "pong" and by_name.exc_info is None
    assert by_name.created_at <= by_name.started_at <= by_name.ended_at
    assert by_name.kwargs["method"] == "frappe.ping" and by_name.kwargs["site"] == SITE


def test_the_short_queue_is_served_first_and_a_job_may_go_to_the_front(queue):
    frappe = queue.frappe
    for text, options in (
        ("long", {"queue": "long"}),
        ("default 1", {}),
        ("default 2", {}),
        ("front", {"at_front": True}),
        ("short", {"queue": "short"}),
    ):
        frappe.enqueue(job_bodies.write, text=text, **options)
    queue.work(["short", "default"])
    assert [note for note in queue.notes() if note.endswith("first")] == [
        "short first", "front first", "default 1 first", "default 2 first",
    ]  # fmt: skip
    queue.work()
    assert queue.notes()[-1] == "long second"


def test_an_unknown_queue_is_refused(queue):
    with pytest.raises(queue.frappe.ValidationError, match="Queue should be one of short, default, long"):
        queue.frappe.enqueue("frappe.ping", queue="slow")


def test_queues_of_the_configuration(queue):
    from frappe.utils.background_jobs import get_queue_list, get_queues_timeout

    queue.frappe.local.conf.workers = {"mails": {"timeout": 20}}
    assert get_queues_timeout() == {"short": 300, "default": 300, "long": 1500, "mails": 20}
    job = queue.frappe.enqueue("frappe.ping", queue="mails")
    assert job.timeout == 20 and job.origin == "mails"
    assert get_queue_list("mails") == ["mails"]


def test_now_calls_at_once_with_what_the_method_takes(queue):
    frappe = queue.frappe
    assert frappe.enqueue("frappe.ping", now=True) == "pong"
    assert frappe.enqueue(job_bodies.who, now=True, surplus=1) == "Administrator"
    assert queue.states() == []


def test_not_async_in_tests_runs_here(queue):
    frappe = queue.frappe
    assert frappe.enqueue(job_bodies.write, is_async=False, text="here") == "here"
    assert queue.notes() == ["here first", "here second"]
    frappe.flags.in_test = False
    assert frappe.enqueue(job_bodies.who, is_async=False) == "Administrator"
    assert queue.states() == []


def test_enqueue_doc_calls_a_method_of_the_document(queue):
    frappe = queue.frappe
    note = frappe.get_doc(doctype="Note", title="before").insert()
    frappe.enqueue_doc("Note", note.name, "db_set", fieldname="title", value="after", queue="short")
    queue.work()
    assert queue.notes() == ["after"]


def test_outside_a_transaction_a_job_waits_whatever_the_caller_does_next(queue):
    frappe = queue.frappe
    frappe.db.get_value("Note", {}, "name")
    frappe.enqueue(job_bodies.write, text="kept")
    frappe.db.rollback()
    queue.work()
    assert queue.notes() == ["kept first", "kept second"]


@pytest.mark.parametrize("end", ["commit", "rollback"])
def test_inside_a_transaction_a_job_waits_when_that_has_ended(queue, end):
    frappe = queue.frappe
    frappe.get_doc(doctype="Note", title="mine").insert()
    frappe.db.savepoint("here")
    job = frappe.enqueue(job_bodies.write, text="other", job_id="x")
    assert job and job.get_status() == "queued"
    frappe.db.rollback(save_point="here")
    getattr(frappe.db, end)()
    assert queue.states() == [("write", "queued")]
    queue.work()
    assert queue.notes() == (["mine"] if end == "commit" else []) + ["other first", "other second"]


def test_enqueue_after_commit_waits_for_it(queue):
    frappe = queue.frappe
    for text, end in (("first", frappe.db.rollback), ("second", frappe.db.commit)):
        assert frappe.enqueue(job_bodies.write, enqueue_after_commit=True, text=text) is None
        assert queue.states() == []
        end()
    frappe.get_doc(doctype="Note", title="mine").insert()
    frappe.enqueue(job_bodies.write, enqueue_after_commit=True, text="third")
    frappe.db.commit()
    assert [pickle.loads(row["payload"])["kwargs"]["kwargs"]["text"] for row in queue.table.rows()] == [
        "second",
        "third",
    ]


def test_deduplicate(queue):
    from frappe.utils.background_jobs import get_job, get_job_status, is_job_enqueued

    frappe = queue.frappe
    with pytest.raises(frappe.ValidationError, match="required for deduplication"):
        frappe.enqueue("frappe.ping", deduplicate=True)
    assert get_job("once") is None and get_job_status("once") is None and not is_job_enqueued("once")
    first = frappe.enqueue(job_bodies.write, job_id="once", deduplicate=True, text="1")
    assert first.id == f"{SITE}::once" and is_job_enqueued("once") and get_job_status("once") == "queued"
    assert frappe.enqueue(job_bodies.write, job_id="once", deduplicate=True, text="2") is None
    frappe.get_doc(doctype="Note", title="mine").insert()
    assert frappe.enqueue(job_bodies.write, job_id="once", deduplicate=True, text="3") is None
    frappe.enqueue(job_bodies.write, job_id="twice", deduplicate=True, text="4")
    assert frappe.enqueue(job_bodies.write, job_id="twice", deduplicate=True, text="5") is None
    frappe.db.rollback()
    assert is_job_enqueued("twice")
    queue.work()
    assert queue.notes() == ["1 first", "1 second", "4 first", "4 second"]
    assert not is_job_enqueued("once") and get_job("once").is_finished
    assert frappe.enqueue(job_bodies.write, job_id="once", deduplicate=True, text="6")
    assert queue.states() == [("write", "finished"), ("write", "queued")], "the finished one is replaced"


def test_a_failure_is_undone_logged_and_kept(queue):
    frappe = queue.frappe
    job = frappe.enqueue(job_bodies.write_and_fail, text="bad")
    other = frappe.enqueue(job_bodies.write, text="good")
    frappe.enqueue(job_bodies.leave)
    queue.work()
    assert queue.notes() == ["good first", "good second"]
    job.refresh()
    assert job.is_failed and "ValueError: on purpose: bad" in job.exc_info and other.is_finished
    logs = frappe.get_all("Error Log", fields=["method", "error"], order_by="creation")
    assert [log.method for log in logs] == ["job_bodies.write_and_fail", "job_bodies.leave"]
    assert "on purpose: bad" in logs[0].error
    job.requeue()
    assert job.is_queued
    queue.work()
    assert job.is_failed and len(frappe.get_all("Error Log")) == 3


def test_what_cannot_be_read_fails_and_the_rest_goes_on(queue):
    frappe = queue.frappe
    job = frappe.enqueue("frappe.ping")
    with queue.table.writing() as connection:
        connection.execute("update __Jobs set payload = ?", (b"nonsense",))
    frappe.enqueue("frappe.nowhere.method")
    good = frappe.enqueue("frappe.ping")
    queue.work()
    assert "UnpicklingError" in queue.table.rows("uid = ?", (job.row["uid"],))[0]["exc_info"]
    assert [state for _name, state in queue.states()] == ["failed", "failed", "finished"]
    assert good.get_status() == "finished"


def test_retries_after_growing_waits(queue, monkeypatch):
    from frappe.jobs import table

    waits = []
    retry = table.JobTable.retry

    def note_wait(self, connection, row, seconds, exc_info=None):
        waits.append(seconds)
        retry(self, connection, row, 0.01, exc_info)

    monkeypatch.setattr(table.JobTable, "retry", note_wait)
    job = queue.frappe.enqueue(job_bodies.fail_until, text="four", attempts=4)
    hopeless = queue.frappe.enqueue(job_bodies.fail_until, text="many", attempts=99)
    queue.work()
    assert job.get_status() == "finished" and job.result == 4
    assert hopeless.get_status() == "failed" and "RetryBackgroundJobError" in hopeless.exc_info
    assert sorted(waits) == sorted([1, 2, 3] + [1, 2, 3, 4, 5])
    assert queue.notes() == ["four"], "what the earlier attempts wrote is undone"


@pytest.mark.parametrize("error", ["QueryDeadlockError", "QueryTimeoutError"])
def test_what_may_be_retried(queue, error, monkeypatch):
    from frappe.utils import background_jobs

    frappe = queue.frappe
    monkeypatch.setattr(background_jobs.time, "sleep", lambda seconds: None)
    tries = []

    def method():
        tries.append(1)
        if len(tries) < 3:
            raise getattr(frappe, error)
        return "done"

    assert background_jobs.execute_job(SITE, method, None, "x", {}, is_async=False) == "done"
    assert len(tries) == 3


@pytest.mark.parametrize("body", [job_bodies.spin, job_bodies.query_forever])
def test_a_job_that_takes_too_long_is_ended_and_not_retried(queue, body):
    arguments = {"seconds": 30} if body is job_bodies.spin else {}
    job = queue.frappe.enqueue(body, timeout=1, **arguments)
    after = queue.frappe.enqueue("frappe.ping")
    began = time.monotonic()
    queue.work()
    assert time.monotonic() - began < 10
    assert job.get_status() == "failed" and "JobTimeoutException" in job.exc_info
    assert job.row["attempts"] == 1 and after.get_status() == "finished"


def test_hooks_and_callbacks(queue, monkeypatch, tmp_path):
    frappe = queue.frappe
    hooks = frappe.get_hooks
    extra = {"before_job": [job_bodies.before_job], "after_job": [job_bodies.after_job]}
    monkeypatch.setattr(
        frappe, "get_hooks", lambda hook=None, *a, **k: extra.get(hook) or hooks(hook, *a, **k)
    )
    outcome = tmp_path / "outcome"
    callbacks = {"on_success": job_bodies.on_success, "on_failure": job_bodies.on_failure}
    frappe.enqueue(job_bodies.succeed_at, text=str(outcome), **callbacks)
    queue.work()
    assert outcome.read_text() == "success well"
    outcome.unlink()
    frappe.enqueue(job_bodies.fail_at, text=str(outcome), **callbacks)
    queue.work()
    assert outcome.read_text() == "failure KeyError"
    with open(frappe.get_site_path("events.txt")) as handle:
        assert handle.read().split("\n")[:-1] == [
            "before succeed_at job", "after succeed_at well", "before fail_at job", "after fail_at None",
        ]  # fmt: skip


def test_jobs_enqueued_by_jobs(queue):
    queue.frappe.enqueue(job_bodies.enqueue_another, text="child")
    queue.frappe.enqueue(job_bodies.enqueue_and_fail, text="orphan")
    queue.work()
    assert queue.notes() == [
        "child by the first job", "child first", "child second", "orphan first", "orphan second",
    ]  # fmt: skip


def test_queues_and_jobs_can_be_looked_at(queue):
    from frappe.utils.background_jobs import get_jobs, get_queue, get_queues, get_workers

    frappe = queue.frappe
    frappe.enqueue("frappe.ping", job_id="a", event="hourly")
    frappe.enqueue("frappe.ping", queue="long", doctype="X")
    assert get_jobs() == {SITE: ["frappe.ping", "frappe.ping"]} == get_jobs(site=SITE)
    assert get_jobs(site="other") == {} and get_jobs(queue="long", key="doctype") == {SITE: ["X"]}
    waiting = get_queue("default")
    assert waiting.count == len(waiting) == 1 and waiting.get_job_ids() == [f"{SITE}::a"]
    assert [queue.name for queue in get_queues()] == ["short", "default", "long"] and get_workers() == []
    waiting.jobs[0].cancel()
    assert waiting.is_empty() and get_queue("long").empty() == 1
    assert queue.states() == [("ping", "canceled")]


def test_old_jobs_are_forgotten(queue):
    frappe = queue.frappe
    for number in range(4):
        frappe.enqueue(job_bodies.write_and_fail, text=str(number))
    frappe.enqueue("frappe.ping")
    queue.work()
    queue.table.purge(results_for=600, failures_for=600, failures_kept=3)
    assert [state for _name, state in queue.states()] == ["failed"] * 3 + ["finished"]
    with queue.table.writing() as connection:
        connection.execute("update __Jobs set ended_at = ended_at - 601")
    queue.table.purge(results_for=600, failures_for=900, failures_kept=3)
    assert [state for _name, state in queue.states()] == ["failed"] * 3
    queue.table.purge(results_for=600, failures_for=600, failures_kept=3)
    assert queue.states() == []


def test_a_claim_that_was_lost_leaves_nothing(queue, monkeypatch):
    """A worker that was taken for dead comes back: its work is undone, the other's stands."""
    from frappe.jobs.worker import Claim

    succeed = Claim.succeed

    def lose(self, result):
        with self._table.joining() as connection:
            connection.execute("update __Jobs set worker = 'another'")
        succeed(self, result)

    monkeypatch.setattr(Claim, "succeed", lose)
    queue.frappe.enqueue(job_bodies.write, text="x")
    queue.work()
    assert queue.notes() == [] and queue.frappe.get_all("Error Log") == []


def test_background_threads_work_as_soon_as_there_is_something(queue):
    from frappe.jobs.start import Background

    background = Background(queue.sites_path, [SITE], schedule=False).start()
    try:
        time.sleep(0.3)
        slow = queue.frappe.enqueue(job_bodies.spin, queue="long", seconds=2)
        time.sleep(0.2)
        job = queue.frappe.enqueue("frappe.ping")
        deadline = time.monotonic() + 5
        while job.get_status() != "finished" and time.monotonic() < deadline:
            time.sleep(0.01)
        assert job.get_status() == "finished" and slow.get_status() in ("queued", "started")
    finally:
        background.stop()
    assert slow.get_status() in ("queued", "finished")


def test_two_that_enqueue_the_same_at_once_enqueue_it_once(queue):
    frappe = queue.frappe

    def insist():
        frappe.init(SITE, sites_path=queue.sites_path)
        frappe.connect()
        for number in range(20):
            if number % 2:
                frappe.db.sql("update tabNote set title = title")
            frappe.enqueue("frappe.ping", job_id=f"same {number // 5}", deduplicate=True)
            frappe.db.commit()
        frappe.destroy()

    threads = [threading.Thread(target=insist) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(row["job_id"] for row in queue.table.rows()) == [f"{SITE}::same {n}" for n in range(4)]


def test_a_job_that_is_deleted_while_it_runs_goes_on(queue):
    """And another of its id may be enqueued meanwhile."""
    job = queue.frappe.enqueue(job_bodies.write, text="deleted", wait=0.4, job_id="x")
    threading.Timer(0.2, job.delete).start()
    queue.work()
    assert queue.notes() == ["deleted first", "deleted second"]

    job = queue.frappe.enqueue("frappe.ping", job_id="x", deduplicate=True)
    row = queue.table.claim(["default"], "worker")
    job.delete()
    assert job.get_status() == "stopped"
    assert queue.frappe.enqueue("frappe.ping", job_id="x", deduplicate=True)
    with queue.table.writing() as connection:
        queue.table.end(connection, row, "finished")
    assert sorted(state for _name, state in queue.states()) == ["finished", "queued"]


def test_arguments_may_be_anything_that_can_be_pickled(queue):
    frappe = queue.frappe
    note = frappe.get_doc(doctype="Note", title="a document").insert()
    frappe.db.commit()
    today = frappe.utils.getdate()
    frappe.enqueue(job_bodies.retitle, doc=note, day=today, words={"to": frappe._dict(be=1)})
    queue.work()
    assert queue.notes() == [f"a document {today} 1"]
    with pytest.raises((pickle.PicklingError, AttributeError)):
        frappe.enqueue(lambda: None)
    assert len(queue.states()) == 1
