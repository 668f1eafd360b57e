"""When a transaction begins and ends, and who may write meanwhile."""

import sqlite3
import time

import frappe
from frappe.database.connection import BUSY_TIMEOUT_SECONDS
from frappe.database.statement import CONTROL, DDL, READ


class Transactions:
    """Part of SQLiteDatabase, whose docstring says what a transaction is here."""

    def _prepare_transaction(self, statement):
        kind, word = statement.kind, statement.word
        if kind is READ:
            if word != "pragma":
                self._execute("begin")
                self._watch_schema()
            return
        if kind is CONTROL:
            return
        if kind is DDL:
            if self.transaction_writes:
                raise frappe.ImplicitCommitError("This statement can cause implicit commit")
        elif word in ("insert", "update", "delete", "replace"):
            self.transaction_writes += 1
            if self.transaction_writes > self.MAX_WRITES_PER_TRANSACTION:
                if not self.auto_commit_on_many_writes:
                    raise frappe.TooManyWritesError(
                        frappe._("Too many changes to database in single action.")
                        + " "
                        + frappe._("The changes have been reverted.")
                    )
                self.commit()
                self.transaction_writes = 1
        if not self._writing:
            self._begin_immediate(statement.no_wait)

    def _begin_immediate(self, no_wait=False):
        if self._conn.in_transaction:
            self._execute("commit")  # only read so far: let go of the old snapshot, then queue for the lock
        if no_wait:
            self._execute("pragma busy_timeout = 0")
        try:
            self._execute("begin immediate")
        finally:
            if no_wait:
                self._execute(f"pragma busy_timeout = {BUSY_TIMEOUT_SECONDS * 1000}")
        self._writing = True
        self._watch_schema()

    def _watch_schema(self):
        """Forget what is known of the tables if another process has changed them."""
        version = self._conn.execute("pragma schema_version").fetchone()[0]
        if version != self._schema_version:
            if self._schema_version is not None:
                self._forget_schema()
            self._schema_version = version

    def _execute(self, sql):
        try:
            self._conn.execute(sql)
        except sqlite3.Error as e:
            self._raise_as_frappe_does(e, sql)

    def _control(self, statement, query):
        """Transaction statements given as text take the same road as the methods."""
        words = query.strip().rstrip(";").split()
        lowered = [w.lower() for w in words]
        if statement.word == "commit":
            self._end("commit")
        elif statement.word == "rollback" and "to" in lowered:
            self._execute(f"rollback to savepoint {words[-1]}")
        elif statement.word == "rollback":
            self._end("rollback")
        elif statement.word == "savepoint":
            self.savepoint(words[-1])
        elif statement.word == "release":
            self.release_savepoint(words[-1])
        elif statement.word == "vacuum":
            self._end("commit")
            self._execute("vacuum")
        elif self.transaction_writes:
            raise frappe.ImplicitCommitError("This statement can cause implicit commit")
        return ()

    def _end(self, how):
        if self._conn and self._conn.in_transaction:
            self._execute(how)
        self._writing = False
        self.transaction_writes = 0

    def begin(self, *, read_only=False):
        """Nothing to do: the first statement begins the transaction it needs."""
        if not self._conn:
            self.connect()

    def commit(self):
        """Make the changes last, with the callbacks of before_commit and after_commit around it."""
        self.before_rollback.reset()
        self.after_rollback.reset()
        self.before_commit.run()
        self._end("commit")
        self.after_commit.run()

    def rollback(self, *, save_point=None):
        """Undo everything since the last commit, or since `save_point` (which stays usable)."""
        if save_point:
            self._execute(f"rollback to savepoint {_identifier(save_point)}")
            self.value_cache.clear()
            return
        self.before_commit.reset()
        self.after_commit.reset()
        self.before_rollback.run()
        self._end("rollback")
        self.value_cache.clear()
        self.after_rollback.run()

    def savepoint(self, save_point):
        """Mark a place to roll back to. Changes outside the database are not undone."""
        if not self._conn:
            self.connect()
        if not self._writing:
            self._begin_immediate()
        self._execute(f"savepoint {_identifier(save_point)}")

    def release_savepoint(self, save_point):
        self._execute(f"release savepoint {_identifier(save_point)}")

    def set_execution_timeout(self, seconds: int):
        """Interrupt any statement that runs longer than `seconds` (0: never)."""
        if not seconds:
            self._conn.set_progress_handler(None, 0)
            return
        deadline = time.monotonic() + seconds
        self._conn.set_progress_handler(lambda: int(time.monotonic() > deadline), 100_000)


def _identifier(name: str) -> str:
    return '"' + name.replace('"', "") + '"'
