"""The job table of one site: what waits, what runs, what has failed.

State lives in the rows alone. A job is claimed under BEGIN IMMEDIATE, so one worker gets it; the claim names
its worker, and a claim whose worker is dead is given back. A finished job is marked in the transaction that
its method wrote in, so a crash leaves either all of it or nothing, and then it runs again.

Times are seconds since the epoch (UTC).
"""

import os
import pickle
import sqlite3
import threading
import time
import uuid
from contextlib import contextmanager

import frappe

MAX_CRASHES = 10

_SCHEMA = (
    "create table if not exists `__Jobs` ("
    "uid varchar(40) primary key, job_id varchar(255) not null, queue varchar(140) not null, "
    "place real not null, status varchar(20) not null, job_name varchar(255), user varchar(255), "
    "event varchar(140), payload blob not null, timeout int(11) not null, "
    "attempts int(11) not null default 0, crashes int(11) not null default 0, "
    "run_at real not null, created_at real not null, started_at real, ended_at real, "
    "worker varchar(140), exc_info longtext, result blob)",
    "create index if not exists `__Jobs.waiting` on `__Jobs` (status, queue, place)",
    "create index if not exists `__Jobs.job_id` on `__Jobs` (job_id)",
)

_connections = threading.local()


class ClaimLostError(Exception):
    """Another worker runs this job now: what was done here must not be committed."""


class JobTable:
    """The jobs of one database file, read and written through a connection of its own for each thread."""

    def __init__(self, path: str):
        self.path = path

    @classmethod
    def of_site(cls) -> "JobTable":
        """The table of the current site, connected or not."""
        if frappe.local.get("db"):
            return cls(frappe.local.db.path)
        from frappe.database import get_db

        return cls(get_db(cur_db_name=frappe.local.conf.db_name).path)

    # connections

    def connection(self) -> sqlite3.Connection:
        """This thread's connection; a new one after a fork, and after the file was replaced."""
        from frappe.database.connection import open_connection

        status = os.stat(self.path)
        identity = (os.getpid(), status.st_dev, status.st_ino)
        held = _connections.__dict__.get(self.path)
        if held and held[0] == identity:
            return held[1]
        if held and held[0][0] == os.getpid():
            held[1].close()
        connection = open_connection(self.path)
        self._make_table(connection)
        _connections.__dict__[self.path] = (identity, connection)
        return connection

    @staticmethod
    def _make_table(connection) -> None:
        found = connection.execute("select 1 from sqlite_master where name = '__Jobs'").fetchone()
        if not found:
            for statement in _SCHEMA:
                connection.execute(statement)

    @contextmanager
    def writing(self):
        """A connection inside a transaction of its own, committed at the end."""
        connection = self.connection()
        connection.execute("begin immediate")
        try:
            yield connection
            connection.execute("commit")
        except BaseException:
            connection.execute("rollback")
            raise

    @contextmanager
    def joining(self):
        """A connection inside the transaction that the site's own connection writes in."""
        db = frappe.local.db
        if not db._writing:
            db.get_connection()
            db._begin_immediate()
        self._make_table(db._conn)
        yield db._conn

    def _is_written_to(self) -> bool:
        db = frappe.local.get("db")
        return bool(db and db.path == self.path and db._writing)

    def changing(self):
        """The open transaction of the site's own connection if that has written, else one of its own."""
        return self.joining() if self._is_written_to() else self.writing()

    def reading(self):
        """Where this thread sees what it has enqueued: its own open transaction, else the last commit."""
        if self._is_written_to():
            self._make_table(frappe.local.db._conn)
            return frappe.local.db._conn
        return self.connection()

    # putting in

    @staticmethod
    def new_row(job_id, queue, payload, timeout, job_name, user, event) -> dict:
        """Values of a job that waits from now on; `payload` is anything that can be pickled."""
        moment = time.time()
        return {
            "uid": uuid.uuid4().hex,
            "job_id": job_id,
            "queue": queue,
            "status": "queued",
            "job_name": job_name,
            "user": user,
            "event": event,
            "payload": pickle.dumps(payload),
            "timeout": timeout,
            "run_at": moment,
            "created_at": moment,
        }

    def add(self, connection, row: dict, at_front: bool = False, deduplicate: bool = False) -> bool:
        """Insert a job once; False if it is there, or (`deduplicate`) one of its job_id waits or runs."""
        if connection.execute("select 1 from `__Jobs` where uid = ?", (row["uid"],)).fetchone():
            return False
        if deduplicate:
            same = "from `__Jobs` where job_id = ? and status in"
            if connection.execute(f"select 1 {same} ('queued', 'started')", (row["job_id"],)).fetchone():
                return False
            connection.execute(f"delete {same} ('finished', 'failed', 'canceled')", (row["job_id"],))
        end = "min(place) - 1" if at_front else "max(place) + 1"
        place = connection.execute(f"select coalesce({end}, 0) from `__Jobs`").fetchone()[0]
        columns = {**row, "place": place}
        connection.execute(
            f"insert into `__Jobs` ({', '.join(columns)}) values ({', '.join('?' * len(columns))})",
            list(columns.values()),
        )
        return True

    # taking out

    def claim(self, queues: list[str], worker: str) -> dict | None:
        """The first job of the first queue that has one due, now `worker`'s; None if there is none."""
        if not self._first_due(self.connection(), queues):
            return None
        with self.writing() as connection:
            row = self._first_due(connection, queues)
            if not row:
                return None
            row.update(status="started", worker=worker, started_at=time.time(), attempts=row["attempts"] + 1)
            connection.execute(
                "update `__Jobs` set status = 'started', worker = ?, started_at = ?, ended_at = null, "
                "attempts = ? where uid = ?",
                (worker, row["started_at"], row["attempts"], row["uid"]),
            )
            return row

    @staticmethod
    def _first_due(connection, queues) -> dict | None:
        for queue in queues:
            cursor = connection.execute(
                "select * from `__Jobs` where status = 'queued' and queue = ? and run_at <= ? "
                "order by place limit 1",
                (queue, time.time()),
            )
            if rows := _as_dicts(cursor):
                return rows[0]
        return None

    def end(self, connection, row: dict, status: str, result=None, exc_info=None) -> None:
        """Mark a claimed job as finished or failed. Raises ClaimLostError if another worker has it."""
        self._settle(
            connection,
            row,
            "status = ?, ended_at = ?, result = ?, exc_info = ?",
            (status, time.time(), _pickled(result), exc_info),
        )

    def retry(self, connection, row: dict, seconds: float, exc_info=None) -> None:
        """Let a claimed job wait again, for `seconds`. Raises ClaimLostError."""
        changes = "status = 'queued', worker = null, run_at = ?, exc_info = ?"
        self._settle(connection, row, changes, (time.time() + seconds, exc_info))

    @staticmethod
    def _settle(connection, row, changes, values) -> None:
        changed = connection.execute(
            f"update `__Jobs` set {changes} "
            "where uid = ? and worker = ? and status in ('started', 'stopped')",
            (*values, row["uid"], row["worker"]),
        ).rowcount
        if not changed:
            raise ClaimLostError(row["job_id"])

    def give_back(self, is_alive) -> int:
        """Let the jobs of dead workers wait again; `is_alive(worker)` tells. Returns how many there were.

        A job that has lost its worker ten times is the likely reason for it and counts as failed.
        """
        workers = self.connection().execute(
            "select distinct worker from `__Jobs` where status = 'started' and worker is not null"
        )
        dead = [worker for (worker,) in workers.fetchall() if not is_alive(worker)]
        if not dead:
            return 0
        marks = ", ".join("?" * len(dead))
        with self.writing() as connection:
            rows = _as_dicts(
                connection.execute(
                    f"select uid, crashes from `__Jobs` where status = 'started' and worker in ({marks})",
                    dead,
                )
            )
            for row in rows:
                crashes, now = row["crashes"] + 1, time.time()
                wait = min(60, 2 ** (crashes - 1) - 1)
                given_up = crashes >= MAX_CRASHES
                connection.execute(
                    "update `__Jobs` set status = ?, crashes = ?, worker = null, run_at = ?, ended_at = ?, "
                    "exc_info = ? where uid = ?",
                    (
                        "failed" if given_up else "queued",
                        crashes,
                        now + wait,
                        now if given_up else None,
                        f"The worker died while it ran this job, {crashes} times",
                        row["uid"],
                    ),
                )
        return len(rows)

    # looking

    def find(self, job_id: str) -> dict | None:
        """The newest job of this id."""
        rows = self.rows("job_id = ?", (job_id,), order="created_at desc, place desc", limit=1)
        return rows[0] if rows else None

    def rows(self, where="1", values=(), order="place", limit=-1, start=0) -> list[dict]:
        """Rows that meet a condition of this module's making."""
        return _as_dicts(
            self.reading().execute(
                f"select * from `__Jobs` where {where} order by {order} limit ? offset ?",
                (*values, limit, start),
            )
        )

    # tidying

    def delete(self, where: str, values=()) -> int:
        """Delete what meets a condition of this module's making."""
        with self.changing() as connection:
            return connection.execute(f"delete from `__Jobs` where {where}", values).rowcount

    def forget(self, uid: str) -> None:
        """Delete a job. One that runs goes on, and its row stays until it has ended, as `stopped`."""
        with self.changing() as connection:
            connection.execute(
                "update `__Jobs` set status = 'stopped' where uid = ? and status = 'started'", (uid,)
            )
            connection.execute("delete from `__Jobs` where uid = ? and status <> 'stopped'", (uid,))

    def purge(self, results_for: float, failures_for: float, failures_kept: int) -> None:
        """Forget jobs `results_for` seconds after they finished, `failures_for` after they failed.

        Of the failed ones no more than the newest `failures_kept` stay.
        """
        now = time.time()
        newest = "select uid from `__Jobs` where status = 'failed' order by ended_at desc limit ?"
        old = (
            "(status in ('finished', 'canceled') and ended_at < ?) "
            "or (status = 'stopped' and started_at < ?) "
            f"or (status = 'failed' and (ended_at < ? or uid not in ({newest})))"
        )
        values = (now - results_for, now - failures_for, now - failures_for, failures_kept)
        if self.connection().execute(f"select 1 from `__Jobs` where {old} limit 1", values).fetchone():
            with self.writing() as connection:
                connection.execute(f"delete from `__Jobs` where {old}", values)


def _as_dicts(cursor) -> list[dict]:
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _pickled(value):
    """A method's answer if it can be kept at all: what no later process could read is left out."""
    if value is None:
        return None
    try:
        return pickle.dumps(value)
    except Exception:
        return None
