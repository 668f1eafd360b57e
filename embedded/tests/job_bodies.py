"""What the jobs of the tests do. In a module of its own, so that a worker process can import it too."""

import os
import signal
import time

import frappe


def write(text, wait=0.0):
    """Two rows in one transaction, with time in between."""
    _insert(f"{text} first")
    time.sleep(wait)
    _insert(f"{text} second")
    return text


def _insert(text):
    frappe.db.sql(
        "insert into `tabNote` (name, title, content, owner) values (%s, %s, %s, %s)",
        (frappe.generate_hash(), text, str(os.getpid()), frappe.session.user),
    )


def write_and_fail(text):
    _insert(text)
    raise ValueError(f"on purpose: {text}")


def fail_until(text, attempts):
    """Ask to be run again until that has been done `attempts` times; each run counts in a file."""
    path = frappe.get_site_path(f"{text}.attempts")
    with open(path, "a+") as handle:
        handle.write(".")
        handle.seek(0)
        done = len(handle.read())
    _insert(text)
    if done < attempts:
        raise frappe.RetryBackgroundJobError
    return done


def spin(seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(0.01)


def query_forever():
    frappe.db.sql(
        "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n", run=True
    )


def sleep(seconds):
    time.sleep(seconds)


def leave():
    raise SystemExit(3)


def kill_the_worker():
    _insert("half done")
    os.kill(os.getpid(), signal.SIGKILL)


def who():
    return frappe.session.user


def retitle(doc, day, words):
    doc.db_set("title", f"{doc.title} {day} {words['to'].be}")


def enqueue_another(text):
    frappe.enqueue(write, text=text)
    _insert(f"{text} by the first job")


def enqueue_and_fail(text):
    _insert("undone")
    frappe.enqueue(write, text=text)
    raise ValueError("after enqueueing")


def note_event(text):
    with open(frappe.get_site_path("events.txt"), "a") as handle:
        handle.write(text + "\n")


def before_job(method, kwargs, transaction_type):
    note_event(f"before {method.rpartition('.')[2]} {transaction_type}")


def after_job(method, kwargs, result):
    note_event(f"after {method.rpartition('.')[2]} {result}")


def on_success(job, connection, result):
    _tell(job, f"success {result}")


def on_failure(job, connection, kind, value, traceback):
    _tell(job, f"failure {kind.__name__}")


def _tell(job, text):
    with open(job.kwargs["kwargs"]["text"], "a") as handle:
        handle.write(text)


def succeed_at(text):
    return "well"


def fail_at(text):
    raise KeyError(text)
