"""The backend where `redis_queue` is configured: RQ's queues on that Redis, as on a bench.

RQ takes only letters, digits, `_` and `-` in the id of a job: every other character of Frappe's ids (and `_`)
is written there as `_` with its code in hexadecimal digits, and a second `_`.
"""

import os
import re
from contextlib import suppress

import frappe
import redis
from frappe.jobs.table import MAX_CRASHES
from frappe.utils import cint
from rq import Callback, Queue, Retry, Worker, get_current_job
from rq.exceptions import NoSuchJobError
from rq.job import Job, JobStatus

_connections: dict[str, redis.Redis] = {}


def connection() -> redis.Redis:
    """The connection to the site's `redis_queue`, one for each process."""
    url = frappe.local.conf.redis_queue
    if url not in _connections:
        _connections[url] = redis.Redis.from_url(url)
    return _connections[url]


def rq_id(job_id: str) -> str:
    return re.sub(r"[^A-Za-z0-9-]", lambda match: f"_{ord(match[0]):x}_", job_id)


def name_of(job: Job) -> str:
    """Frappe's id of a job."""
    return re.sub(r"_([0-9a-f]+)_", lambda match: chr(int(match[1], 16)), job.id)


def put(
    job_id, queue, arguments, timeout, at_front, deduplicate, on_success, on_failure, after_commit
) -> Job | None:
    """Let a job wait in RQ, from now on or after this transaction's commit (`after_commit`; None then).

    None if a job of its id waits or runs already (`deduplicate`). While a site migrates and its Redis is not
    to be reached, the method runs here instead.
    """
    from frappe.utils import background_jobs as names

    conf = frappe.local.conf
    found = get_queue(queue)

    def enqueue_call():
        return found.enqueue_call(
            "frappe.utils.background_jobs.execute_job",
            kwargs=arguments,
            timeout=timeout,
            at_front=at_front,
            job_id=rq_id(job_id),
            retry=Retry(max=MAX_CRASHES),
            on_success=Callback(on_success) if on_success else None,
            on_failure=Callback(on_failure or forget_older_failures),
            failure_ttl=cint(conf.rq_job_failure_ttl) or names.RQ_JOB_FAILURE_TTL,
            result_ttl=cint(conf.rq_results_ttl) or names.RQ_RESULTS_TTL,
        )

    try:
        if deduplicate and (job := find(job_id)):
            if job.get_status() in (JobStatus.QUEUED, JobStatus.STARTED):
                return None
            job.delete()
        if not after_commit:
            return enqueue_call()
    except redis.exceptions.ConnectionError:
        if not frappe.local.flags.in_migrate:
            raise
        print(f"Redis queue is unreachable: Executing {arguments['job_name']} synchronously")
        return frappe.call(arguments["method"], **arguments["kwargs"])
    frappe.local.db.after_commit.add(enqueue_call)
    return None


def fail_for_good() -> None:
    """Let the running job not run again: RQ's retries are for jobs whose process died."""
    job = get_current_job()
    if job:
        job.retries_left = 0


def forget_older_failures(job, connection, kind, value, traceback) -> None:
    """Keep only the newest failures of the job's queue, as many as the configuration says."""
    from frappe.utils.background_jobs import RQ_FAILED_JOBS_LIMIT

    conf = frappe.local.get("conf")
    if conf is None:  # in a worker, after the job
        with frappe.init_site(job.kwargs.get("site")):
            conf = frappe.local.conf
    limit = cint(conf.rq_failed_jobs_limit) or RQ_FAILED_JOBS_LIMIT
    registry = Queue(job.origin, connection=connection).failed_job_registry
    for old in registry.get_job_ids(end=-limit):
        registry.remove(old, delete_job=True)


# --- looking


def get_queue(queue: str) -> Queue:
    from frappe.utils.background_jobs import generate_qname

    return Queue(generate_qname(queue), connection=connection())


def find(job_id: str) -> Job | None:
    """The job of a full id, None if it is not known (any more)."""
    with suppress(NoSuchJobError):
        return Job.fetch(rq_id(job_id), connection=connection())
    return None


fetch = find


def jobs_of_site(queues: list[str], statuses: list[str]) -> list[Job]:
    """Jobs of the site in any of the queues and states, the newest first."""
    ids = []
    for name in queues:
        queue = get_queue(name)
        kept = {
            "queued": queue,
            "started": queue.started_job_registry,
            "finished": queue.finished_job_registry,
            "failed": queue.failed_job_registry,
            "deferred": queue.deferred_job_registry,
            "scheduled": queue.scheduled_job_registry,
            "canceled": queue.canceled_job_registry,
        }
        ids += [job_id for status in statuses if status in kept for job_id in kept[status].get_job_ids()]
    mine = [job_id for job_id in ids if job_id.startswith(rq_id(f"{frappe.local.site}::"))]
    jobs = [job for job in Job.fetch_many(mine, connection=connection()) if job]
    return sorted(jobs, key=lambda job: job.created_at, reverse=True)


def running(queue: str) -> list[Job]:
    jobs = (worker.get_current_job() for worker in Worker.all(queue=get_queue(queue)))
    return [job for job in jobs if job]


def exception_of(job: Job) -> str | None:
    result = job.latest_result()
    return result.exc_string if result else None


def forget_failed() -> None:
    """Forget the failed jobs of the site."""
    from frappe.utils.background_jobs import get_queue_list

    for job in jobs_of_site(get_queue_list(), ["failed"]):
        job.delete()


def workers() -> list[Worker]:
    return Worker.all(connection=connection())


# --- working


def work(site: str | None, queues: list[str], quiet: bool, burst: bool) -> None:
    """Be an RQ worker on the Redis of the site's (or the bench's) configuration until told to end."""
    from frappe._site import default_sites_path
    from frappe.utils.background_jobs import get_queue_list

    os.environ["SITES_PATH"] = os.path.abspath(default_sites_path())
    with frappe.init_site(site):
        url = frappe.local.conf.redis_queue
        names = get_queue_list(queues, build_queue_name=True)
    worker = Worker(names, connection=redis.Redis.from_url(url))
    worker.work(logging_level="WARNING" if quiet else "INFO", burst=burst)
