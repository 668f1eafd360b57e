"""Whatever dies at whatever moment: each job that was acknowledged runs, and none leaves half of its work."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import job_bodies
import pytest
from host_site import SITE
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

BENCH = Path(sys.executable).parent / "bench"
SOAK = os.environ.get("HYPOTHESIS_PROFILE") == "soak"
KILLS = 40 if SOAK else 6


@pytest.fixture
def table(frappe_site):
    from frappe.jobs.table import JobTable

    def clear():
        frappe_site.db.rollback()
        frappe_site.db.sql("delete from tabNote")
        frappe_site.db.commit()
        found.delete("1")

    found = JobTable.of_site()
    clear()
    yield found
    clear()


def notes(frappe) -> dict[str, int]:
    frappe.db.rollback()
    return dict(frappe.db.sql("select title, count(*) from tabNote group by title"))


def start_worker(site, *options):
    environment = {**os.environ, "SITES_PATH": str(site), "PYTHONPATH": str(Path(__file__).parent)}
    return subprocess.Popen(
        [str(BENCH), "--site", SITE, "worker", "--quiet", *options],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def finish(worker, seconds=60):
    out, _err = worker.communicate(timeout=seconds)
    assert worker.returncode == 0, out


def wait_until_at_work(table, workers):
    deadline = time.monotonic() + 20
    pids = {str(worker.pid) for worker in workers}
    while time.monotonic() < deadline:
        if any(row["worker"].split(".")[-2] in pids for row in table.rows("status = 'started'")):
            return
        time.sleep(0.005)
    raise AssertionError("no worker has taken a job")


def test_workers_killed_in_the_middle_of_jobs(frappe_site, table, site):
    chance = random.Random(7)
    texts = []
    for round_number in range(KILLS):
        for number in range(6):
            texts.append(f"job {round_number}.{number}")
            frappe_site.enqueue(
                job_bodies.write, text=texts[-1], wait=0.05, queue=chance.choice(["short", "long"])
            )
        workers = [start_worker(site) for _ in range(2)]
        wait_until_at_work(table, workers)
        time.sleep(chance.uniform(0, 0.15))
        for worker in workers:
            worker.kill()
            worker.communicate()
    assert notes(frappe_site), "some are done"
    finish(start_worker(site, "--burst"))
    done = notes(frappe_site)
    assert done == {f"{text} {part}": 1 for text in texts for part in ("first", "second")}
    assert {row["status"] for row in table.rows()} == {"finished"}
    assert sum(row["crashes"] for row in table.rows()) > 0, "some were in the middle"
    assert frappe_site.db.sql("pragma integrity_check") == (("ok",),)


def test_an_enqueueing_process_killed_loses_no_job(frappe_site, table, site):
    script = (
        "import frappe, sys, job_bodies\n"
        f"frappe.init({SITE!r}, sites_path={str(site)!r}); frappe.connect()\n"
        "n = 0\n"
        "while True:\n"
        "    n += 1\n"
        "    if n % 2: frappe.db.sql(\"insert into tabNote (name, title) values (%s, 'with it')\", f'p{n}')\n"
        "    frappe.enqueue(job_bodies.write, text=f'p{n}')\n"
        "    frappe.db.commit()\n"
        "    print(n, flush=True)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent)},
        stdout=subprocess.PIPE,
        text=True,
    )
    said = [int(process.stdout.readline()) for _ in range(5)]
    time.sleep(0.1)
    process.kill()
    said += map(int, process.stdout.read().split())
    process.communicate()
    waiting = {row["job_name"]: 0 for row in table.rows()} and len(table.rows())
    assert waiting - len(said) in (0, 1)
    written = frappe_site.db.sql("select count(*) from tabNote where title = 'with it'")[0][0]
    assert written == (waiting + 1) // 2, "a job and the rows written with it are there together"


def test_a_worker_ends_after_the_job_at_hand_when_asked(frappe_site, table, site):
    for number in range(3):
        frappe_site.enqueue(job_bodies.write, text=str(number), wait=0.5)
    worker = start_worker(site)
    while not table.rows("status = 'started'"):
        time.sleep(0.01)
    worker.send_signal(signal.SIGTERM)
    finish(worker)
    assert [row["status"] for row in table.rows()] == ["finished", "queued", "queued"]
    assert notes(frappe_site) == {"0 first": 1, "0 second": 1}


def test_a_sleeping_job_is_ended_by_its_timeout(frappe_site, table, site):
    """In a worker process, where a signal reaches what waits outside Python."""
    job = frappe_site.enqueue(job_bodies.sleep, seconds=60, timeout=1)
    finish(start_worker(site, "--burst"), seconds=20)
    assert job.get_status() == "failed" and "JobTimeoutException" in job.exc_info


def test_a_job_that_kills_its_worker_is_given_up(frappe_site, table, site):
    from frappe.jobs.table import MAX_CRASHES

    job = frappe_site.enqueue(job_bodies.kill_the_worker)
    worker = start_worker(site, "--burst")
    worker.communicate(timeout=20)
    assert worker.returncode == -signal.SIGKILL and job.get_status() == "started"
    for crashes in range(1, MAX_CRASHES + 1):
        assert table.give_back(lambda worker: False) == 1
        job.refresh()
        assert job.row["crashes"] == crashes
        if crashes < MAX_CRASHES:
            waits = job.row["run_at"] - time.time()
            assert waits <= min(60, 2 ** (crashes - 1) - 1)
            with table.writing() as connection:
                connection.execute("update __Jobs set run_at = 0")
            assert table.claim(["default"], "dead")
    assert job.get_status() == "failed" and "The worker died" in job.exc_info
    assert notes(frappe_site) == {}


def test_only_the_jobs_of_dead_workers_are_given_back(frappe_site, table, site):
    from frappe.jobs.leases import Lease, is_alive, living

    frappe_site.enqueue("frappe.ping")
    lease = Lease(str(site))
    assert table.claim(["default"], lease.worker)
    assert lease.worker in living(str(site))
    assert table.give_back(lambda worker: is_alive(str(site), worker)) == 0
    lease.end()
    assert table.give_back(lambda worker: is_alive(str(site), worker)) == 1
    assert [row["status"] for row in table.rows()] == ["queued"]


# --- random interleavings

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("enqueue"), st.booleans()),
        st.tuples(st.just("once"), st.sampled_from("ab")),
        st.tuples(
            st.just("transaction"),
            st.sampled_from(["commit", "rollback", "crash"]),
            st.sampled_from(["", "savepoint", "after_commit", "once"]),
        ),
        st.tuples(st.just("crash"), st.sampled_from(["claimed", "half done", "not marked"])),
        st.tuples(st.just("work")),
        st.tuples(st.just("ghost")),
    ),
    min_size=1,
    max_size=12,
)


class Story:
    """Plays steps on the site and keeps account of what was promised."""

    def __init__(self, frappe, table, sites_path):
        self.frappe, self.table, self.sites_path = frappe, table, sites_path
        self.promised, self.ghosts, self.count = set(), [], 0

    def new_text(self) -> str:
        self.count += 1
        return f"t{self.count}"

    def enqueue(self, at_front):
        text = self.new_text()
        self.frappe.enqueue(job_bodies.write, text=text, at_front=at_front)
        self.promised.add(text)

    def once(self, job_id):
        text = self.new_text()
        waits = self.table.rows("job_id = ? and status in ('queued', 'started')", (f"{SITE}::{job_id}",))
        job = self.frappe.enqueue(job_bodies.write, text=text, job_id=job_id, deduplicate=True)
        assert (job is None) == bool(waits)
        if job:
            self.promised.add(text)

    def transaction(self, end, how):
        frappe, text = self.frappe, self.new_text()
        job_bodies._insert(f"by {text}")
        frappe.db.savepoint("here")
        options = {
            "once": {"job_id": text, "deduplicate": True},
            "after_commit": {"enqueue_after_commit": True},
        }
        frappe.enqueue(job_bodies.write, text=text, **options.get(how, {}))
        if how == "once":
            assert frappe.enqueue(job_bodies.write, text="never", **options["once"]) is None
        if how == "savepoint":
            frappe.db.rollback(save_point="here")
        if end == "crash":  # the process is gone: nothing was acknowledged
            frappe.db.close()
            for callbacks in (frappe.db.before_commit, frappe.db.after_commit, frappe.db.after_rollback):
                callbacks.reset()
            return
        getattr(frappe.db, end)()
        if end == "commit" or how != "after_commit":
            self.promised.add(text)

    def crash(self, moment):
        """A worker claims a job and dies."""
        row = self.table.claim(["short", "default", "long"], f"dead {self.new_text()}")
        if not row or moment == "claimed":
            return
        text = self._text(row)
        job_bodies._insert(f"{text} first")
        if moment == "not marked":
            job_bodies._insert(f"{text} second")
        self.frappe.db.rollback()

    @staticmethod
    def _text(row):
        import pickle

        return pickle.loads(row["payload"])["kwargs"]["kwargs"]["text"]

    def ghost(self):
        """A worker stops in the middle and is taken for dead; it goes on at the very end."""
        row = self.table.claim(["short", "default", "long"], f"ghost {self.new_text()}")
        if row:
            self.ghosts.append(row)

    def work(self):
        from frappe.jobs.worker import Worker

        with self.table.writing() as connection:  # no waiting for second and third chances
            connection.execute("update __Jobs set run_at = 0, crashes = 0")
        thread = threading.Thread(
            target=Worker(self.sites_path, [SITE]).run, kwargs={"burst": True}, daemon=True
        )
        thread.start()
        thread.join(60)
        assert not thread.is_alive()

    def haunt(self):
        from frappe.jobs.table import ClaimLostError

        for row in self.ghosts:
            job_bodies._insert(f"{self._text(row)} first")
            with suppress(ClaimLostError), self.table.joining() as connection:
                self.table.end(connection, row, "finished")
                self.frappe.db.commit()
            self.frappe.db.rollback()


@given(steps=STEPS)
@example(steps=[("once", "b"), ("ghost",), ("work",), ("once", "b")])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_each_acknowledged_job_runs_and_none_by_halves(table, frappe_site, site, steps):
    table.delete("1")
    frappe_site.db.sql("delete from tabNote")
    frappe_site.db.commit()
    story = Story(frappe_site, table, str(site))
    for name, *arguments in steps:
        getattr(story, name)(*arguments)
    story.work()
    story.haunt()
    story.work()
    done = notes(frappe_site)
    jobs = {text: count for text, count in done.items() if not text.startswith("by ")}
    assert jobs == {f"{text} {part}": 1 for text in story.promised for part in ("first", "second")}
    assert not table.rows("status <> 'finished'")
