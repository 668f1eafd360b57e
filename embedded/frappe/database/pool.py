"""Connections that the threads of a server keep from one request to the next."""

import contextlib
import os
import threading

import frappe

_kept = threading.local()


def borrow():
    """This thread's connection to the current site's database, opened if there is none that still fits.

    One is given up if the file was replaced (a restored backup); what is known of tables is dropped if
    another connection changed the schema.
    """
    from frappe.database import get_db

    db = _kept.__dict__.pop(_key(), None)
    if db is not None:
        try:
            schema = _schema_version(db)
            if db.file_id == _file_id(db.path):
                if db.seen_schema != schema:
                    db._forget_schema()
                    db.seen_schema = schema
                return db
        except Exception:
            pass
        db.close()
    db = get_db(cur_db_name=frappe.local.conf.db_name)
    db.connect()
    db.file_id = _file_id(db.path)
    db.seen_schema = _schema_version(db)
    return db


def give_back(db) -> None:
    """Roll back what is open and keep the connection for this thread's next request."""
    try:
        for callbacks in (db.before_commit, db.after_commit, db.before_rollback, db.after_rollback):
            callbacks.reset()
        db.stale_keys = None
        db.rollback()
        db.set_execution_timeout(0)
        db.auto_commit_on_many_writes = 0
        db.last_query = None
    except Exception:
        with contextlib.suppress(Exception):
            db.close()
        return
    _kept.__dict__[_key()] = db


def close_all() -> None:
    """Close what this thread keeps."""
    for key in list(_kept.__dict__):
        _kept.__dict__.pop(key).close()


def _key() -> str:
    return f"{os.getpid()}:{os.path.abspath(frappe.local.site_path)}:{frappe.local.conf.db_name}"


def _file_id(path: str):
    status = os.stat(path)
    return status.st_dev, status.st_ino


def _schema_version(db) -> int:
    return db.get_connection().execute("pragma schema_version").fetchone()[0]
