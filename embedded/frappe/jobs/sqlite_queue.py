"""The default backend: jobs wait in the site's own database."""

import sys

import frappe
from frappe.jobs.job import Job
from frappe.jobs.table import JobTable


def put(
    job_id: str,
    queue: str,
    arguments: dict,
    timeout: int,
    at_front: bool,
    deduplicate: bool,
    on_success,
    on_failure,
    after_commit: bool,
) -> Job | None:
    """Let a job wait. None if a job of its id waits or runs already (`deduplicate`), or `after_commit`.

    Outside a writing transaction it waits from now on, whatever the caller does next. Inside one (where
    nobody else can write) it joins the transaction; if that is rolled back, it is put in right after. With
    `after_commit` it is part of the commit, and a rollback forgets it.
    """
    table = JobTable.of_site()
    payload = {"kwargs": arguments, "on_success": on_success, "on_failure": on_failure}
    row = table.new_row(
        job_id, queue, payload, timeout, arguments["job_name"], arguments["user"], arguments["event"]
    )

    def add_alone():
        with table.writing() as connection:
            added = table.add(connection, row, at_front, deduplicate)
        wake_workers()
        return added

    def add_joining():
        with table.joining() as connection:
            return table.add(connection, row, at_front, deduplicate)

    db = frappe.local.get("db")
    if after_commit:
        db.before_commit.add(add_joining)
        db.after_commit.add(wake_workers)
        return None
    if not (db and db._writing):
        return Job(table, table.rows("uid = ?", (row["uid"],))[0]) if add_alone() else None
    added = add_joining()
    if not added:
        return None
    db.before_commit.add(add_joining)  # a rollback to a savepoint may have taken it out
    db.after_commit.add(wake_workers)
    db.after_rollback.add(add_alone)
    return Job(table, table.rows("uid = ?", (row["uid"],))[0])


def wake_workers() -> None:
    """Tell the workers of this process, if it has any, that there is something to do."""
    worker = sys.modules.get("frappe.jobs.worker")
    if worker:
        worker.wake()


def find(job_id: str) -> Job | None:
    """The newest job of a full id, None if it is not known (any more)."""
    table = JobTable.of_site()
    row = table.find(job_id)
    return Job(table, row) if row else None


class Queue:
    """What waits in one queue of the site, under RQ's names."""

    def __init__(self, name: str):
        self.name = name
        self._table = JobTable.of_site()

    def of_status(self, status: str) -> list[Job]:
        order = "place" if status == "queued" else "coalesce(ended_at, started_at) desc"
        rows = self._table.rows("queue = ? and status = ?", (self.name, status), order=order)
        return [Job(self._table, row) for row in rows]

    @property
    def jobs(self) -> list[Job]:
        return self.of_status("queued")

    def get_jobs(self) -> list[Job]:
        return self.jobs

    @property
    def job_ids(self) -> list[str]:
        return [job.id for job in self.jobs]

    def get_job_ids(self) -> list[str]:
        return self.job_ids

    @property
    def count(self) -> int:
        return len(self.jobs)

    def __len__(self):
        return self.count

    def is_empty(self) -> bool:
        return not self.count

    def empty(self) -> int:
        """Forget what waits; returns how many jobs that were."""
        return self._table.delete("queue = ? and status = 'queued'", (self.name,))


def jobs_of_site(queues: list[str], statuses: list[str]) -> list[Job]:
    """Jobs in any of the queues and states, the newest first."""
    if not (queues and statuses):
        return []
    table = JobTable.of_site()
    marks = [", ".join("?" * len(values)) for values in (queues, statuses)]
    rows = table.rows(
        f"queue in ({marks[0]}) and status in ({marks[1]})", (*queues, *statuses), order="created_at desc"
    )
    return [Job(table, row) for row in rows]


def running(queue: str) -> list[Job]:
    return Queue(queue).of_status("started")


def get_queue(queue: str) -> Queue:
    return Queue(queue)


def name_of(job: Job) -> str:
    return job.id


def fetch(name: str) -> Job | None:
    return find(name)


def exception_of(job: Job) -> str | None:
    return job.exc_info


def forget_failed() -> None:
    """Forget the failed jobs of the site."""
    JobTable.of_site().delete("status = 'failed'")


def workers() -> list:
    """Workers that live, on this bench."""
    from frappe.jobs.leases import living

    return [frappe._dict(name=name, pid=int(name.split(".")[-2])) for name in living(frappe.local.sites_path)]
