"""Background jobs under Frappe's names.

They wait in the site's database, or, where the site's configuration names a `redis_queue`, in RQ's queues on
that Redis (`frappe.jobs`). A job runs at least once after `enqueue` has returned (or, inside a transaction
that has written, after that has ended).
"""

import os
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import uuid4

import frappe
from frappe import _
from frappe.jobs.execution import execute_job, name_of_method
from frappe.jobs.job import JobStatus
from frappe.utils import cint

# How long RQ's records are kept, in seconds, and how many failures; the site may set others.
RQ_JOB_FAILURE_TTL = 7 * 24 * 60 * 60
RQ_FAILED_JOBS_LIMIT = 1000
RQ_RESULTS_TTL = 10 * 60

BACKGROUND_PROCESS_NICENESS = 10


def backend():
    """The module that keeps the jobs of the current site."""
    if frappe.local.conf.redis_queue:
        from frappe.jobs import redis_queue

        return redis_queue
    from frappe.jobs import sqlite_queue

    return sqlite_queue


def get_queues_timeout() -> dict[str, int]:
    """Queues by name, with the seconds that a job of theirs may take, in the order of service."""
    custom = frappe.get_conf().get("workers") or {}
    return {
        "short": 300,
        "default": 300,
        "long": 1500,
        **{name: config.get("timeout", 300) for name, config in custom.items()},
    }


def enqueue(
    method: str | Callable,
    queue: str = "default",
    timeout: int | None = None,
    event=None,
    is_async: bool = True,
    job_name: str | None = None,
    now: bool = False,
    enqueue_after_commit: bool = False,
    *,
    on_success: Callable | None = None,
    on_failure: Callable | None = None,
    at_front: bool = False,
    job_id: str | None = None,
    deduplicate=False,
    **kwargs,
) -> Any:
    """Let a worker call `method` (a function or its dotted name) with `kwargs`, as the present user.

    `timeout` in seconds (the queue's by default). `now=True` calls it here instead and returns its answer.
    `enqueue_after_commit`: if and when this transaction is committed. `deduplicate` (wants a `job_id`): not
    while a job of that id waits or runs. Returns the job; None if it was not put in, or not yet. Raises
    ValidationError for an unknown queue.
    """
    is_async = kwargs.pop("async", is_async)
    if deduplicate and not job_id:
        frappe.throw(_("`job_id` paramater is required for deduplication."))
    if now or (not is_async and not frappe.flags.in_test):
        return frappe.call(method, **kwargs)
    validate_queue(queue)

    arguments = {
        "site": frappe.local.site,
        "user": frappe.session.user,
        "method": method,
        "event": event,
        "job_name": job_name or name_of_method(method),
        "is_async": is_async,
        "kwargs": kwargs,
    }
    if not is_async:
        return execute_job(**arguments)
    return backend().put(
        create_job_id(job_id),
        queue,
        arguments,
        cint(timeout) or get_queues_timeout()[queue],
        at_front,
        deduplicate,
        on_success,
        on_failure,
        enqueue_after_commit,
    )


def enqueue_doc(doctype, name=None, method=None, queue="default", timeout=300, now=False, **kwargs):
    """Let a worker call a document's method with `kwargs`."""
    return enqueue(
        "frappe.utils.background_jobs.run_doc_method",
        doctype=doctype,
        name=name,
        doc_method=method,
        queue=queue,
        timeout=timeout,
        now=now,
        **kwargs,
    )


def run_doc_method(doctype, name, doc_method, **kwargs):
    getattr(frappe.get_doc(doctype, name), doc_method)(**kwargs)


# --- ids and states


def create_job_id(job_id: str | None = None) -> str:
    """A job's id with the site in front; a new one without an argument."""
    return f"{frappe.local.site}::{job_id or uuid4()}"


def get_job(job_id: str):
    """The job of an id as given to `enqueue`, None if it is not known (any more)."""
    return backend().find(create_job_id(job_id))


def get_job_status(job_id: str) -> JobStatus | None:
    """`queued`, `started`, `finished`, `failed` …; None if there is no such job."""
    job = get_job(job_id)
    return job.get_status() if job else None


def is_job_enqueued(job_id: str) -> bool:
    """Whether a job of this id waits or runs."""
    return get_job_status(job_id) in (JobStatus.QUEUED, JobStatus.STARTED)


# --- queues


def get_queue(qtype: str, is_async: bool = True):
    """A queue with `count`, `jobs`, `get_job_ids()`, `empty()`. Raises ValidationError for an unknown one."""
    validate_queue(qtype)
    return backend().get_queue(qtype)


def get_queues(connection=None) -> list:
    return [get_queue(name) for name in get_queues_timeout()]


def get_queue_list(queue_list=None, build_queue_name: bool = False) -> list[str]:
    """Names of the queues asked for (all by default), as RQ knows them with `build_queue_name`."""
    if isinstance(queue_list, str):
        queue_list = [queue_list]
    for queue in queue_list or ():
        validate_queue(queue)
    names = list(queue_list or get_queues_timeout())
    return [generate_qname(name) for name in names] if build_queue_name else names


def validate_queue(queue: str, default_queue_list=None) -> None:
    names = default_queue_list or list(get_queues_timeout())
    if queue not in names:
        frappe.throw(_("Queue should be one of {0}").format(", ".join(names)))


def generate_qname(qtype) -> str:
    """A queue's name on a Redis that several benches may share."""
    from frappe.utils import get_bench_path

    bench = frappe.get_conf().get("bench_id") or get_bench_path().strip("/").replace("/", "-")
    return f"{bench}:{','.join(qtype) if isinstance(qtype, list) else qtype}"


def get_jobs(site=None, queue=None, key="method") -> dict[str, list]:
    """What waits and runs, by site: a value of each job's arguments, its method unless asked otherwise."""
    found = defaultdict(list)
    for name in get_queue_list(queue):
        for job in [*get_queue(name).jobs, *backend().running(name)]:
            arguments = job.kwargs
            if site is not None and arguments.get("site") != site:
                continue
            if key in arguments:
                found[arguments["site"]].append(arguments[key])
            elif key in (arguments.get("kwargs") or {}):
                found[arguments["site"]].append(arguments["kwargs"][key])
    return found


def get_running_jobs_in_queue(queue) -> list:
    return backend().running(queue.name.rpartition(":")[2])


def get_workers(queue=None) -> list:
    """Workers that live."""
    return backend().workers()


def get_redis_conn(username=None, password=None):
    """Connection to the `redis_queue` of the configuration. Raises if it names none."""
    if not frappe.local.conf.redis_queue:
        raise Exception("redis_queue missing in common_site_config.json")
    from frappe.jobs.redis_queue import connection

    return connection()


# --- workers


def start_worker(queue=None, quiet=False, rq_username=None, rq_password=None, burst=False, strategy=None):
    """Run jobs in this process until it is told to end, or (`burst`) until nothing waits."""
    from frappe.jobs.start import start_worker

    start_worker(queue, quiet=quiet, burst=burst)


def set_niceness() -> None:
    """Give way to the processes that answer people. To be called once in a process."""
    configured = frappe.get_conf().get("background_process_niceness")
    with suppress(OSError):
        os.nice(BACKGROUND_PROCESS_NICENESS if configured is None else cint(configured))


def enqueue_test_job():
    enqueue("frappe.utils.background_jobs.test_job", s=100)


def test_job(s):
    print("sleeping...")
    time.sleep(s)
