"""What is measured, and against which limit. Each case returns one Result."""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
from calendar import monthrange
from datetime import date, datetime, timedelta
from pathlib import Path

from benchmarks import city
from benchmarks.measure import Result, pairs
from benchmarks.serving import serving

BARE_TICKETS = """
    SELECT unit, COUNT(*), SUM(CASE WHEN DATE(resolved_on) <= due_on THEN 1 ELSE 0 END)
    FROM "tabIssue Ticket" WHERE due_on >= ? AND due_on <= ? AND state != 'Cancelled' GROUP BY unit"""
BARE_RESPONSES = """
    SELECT unit, COUNT(*), SUM(CASE WHEN rating >= 4 THEN 1 ELSE 0 END)
    FROM "tabSatisfaction Response" WHERE answered_on >= ? AND answered_on < ? GROUP BY unit"""


def bare_tickets(connection, year: int, month: int) -> list:
    last = date(year, month, monthrange(year, month)[1])
    return connection.execute(BARE_TICKETS, (f"{year}-{month:02}-01", str(last))).fetchall()


def bare_responses(connection, year: int, month: int) -> list:
    following = date(year, month, monthrange(year, month)[1]) + timedelta(days=1)
    start, end = f"{year}-{month:02}-01 00:00:00.000000", f"{following} 00:00:00.000000"
    return connection.execute(BARE_RESPONSES, (start, end)).fetchall()


def reading(metric: str, name: str, bare_query) -> Result:
    """One month's cohort through `readings`, against the same GROUP BY on a plain connection."""
    from cadre_incentive.readings import Period, read

    connection = city.bare()
    with city.connected():

        def candidates():
            for year, month in city.MONTHS[:13]:
                last = date(year, month, monthrange(year, month)[1])
                cutoff = datetime.combine(
                    last + timedelta(days=5), datetime.max.time().replace(microsecond=0)
                )
                period = Period.parse(f"{year}-{month:02}")
                same(read(metric, period, cutoff), bare_query(connection, year, month))
                yield (
                    lambda period=period, cutoff=cutoff: read(metric, period, cutoff),
                    lambda year=year, month=month: bare_query(connection, year, month),
                )

        return pairs(name, 1.5, candidates(), unit="ms")


def same(readings, rows) -> None:
    """A fast reading that is wrong is no reading."""
    ours = {(reading.unit, reading.n, reading.k) for reading in readings}
    if ours != set(rows):
        raise AssertionError(f"reading and bare query differ: {sorted(ours ^ set(rows))[:4]}")


def rebuild() -> Result:
    """A whole rebuild of a board and month, against the bare GROUP BY plus a bare bulk insert."""
    connection = city.bare()
    with city.connected() as frappe:
        from cadre_incentive.cadre_incentive.doctype.red_black_list.rebuild import rebuild as build

        frappe.db.delete("Red Black List Entry", {"parent": ("like", "On-time Rate-%")})
        frappe.db.delete("Red Black List", {"board": "On-time Rate"})
        frappe.db.commit()
        sample = build("On-time Rate", "2023-12")
        frappe.db.commit()
        cursor = connection.execute('SELECT * FROM "tabRed Black List Entry" WHERE parent = ?', (sample,))
        columns = [column[0] for column in cursor.description]
        entries = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
        connection.execute('DROP TABLE IF EXISTS "bare entries"')
        ddl = connection.execute(
            "SELECT sql FROM sqlite_master WHERE type='table' AND name='tabRed Black List Entry'"
        ).fetchone()[0]
        connection.execute(ddl.replace("tabRed Black List Entry", "bare entries"))
        indexes = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type='index' AND sql IS NOT NULL"
            " AND tbl_name='tabRed Black List Entry'"
        ).fetchall()
        for name, sql in indexes:
            connection.execute(
                sql.replace(name, f"bare {name}").replace("tabRed Black List Entry", "bare entries")
            )
        statement = f'INSERT INTO "bare entries" VALUES ({", ".join("?" * len(columns))})'

        def bare(year: int, month: int) -> None:
            bare_tickets(connection, year, month)
            rows = [tuple(entry.values()) for entry in entries]
            name = columns.index("name")
            rows = [(*row[:name], f"{year}{month}{row[name]}", *row[name + 1 :]) for row in rows]
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(statement, rows)
            connection.execute("COMMIT")

        def ours(year: int, month: int) -> None:
            build("On-time Rate", f"{year}-{month:02}")
            frappe.db.commit()

        def candidates():
            for year, month in city.MONTHS[:11]:
                yield (
                    lambda year=year, month=month: ours(year, month),
                    lambda year=year, month=month: bare(year, month),
                )

        try:
            return pairs("rebuild", 3.0, candidates(), unit="ms")
        finally:
            connection.execute('DROP TABLE "bare entries"')


def ticket_insert() -> Result:
    """A ticket with all its rules, against a document of one field; no commit flatters either of them."""
    count = 200
    with city.connected() as frappe:
        frappe.set_user("Administrator")
        if not frappe.db.exists("DocType", "Bench Slip"):
            frappe.get_doc(
                doctype="DocType",
                name="Bench Slip",
                module="Custom",
                custom=1,
                autoname="hash",
                fields=[{"fieldname": "title", "fieldtype": "Data", "label": "Title"}],
                permissions=[{"role": "System Manager", "read": 1, "write": 1, "create": 1}],
            ).insert()
            frappe.db.commit()
        rng = random.Random(3)

        def slips():
            for number in range(count):
                frappe.get_doc(doctype="Bench Slip", title=f"Slip {number}").insert()
            frappe.db.rollback()

        def tickets():
            for number in range(count):
                frappe.get_doc(
                    doctype="Issue Ticket",
                    source="Bench",
                    external_id=f"new {number}",
                    category="Repairs",
                    unit=f"U{rng.randrange(city.UNITS):04}",
                    place="Stairwell 3",
                    description="The lamp is broken again.\nThe third time this year.",
                    reported_on="2024-11-05 10:00:00",
                    resolved_on="2024-11-20 10:00:00",
                ).insert()
            frappe.db.rollback()

        return pairs("ticket insert", 2.0, [(tickets, slips)] * 10, per=count, unit="ms")


def workbook() -> Result:
    """The leaders' workbook of a month with 100,000 entries, read from the database and written, against bare
    XlsxWriter writing the same cells (known beforehand) in the same kinds of formats."""
    import openpyxl
    import xlsxwriter

    from cadre_incentive.workbooks import leaders

    with tempfile.TemporaryDirectory() as folder, city.connected():
        made = Path(folder) / "ours.xlsx"

        def ours():
            leaders.write(city.CROWDED_MONTH, str(made))

        ours()
        book = openpyxl.load_workbook(made, read_only=True)
        sheets = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}
        if sum(map(len, sheets.values())) < 100_000:
            raise AssertionError("the workbook has fewer than 100,000 rows")

        def bare():
            target = xlsxwriter.Workbook(Path(folder) / "bare.xlsx", {"constant_memory": True})
            text = target.add_format({"font_name": "Arial", "text_wrap": True, "border": 1})
            number = target.add_format({"font_name": "Arial", "num_format": "0.0%", "border": 1})
            for title, rows in sheets.items():
                sheet = target.add_worksheet(title)
                for y, row in enumerate(rows):
                    for x, value in enumerate(row):
                        if value is None:
                            sheet.write_blank(y, x, None, text)
                        elif isinstance(value, int | float):
                            sheet.write_number(y, x, value, number)
                        else:
                            sheet.write_string(y, x, str(value), text)
            target.close()

        return pairs("workbook of 100,000 rows", 1.5, [(ours, bare)] * 4)


def startup() -> Result:
    """`bench execute frappe.ping` as a process, against a Python that imports pandas."""

    def ping():
        city.bench("--site", city.SITE, "execute", "frappe.ping")

    def pandas():
        subprocess.run([sys.executable, "-c", "import pandas"], check=True)

    return pairs("bench execute frappe.ping", 1.0, [(ping, pandas)] * 8)


def all_cases():
    city.prepare()
    yield startup()
    yield reading("On-time Rate", "reading a month of tickets", bare_tickets)
    yield reading("Satisfaction Rate", "reading a month of responses", bare_responses)
    yield rebuild()
    yield ticket_insert()
    yield workbook()
    yield from serving()
