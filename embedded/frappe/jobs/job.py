"""A job as its callers see it: RQ's names over a row of the job table."""

import datetime
import enum
import pickle
import time


class JobStatus(str, enum.Enum):
    """RQ's states; equal to their texts."""

    QUEUED = "queued"
    FINISHED = "finished"
    FAILED = "failed"
    STARTED = "started"
    DEFERRED = "deferred"
    SCHEDULED = "scheduled"
    STOPPED = "stopped"
    CANCELED = "canceled"

    __str__ = str.__str__


class Job:
    """One job of the table. Times are aware, in UTC. `kwargs` are those of `execute_job`."""

    def __init__(self, table, row: dict):
        self._table = table
        self._take(row)

    def _take(self, row: dict) -> None:
        self.row = row
        self.id = row["job_id"]
        self.origin = row["queue"]
        self.timeout = row["timeout"]
        self.exc_info = row["exc_info"] if row["status"] == "failed" else None
        self.worker_name = row["worker"]
        for field in ("created_at", "started_at", "ended_at"):
            setattr(self, field, _moment(row[field]))
        self.enqueued_at = self.created_at
        self.last_heartbeat = None

    def __repr__(self):
        return f"Job({self.id!r}, {self.row['status']})"

    @property
    def kwargs(self) -> dict:
        return pickle.loads(self.row["payload"])["kwargs"]

    @property
    def description(self) -> str:
        return self.row["job_name"]

    @property
    def result(self):
        """What the method answered; None while there is no answer, or none that could be kept."""
        return None if self.row["result"] is None else pickle.loads(self.row["result"])

    def return_value(self, refresh: bool = False):
        if refresh:
            self.refresh()
        return self.result

    def refresh(self) -> None:
        """Read the row again; a job that is forgotten keeps its last known state."""
        rows = self._table.rows("uid = ?", (self.row["uid"],))
        if rows:
            self._take(rows[0])

    def get_status(self, refresh: bool = True) -> JobStatus:
        if refresh:
            self.refresh()
        return JobStatus(self.row["status"])

    @property
    def is_queued(self) -> bool:
        return self.get_status() == JobStatus.QUEUED

    @property
    def is_started(self) -> bool:
        return self.get_status() == JobStatus.STARTED

    @property
    def is_finished(self) -> bool:
        return self.get_status() == JobStatus.FINISHED

    @property
    def is_failed(self) -> bool:
        return self.get_status() == JobStatus.FAILED

    def cancel(self) -> None:
        """Let it not run, if it has not begun."""
        self._change("status = 'canceled', ended_at = ?", "'queued'", time.time())

    def requeue(self, at_front: bool = False) -> "Job":
        """Let a job that has ended run once more."""
        self._change(
            "status = 'queued', run_at = ?, crashes = 0, attempts = 0, ended_at = null, started_at = null, "
            "exc_info = null, worker = null"
            + (", place = (select min(place) - 1 from `__Jobs`)" if at_front else ""),
            "'failed', 'canceled', 'finished'",
            time.time(),
        )
        return self

    def _change(self, changes: str, states: str, *values) -> None:
        with self._table.writing() as connection:
            connection.execute(
                f"update `__Jobs` set {changes} where uid = ? and status in ({states})",
                (*values, self.row["uid"]),
            )
        self.refresh()

    def delete(self) -> None:
        """Forget it; one that runs is not stopped by that."""
        self._table.forget(self.row["uid"])


def _moment(seconds):
    return None if seconds is None else datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
