"""Workers of the job table: each is a loop that claims a job, runs it, and looks for the next."""

import os
import pickle
import sys
import threading
import time
import traceback
from contextlib import suppress

import frappe
from frappe.jobs import leases
from frappe.jobs.job import Job
from frappe.jobs.table import ClaimLostError, JobTable
from frappe.jobs.time_limit import TimeLimit

POLL_SECONDS = 0.5
CHECK_SECONDS = 5  # how often dead workers are looked for
PURGE_SECONDS = 60

_news = threading.Condition()
_news_count = 0


def wake() -> None:
    """Let the workers of this process look at once."""
    global _news_count
    with _news:
        _news_count += 1
        _news.notify_all()


class Claim:
    """A job that this worker runs, its clock, and how its row is marked."""

    def __init__(self, table: JobTable, row: dict, sites_path: str):
        self._table, self._row, self._db = table, row, None
        self.sites_path = sites_path
        self.settled = False
        self._clock = TimeLimit(row["timeout"], interrupt=self._interrupt)

    def __enter__(self) -> "Claim":
        self._clock.__enter__()
        return self

    def __exit__(self, *error) -> bool:
        return self._clock.__exit__(*error)

    def _interrupt(self) -> None:
        if self._db is not None and self._db._conn is not None:
            self._db._conn.interrupt()

    def watch(self, db) -> None:
        """Name the connection whose statements the clock may cut short."""
        self._db = db

    def stop_clock(self) -> None:
        self._clock.stop()

    @property
    def timed_out(self) -> bool:
        return self._clock.fired

    def succeed(self, result) -> None:
        """Mark the job as finished in the open transaction. Raises ClaimLostError."""
        self.stop_clock()
        with self._table.joining() as connection:
            self._table.end(connection, self._row, "finished", result=result)
        self.settled = True

    def fail(self, exc_info: str) -> None:
        """Mark the job as failed in the open transaction. Raises ClaimLostError."""
        with self._table.joining() as connection:
            self._table.end(connection, self._row, "failed", exc_info=exc_info)
        self.settled = True

    def retry(self, seconds: float) -> None:
        """Let the job wait again, in the open transaction. Raises ClaimLostError."""
        with self._table.joining() as connection:
            self._table.retry(connection, self._row, seconds, traceback.format_exc())
        self.settled = True


class Worker:
    """Runs the jobs of some sites and queues, one at a time, in the thread that calls `run`.

    `sites=None` stands for every site of the bench whose jobs are in its own database.
    """

    def __init__(self, sites_path: str, sites: list[str] | None = None, queues=None, quiet: bool = True):
        self.sites_path, self._sites, self._queues, self._quiet = sites_path, sites, queues, quiet
        self._stopping = threading.Event()
        self._tables: list[tuple[JobTable, list[str], dict]] = []
        self._checked = self._purged = 0.0
        self.done = 0

    def stop(self) -> None:
        """Let `run` return after the job at hand."""
        self._stopping.set()
        wake()

    def run(self, burst: bool = False) -> None:
        """Work until told to stop, or (`burst`) until nothing waits."""
        self._lease = leases.Lease(self.sites_path)
        try:
            while not self._stopping.is_set():
                seen = _news_count
                try:
                    if self._step():
                        continue
                    if burst and not self._anything_waits():
                        return
                except Exception:
                    # A site that cannot be read now (locked, restored, removed) must not end the worker.
                    print(traceback.format_exc(), file=sys.stderr)
                    self._checked = 0.0
                    self._stopping.wait(1)
                with _news:
                    _news.wait_for(lambda seen=seen: _news_count != seen, POLL_SECONDS)
        finally:
            self._lease.end()

    def _step(self) -> bool:
        self._keep_order()
        for table, queues, _conf in self._tables:
            row = table.claim(queues, self._lease.worker)
            if row:
                self._perform(table, row)
                return True
        return False

    def _anything_waits(self) -> bool:
        for table, queues, _conf in self._tables:
            marks = ", ".join("?" * len(queues))
            if table.rows(f"status = 'queued' and queue in ({marks})", queues, limit=1):
                return True
        return False

    def _keep_order(self) -> None:
        """Every few seconds: see which sites there are, give back what dead workers held, forget old jobs."""
        now = time.monotonic()
        if self._checked and now - self._checked < CHECK_SECONDS:
            return
        self._tables = list(tables_of(self.sites_path, self._sites, self._queues))
        for table, _queues, _conf in self._tables:
            table.give_back(lambda worker: leases.is_alive(self.sites_path, worker))
        self._checked = now
        if self._purged and now - self._purged < PURGE_SECONDS:
            return
        for table, _queues, conf in self._tables:
            table.purge(**conf)
        leases.living(self.sites_path)  # which removes what dead workers have left
        self._purged = now

    def _perform(self, table: JobTable, row: dict) -> None:
        from frappe.utils.background_jobs import execute_job

        self._say(f"{row['job_id']} {row['job_name']}")
        payload, result, error = {}, None, None
        claim = Claim(table, row, self.sites_path)
        try:
            with claim:
                payload = pickle.loads(row["payload"])
                retry = row["attempts"] - row["crashes"] - 1
                result = execute_job(**payload["kwargs"], retry=retry, claim=claim)
        except (Exception, SystemExit) as raised:
            error = raised
            if not claim.settled:  # it could not even begin, or its end could not be written
                self._fail_alone(table, row, traceback.format_exc())
        finally:
            frappe.destroy()
        self.done += 1
        job = Job(table, table.find(row["job_id"]) or row)
        self._say(f"{row['job_id']} {job.row['status']}")
        self._call_back(job, payload, result, error)

    @staticmethod
    def _fail_alone(table: JobTable, row: dict, exc_info: str) -> None:
        with suppress(ClaimLostError), table.writing() as connection:
            table.end(connection, row, "failed", exc_info=exc_info)

    def _call_back(self, job: Job, payload: dict, result, error) -> None:
        """Call what was given as `on_success` or `on_failure`, with RQ's arguments (no connection)."""
        try:
            if error is not None and payload.get("on_failure"):
                payload["on_failure"](job, None, type(error), error, error.__traceback__)
            elif error is None and job.row["status"] == "finished" and payload.get("on_success"):
                payload["on_success"](job, None, result)
        except Exception:
            print(traceback.format_exc(), file=sys.stderr)
        finally:
            frappe.destroy()

    def _say(self, text: str) -> None:
        if not self._quiet:
            print(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {text}", file=sys.stderr, flush=True)


def tables_of(sites_path: str, sites: list[str] | None = None, queues: list[str] | None = None):
    """Yields the job table, the queues and the arguments of `purge` of each site that keeps its own jobs."""
    from frappe.utils import background_jobs as names
    from frappe.utils import cint, get_sites

    for site in get_sites(sites_path) if sites is None else sites:
        try:
            frappe.init(site, sites_path=sites_path, force=True)
            conf = frappe.local.conf
            table = JobTable.of_site()
            if conf.redis_queue or not os.path.exists(table.path):
                continue
            yield (
                table,
                names.get_queue_list(queues),
                {
                    "results_for": cint(conf.rq_results_ttl) or names.RQ_RESULTS_TTL,
                    "failures_for": cint(conf.rq_job_failure_ttl) or names.RQ_JOB_FAILURE_TTL,
                    "failures_kept": cint(conf.rq_failed_jobs_limit) or names.RQ_FAILED_JOBS_LIMIT,
                },
            )
        except frappe.IncorrectSitePath:
            continue
        finally:
            frappe.destroy()
