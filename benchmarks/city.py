"""A large city on disk: 1,000 units, 24 months, 1,000,000 tickets and 600,000 responses, always the same.

It is made once in `.bench/` by plain SQL (a million documents would measure nothing but patience)
and used again until the tables look different.
"""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent / ".bench" / "city"
SITE = "bench.localhost"
BENCH = Path(sys.executable).parent / "bench"
MONTHS = [(2023 + month // 12, month % 12 + 1) for month in range(24)]
UNITS = 1_000
TICKETS = 1_000_000
RESPONSES = 600_000
CROWDED_MONTH = "2022-12"
CROWDED_BOARDS, CROWDED_UNITS = 10, 10_000
NOW = "2025-02-01 00:00:00.000000"


def bench(*args: str) -> None:
    subprocess.run([str(BENCH), *args], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


@contextmanager
def connected():
    """The site, connected, inside its bench."""
    import frappe

    here = Path.cwd()
    os.chdir(ROOT / "sites")
    frappe.init(SITE, sites_path=".")
    frappe.connect()
    try:
        yield frappe
    finally:
        frappe.destroy()
        os.chdir(here)


def bare() -> sqlite3.Connection:
    """A plain connection to the site's file, with the PRAGMAs that the site itself runs with."""
    connection = sqlite3.connect(database_path(), isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    return connection


def database_path() -> Path:
    with connected() as frappe:
        return database_path_of(frappe)


def database_path_of(frappe) -> Path:
    return Path(frappe.db.sql("PRAGMA database_list")[0][2])


def prepare() -> None:
    """Make the city, or find it made."""
    stamp = ROOT / "stamp"
    if stamp.exists() and stamp.read_text() == fingerprint():
        bench("--site", SITE, "migrate")  # tables of the host that are newer than the city
        return
    shutil.rmtree(ROOT, ignore_errors=True)
    (ROOT / "sites").mkdir(parents=True)
    bench("new-site", SITE, "--admin-password", "admin")
    bench("--site", SITE, "install-app", "cadre_incentive")
    with connected() as frappe:
        make_masters(frappe)
        frappe.db.commit()
    connection = bare()
    indexes = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type='index' AND sql IS NOT NULL"
        " AND tbl_name IN ('tabIssue Ticket', 'tabSatisfaction Response')"
    ).fetchall()
    connection.execute("BEGIN")
    for name, _ in indexes:
        connection.execute(f'DROP INDEX "{name}"')
    insert(connection, "Issue Ticket", tickets())
    insert(connection, "Satisfaction Response", responses())
    for _, sql in indexes:
        connection.execute(sql)
    insert(connection, "List Board", crowded_boards())
    insert(connection, "Red Black List", crowded_lists())
    insert(connection, "Red Black List Entry", crowded_entries())
    connection.execute("COMMIT")
    connection.execute("ANALYZE")
    connection.close()
    stamp.write_text(fingerprint())


def fingerprint() -> str:
    """Changes when this file or a DocType of the city changes."""
    doctypes = Path(__file__).resolve().parent.parent / "cadre_incentive/cadre_incentive/doctype"
    content = Path(__file__).read_bytes()
    for path in sorted(doctypes.glob("*/*.json")):
        content += path.read_bytes()
    for path in sorted(doctypes.glob("*/*.py")):
        if "add_index" in path.read_text():
            content += path.read_bytes()
    return hashlib.sha256(content).hexdigest()


def make_masters(frappe) -> None:
    for track in range(10):
        frappe.get_doc(doctype="Assessment Track", track_name=f"Track {track}").insert()
    frappe.get_doc(doctype="Problem Category", category_name="Everything", is_group=1, time_limit=30).insert()
    frappe.get_doc(
        doctype="Problem Category", category_name="Repairs", parent_problem_category="Everything"
    ).insert()
    frappe.get_doc(doctype="Government Unit", unit_code="CITY", unit_name="City", is_group=1).insert()
    for unit in range(UNITS):
        frappe.get_doc(
            doctype="Government Unit",
            unit_code=f"U{unit:04}",
            unit_name=f"Unit {unit:04}",
            parent_government_unit="CITY",
            track=f"Track {unit % 10}",
        ).insert()
    for metric in ("On-time Rate", "Satisfaction Rate"):
        frappe.get_doc(
            doctype="List Board", board_name=metric, metric=metric, red_line=80, black_line=70, enabled=1
        ).insert()


def tickets() -> Iterator[dict]:
    rng = random.Random(1)
    for number in range(TICKETS):
        year, month = MONTHS[rng.randrange(24)]
        due = date(year, month, rng.randint(1, 28))
        reported = datetime.combine(due - timedelta(days=30), datetime.min.time()) + timedelta(
            seconds=rng.randrange(86400)
        )
        unit = rng.randrange(UNITS)
        # Units differ: between 60 and 95 of a hundred are on time.
        on_time = rng.random() < 0.6 + 0.35 * (unit % 97) / 96
        resolved = reported + timedelta(days=rng.randint(1, 29) if on_time else rng.randint(31, 60))
        yield {
            "name": f"IT-BENCH-{number:07}",
            "subject": f"Ticket {number}",
            "source": "Bench",
            "external_id": str(number),
            "external_key": f"{number:064x}",
            "category": "Repairs",
            "unit": f"U{unit:04}",
            "description": "The lamp in the stairwell is broken again, the third time this year.",
            "reported_on": f"{reported}.000000",
            "due_on": str(due),
            "resolved_on": f"{resolved}.000000",
            "state": "Closed" if rng.random() < 0.98 else "Cancelled",
        }


def responses() -> Iterator[dict]:
    rng = random.Random(2)
    for number in range(RESPONSES):
        year, month = MONTHS[rng.randrange(24)]
        answered = datetime(year, month, rng.randint(1, 28)) + timedelta(seconds=rng.randrange(86400))
        unit = rng.randrange(UNITS)
        satisfied = rng.random() < 0.6 + 0.35 * (unit % 89) / 88
        yield {
            "name": f"r{number:09}",
            "ticket": f"IT-BENCH-{number:07}",
            "unit": f"U{unit:04}",
            "category": "Repairs",
            "rating": rng.randint(4, 5) if satisfied else rng.randint(1, 3),
            "channel": "Link",
            "answered_on": f"{answered}.000000",
        }


def crowded_boards() -> Iterator[dict]:
    for board in range(CROWDED_BOARDS):
        name = f"Crowded {board}"
        yield {"name": name, "board_name": name, "metric": "Resolution Rate", "enabled": 1}


def crowded_lists() -> Iterator[dict]:
    for board in range(CROWDED_BOARDS):
        yield {
            "name": f"Crowded {board}-{CROWDED_MONTH}-v1",
            "board": f"Crowded {board}",
            "period": CROWDED_MONTH,
            "version": 1,
            "status": "Draft",
            "cutoff": "2023-01-05 23:59:59.000000",
            "metric": "Resolution Rate",
            "red_line": 90,
            "black_line": 60,
            "minimum_sample": 10,
            "input_digest": "0" * 64,
        }


def crowded_entries() -> Iterator[dict]:
    rng = random.Random(5)
    for board in range(CROWDED_BOARDS):
        for unit in range(CROWDED_UNITS):
            n = rng.randint(10, 200)
            k = rng.randint(0, n)
            rate = 100 * k / n
            yield {
                "name": f"crowded{board:02}{unit:05}",
                "parent": f"Crowded {board}-{CROWDED_MONTH}-v1",
                "parentfield": "entries",
                "parenttype": "Red Black List",
                "unit": f"X{unit:05}",
                "unit_name": f"Crowded unit {unit:05}",
                "track": f"Track {unit % 10}",
                "k": k,
                "n": n,
                "rate": rate,
                "low": max(rate - 5, 0),
                "high": min(rate + 5, 100),
                "rank": unit // 10 + 1,
                "reason": f"Not listed: {k} of {n} resolved ({rate:.1f} %), between the lines",
            }


def insert(connection: sqlite3.Connection, doctype: str, rows: Iterator[dict]) -> None:
    first = next(rows)
    fields = [*first, "owner", "modified_by", "creation", "modified", "docstatus", "idx"]
    standard = ("Administrator", "Administrator", NOW, NOW, 0, 0)
    columns = ", ".join(f'"{field}"' for field in fields)
    statement = f'INSERT INTO "tab{doctype}" ({columns}) VALUES ({", ".join("?" * len(fields))})'

    def values():
        yield (*first.values(), *standard)
        for row in rows:
            yield (*row.values(), *standard)

    connection.executemany(statement, values())
