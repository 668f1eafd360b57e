"""A process killed while it writes leaves the last commit; two that write lose none of their updates."""

import os
import random
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import bare
import pytest

ROUNDS = 20 if os.environ.get("HYPOTHESIS_PROFILE") == "soak" else 4
STEPS = 400 if os.environ.get("HYPOTHESIS_PROFILE") == "soak" else 60

WRITER = """
    db = bare.connect(pathlib.Path(folder))
    last = db.sql("select coalesce(max(n), 0) from `tabTicket`")[0][0]
    db.rollback()
    while True:
        last += 1
        db.sql("insert into `tabTicket` (name, n, subject) values (%s, %s, 'one')", (f"{last}-1", last))
        rows = [(f"{last}-{i}", last, "many") for i in range(2, 50)]
        db.bulk_insert("Ticket", ["name", "n", "subject"], rows)
        db.set_value("Ticket", {"n": last}, "subject", "done", update_modified=False)
        db.commit()
        print(last, flush=True)
"""

COUNTER = """
    db = bare.connect(pathlib.Path(folder))
    for _ in range(int(sys.argv[2])):
        n = db.get_value("Ticket", "a", "n", for_update=True)
        db.set_value("Ticket", "a", "n", n + 1)
        db.commit()
        db.get_value("Ticket", "a", "n")
        db.sql("insert into `tabTicket` (name) values (%s)", f"{os.getpid()}-{n}")
        db.commit()
"""


def start(script, *args):
    code = "import os, pathlib, sys\nimport bare\nfolder = sys.argv[1]\n" + textwrap.dedent(script)
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, args)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent)},
    )


@pytest.fixture
def folder(tmp_path):
    import frappe

    db = bare.connect(tmp_path)
    bare.make_table()
    db.commit()
    frappe.destroy()
    return tmp_path


def test_a_kill_leaves_every_commit_and_no_half_of_one(folder):
    import frappe

    random.seed(1)
    for _ in range(ROUNDS):
        writer = start(WRITER, folder)
        committed = int(writer.stdout.readline())
        time.sleep(random.uniform(0.01, 0.2))
        os.kill(writer.pid, signal.SIGKILL)
        said = [committed, *map(int, writer.stdout.read().split())]
        writer.communicate()

        db = bare.connect(folder)
        assert db.sql("pragma integrity_check") == (("ok",),)
        rows = db.sql("select n, count(*), sum(subject = 'done') from `tabTicket` group by n order by n")
        assert [row[0] for row in rows] == list(range(1, len(rows) + 1))
        assert {row[1:] for row in rows} == {(49, 49)}
        # What the writer said to be committed is there; one more may have been committed unsaid.
        assert rows[-1][0] - said[-1] in (0, 1)
        frappe.destroy()


def test_two_writers_lose_nothing(folder):
    import frappe

    db = bare.connect(folder)
    db.bulk_insert("Ticket", ["name", "n"], [("a", 0)])
    db.commit()
    frappe.destroy()

    counters = [start(COUNTER, folder, STEPS) for _ in range(2)]
    for counter in counters:
        _out, err = counter.communicate(timeout=120)
        assert counter.returncode == 0, err

    db = bare.connect(folder)
    assert db.get_value("Ticket", "a", "n") == 2 * STEPS
    assert db.count("Ticket") == 1 + 2 * STEPS
    frappe.destroy()
