"""How the background jobs of a site stand."""

from collections import Counter

import frappe
from frappe.utils.background_jobs import get_queue, get_queue_list, get_workers
from frappe.utils.scheduler import is_scheduler_disabled, is_scheduler_inactive


def _waiting(site: str | None, queue: str) -> list:
    return [job for job in get_queue(queue).jobs if site in (None, job.kwargs["site"])]


def get_jobs_by_queue(site: str | None = None) -> tuple[dict, dict]:
    """How often each method waits, and how many jobs do, both by queue."""
    methods = {
        queue: dict(Counter(_method(job) for job in _waiting(site, queue))) for queue in get_queue_list()
    }
    return methods, {queue: sum(counts.values()) for queue, counts in methods.items()}


def _method(job) -> str:
    return str(job.kwargs.get("job_name") or job.kwargs.get("method"))


def get_pending_jobs(site: str | None = None) -> dict[str, list[str]]:
    """Method and arguments of what waits, by queue."""
    return {
        queue: [f"{_method(job)} {job.kwargs['kwargs'] or ''}".rstrip() for job in _waiting(site, queue)]
        for queue in get_queue_list()
    }


def any_job_pending(site: str) -> bool:
    return any(_waiting(site, queue) for queue in get_queue_list())


def purge_pending_jobs(event: str | None = None, site: str | None = None, queue: str | None = None) -> int:
    """Forget what waits (of an event, a queue); returns how many jobs that were."""
    jobs = [
        job
        for name in get_queue_list(queue)
        for job in _waiting(site, name)
        if event in (None, job.kwargs["event"])
    ]
    for job in jobs:
        job.delete()
    return len(jobs)


def check_number_of_workers() -> int:
    return len(get_workers())


def doctor(site: str) -> bool:
    """Print how scheduler, workers and queues of the connected site stand."""
    print("-----Checking scheduler status-----")
    for found, text in (
        (is_scheduler_disabled(verbose=False), "Scheduler disabled for"),
        (frappe.local.conf.maintenance_mode, "Maintenance mode on for"),
        (frappe.local.conf.pause_scheduler, "Scheduler paused for"),
        (is_scheduler_inactive(verbose=False), "Scheduler inactive for"),
    ):
        if found:
            print(text, site)
    print("Workers online:", check_number_of_workers())
    print(f"-----{site} Jobs-----")
    methods, counts = get_jobs_by_queue(site)
    for queue in get_queue_list():
        if counts[queue]:
            print("Queue:", queue)
            print("Number of Jobs: ", counts[queue])
            print("Methods:")
            for method, count in methods[queue].items():
                print(f"{method} : {count}")
            print("------------")
    return True


def pending_jobs(site: str) -> None:
    """Print what waits."""
    print("-----Pending Jobs-----")
    for queue, jobs in get_pending_jobs(site).items():
        if jobs:
            print(f"-----Queue :{queue}-----")
            print("\n".join(jobs))
