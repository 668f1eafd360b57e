"""`frappe.db`: one connection to the site's SQLite file, its statements and its transactions."""

import itertools
import os
import random
import sqlite3
import string
import time
from contextlib import contextmanager

import frappe
from frappe.database.connection import open_connection
from frappe.database.errors import ErrorPredicates
from frappe.database.introspection import Introspection
from frappe.database.statement import CONTROL, DDL, READ, compile_statement
from frappe.database.transactions import Transactions
from frappe.database.utils import EmptyQueryValues
from frappe.database.values import ValueAccess
from frappe.utils import CallbackManager

SQL_ITERATOR_BATCH_SIZE = 100
STATEMENT_CACHE_SIZE = 2000
LONGEST_CACHED_STATEMENT = 20_000


class SQLiteDatabase(Transactions, ValueAccess, Introspection, ErrorPredicates):
    """The database of one site, for one thread.

    Transactions: the first read begins a deferred transaction, so that reads see one snapshot until the next
    commit or rollback. The first write, a savepoint and a `for update` read begin an immediate one, in which
    this process is the only writer; a snapshot held until then is left, so that a decision is taken on the
    newest rows. A writer waits up to a minute for another and then raises frappe.QueryTimeoutError.
    """

    VARCHAR_LEN = 140
    MAX_COLUMN_LENGTH = 64
    OPTIONAL_COLUMNS = ("_user_tags", "_comments", "_assign", "_liked_by")
    DEFAULT_SHORTCUTS = ("_Login", "__user", "_Full Name", "Today", "__today", "now", "Now")
    STANDARD_VARCHAR_COLUMNS = ("name", "owner", "modified_by")
    DEFAULT_COLUMNS = ("name", "creation", "modified", "modified_by", "owner", "docstatus", "idx")
    CHILD_TABLE_COLUMNS = ("parent", "parenttype", "parentfield")
    MAX_WRITES_PER_TRANSACTION = 200_000
    REGEX_CHARACTER = "regexp"
    db_type = "sqlite"

    class InvalidColumnName(frappe.ValidationError):
        pass

    def __init__(self, host=None, user=None, password=None, port=None, cur_db_name=None, socket=None):
        self.host, self.user, self.password, self.port, self.socket = host, user, password, port, socket
        self.cur_db_name = cur_db_name or frappe.conf.get("db_name") or "site"
        self.path = self._resolve_path(self.cur_db_name)
        self._conn = None
        self._cursor = None
        self._writing = False
        self._schema_version = None
        self._statements = {}
        self._column_types = {}
        self.transaction_writes = 0
        self.auto_commit_on_many_writes = 0
        self.last_query = None
        self.value_cache = {}
        self.before_commit = CallbackManager()
        self.after_commit = CallbackManager()
        self.before_rollback = CallbackManager()
        self.after_rollback = CallbackManager()

    @staticmethod
    def _resolve_path(name: str) -> str:
        if os.sep in name or name == ":memory:":
            return name
        return os.path.abspath(frappe.get_site_path("db", f"{name}.db"))

    # connection

    def connect(self):
        """Open the file, making it if it is not there."""
        self._conn = open_connection(self.path)
        self._cursor = self._conn.cursor()

    def get_connection(self) -> sqlite3.Connection:
        if not self._conn:
            self.connect()
        return self._conn

    def close(self):
        """Close the connection; an open transaction is rolled back."""
        if self._conn:
            self._conn.close()
            self._conn = self._cursor = None
            self._writing = False

    # statements

    def sql(
        self,
        query,
        values=EmptyQueryValues,
        *,
        as_dict=0,
        as_list=0,
        debug=0,
        ignore_ddl=0,
        auto_commit=0,
        update=None,
        explain=False,
        run=True,
        pluck=False,
        as_iterator=False,
    ):
        """Run one statement and return its rows as tuples, or as `as_dict`, `as_list`, `pluck` ask.

        `values` fill `%s` (a tuple, a list, a scalar) or `%(name)s` (a dict); a list or tuple inside fills an
        IN. Without values, `%` has no meaning. Raises QueryTimeoutError when another writer does not finish
        in time, TooManyWritesError, ImplicitCommitError for DDL after writes, else sqlite3's errors.
        """
        if query.__class__ is not str:
            query = str(query)
        if not run:
            return query
        if values is EmptyQueryValues:
            values = None
        elif not isinstance(values, (tuple, dict, list)) and values is not None:
            values = (values,)
        if not self._conn:
            self.connect()

        key = (query, values is None)
        statement = self._statements.get(key)
        if statement is None:
            statement = self._compile(key)
        if auto_commit:
            self.commit()
        if statement.kind is not READ or not self._conn.in_transaction:
            self._prepare_transaction(statement)
            if statement.kind is CONTROL:
                return self._control(statement, query)
            if key not in self._statements and len(query) <= LONGEST_CACHED_STATEMENT:
                statement = self._compile(key)  # another process has changed the schema in the meantime

        started = time.monotonic() if debug else 0
        self.last_query = query
        try:
            sql, params = statement.bind(values) if values is not None else (statement.sql, ())
            cursor = self._conn.cursor() if as_iterator else self._cursor
            cursor.execute(sql, params)
        except sqlite3.Error as e:
            if not (
                ignore_ddl
                and (self.is_missing_column(e) or self.is_table_missing(e) or self.cant_drop_field_or_key(e))
            ):
                self._raise_as_frappe_does(e, query)
            return ()
        if debug:
            frappe.log(f"{query}\n{values or ''}\nExecution time: {time.monotonic() - started:.3f} sec")
        if statement.kind is DDL:
            self._schema_changed()
        if auto_commit:
            self.commit()
        if not cursor.description:
            return ()
        if as_iterator:
            return self._iterate(cursor, statement, pluck, as_dict, as_list, update)
        return self._shape(cursor, cursor.fetchall(), statement.readers, pluck, as_dict, as_list, update)

    def _compile(self, key):
        query, bare = key
        statement = compile_statement(query, not bare, self.get_column_types)
        if len(query) <= LONGEST_CACHED_STATEMENT:
            if len(self._statements) >= STATEMENT_CACHE_SIZE:
                for old in list(itertools.islice(self._statements, STATEMENT_CACHE_SIZE // 2)):
                    del self._statements[old]
            self._statements[key] = statement
        return statement

    @staticmethod
    def _shape(cursor, rows, readers, pluck, as_dict, as_list, update):
        if readers and rows:
            columns = list(zip(*rows, strict=True))
            for position, read in readers:
                columns[position] = read(columns[position])
            rows = list(zip(*columns, strict=True))
        if pluck:
            return [row[0] for row in rows]
        if as_dict:
            keys = [column[0] for column in cursor.description]
            _dict = frappe._dict
            rows = [_dict(zip(keys, row, strict=False)) for row in rows]
            if update:
                for row in rows:
                    row.update(update)
            return rows
        return [list(row) for row in rows] if as_list else tuple(rows)

    def _iterate(self, cursor, statement, pluck, as_dict, as_list, update):
        if not (pluck or as_dict or as_list):
            frappe.throw("`as_iterator` only works with `as_list=True` or `as_dict=True`")
        try:
            while rows := cursor.fetchmany(SQL_ITERATOR_BATCH_SIZE):
                yield from self._shape(cursor, rows, statement.readers, pluck, as_dict, as_list, update)
        finally:
            cursor.close()

    def _raise_as_frappe_does(self, e, query):
        if self.is_deadlocked(e):
            raise frappe.QueryDeadlockError(e) from e
        if self.is_timedout(e) or self.is_statement_timeout(e):
            raise frappe.QueryTimeoutError(e) from e
        if self.is_read_only_mode_error(e):
            raise frappe.InReadOnlyMode(e) from e
        if str(e).startswith("no such function: "):
            raise NotImplementedError(f"SQL function {str(e).removeprefix('no such function: ')}") from e
        if self.is_syntax_error(e):
            frappe.log(f"Syntax error in query:\n{query}")
        raise e

    def sql_list(self, query, values=(), debug=False, **kwargs):
        """The first column of the rows, as a list."""
        return self.sql(query, values, **kwargs, debug=debug, pluck=True)

    def sql_ddl(self, query, debug=False):
        """Commit, then change the schema and commit that: DDL never is half of a transaction."""
        self.commit()
        self.sql(query, debug=debug)
        self.commit()

    def multisql(self, sql_dict, values=(), **kwargs):
        """Run the text given for this database: `sqlite`, else `mariadb`."""
        return self.sql(sql_dict.get("sqlite") or sql_dict.get("mariadb"), values, **kwargs)

    def get_description(self):
        return self._cursor.description

    @contextmanager
    def unbuffered_cursor(self):
        """Within it, `sql(…, as_iterator=True)` holds one batch of rows at a time (here it always does)."""
        yield

    @staticmethod
    def escape(s, percent=True):
        """Quote a string as an SQL literal; `percent` doubles % for texts that are run with values."""
        text = frappe.as_unicode(s).replace("'", "''").replace("\0", "")
        return "'" + (text.replace("%", "%%") if percent else text) + "'"

    def mogrify(self, query, values):
        """The query with its values written in, for people to read."""
        if not values:
            return query
        if isinstance(values, dict):
            return query % {k: self._literal(v) for k, v in values.items()}
        return query % tuple(self._literal(v) for v in values)

    def _literal(self, value):
        if value is None or isinstance(value, (int, float)):
            return "NULL" if value is None else value
        if isinstance(value, (list, tuple, set)):
            return "(" + ", ".join(str(self._literal(v)) for v in value) + ")"
        return self.escape(str(value), percent=False)


# Apps and Frappe's own code know the class under this name.
Database = SQLiteDatabase


@contextmanager
def savepoint(catch=Exception):
    """Undo what happened inside when one of `catch` is raised, and go on; usable as a decorator too."""
    name = "".join(random.sample(string.ascii_lowercase, 10))
    frappe.db.savepoint(name)
    try:
        yield
    except catch:
        frappe.db.rollback(save_point=name)
    else:
        frappe.db.release_savepoint(name)
