"""Real input: New York's elevator complaints, judged, against figures computed straight from the CSV.

The oracle shares nothing with the app: the csv module, days added to dates, and two dictionaries.
"""

import csv
import gzip
import json
import time
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parents[2] / "shared/data/nyc311_elevators_2024_jan_sep.csv.gz"
ROWS = 16_962
LIMIT = timedelta(days=30)
BOARD = "Elevators on time"
MONTHS = [f"2024-{month:02}" for month in range(1, 11)]
MAP = {
    "source": "NYC 311",
    "columns": {
        "external_id": "unique_key",
        "reported_on": "created_date",
        "resolved_on": "closed_date",
        "unit": "community_board",
        "category": "descriptor",
        "description": "resolution_description",
    },
    "date_format": "%Y-%m-%d %H:%M:%S",
    "unit_parent_column": "borough",
    "track": "Community boards",
    "category_parent": "Elevators",
    "time_limit": 30,
    "time_limit_unit": "Calendar Days",
}

pytestmark = pytest.mark.skipif(not DATA.exists(), reason=f"the real data is not here: {DATA}")


def counted() -> tuple[Counter, Counter]:
    """Return k and n by (month, unit): due thirty days after the report, on time if closed by that day."""
    k, n = Counter(), Counter()
    with gzip.open(DATA, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            due = (datetime.fromisoformat(row["created_date"]) + LIMIT).date()
            key = (f"{due:%Y-%m}", row["community_board"])
            n[key] += 1
            closed = row["closed_date"]
            k[key] += bool(closed) and datetime.fromisoformat(closed).date() <= due
    return k, n


@pytest.fixture
def imported(bench, tmp_path):
    """A site with the complaints on it; the file is copied, for rejects are written beside it."""
    file = tmp_path / DATA.name
    file.write_bytes(DATA.read_bytes())
    (tmp_path / "map.json").write_text(json.dumps(MAP), encoding="utf-8")
    bench.file, bench.map = str(file), str(tmp_path / "map.json")
    bench.said = bench.run("cadre-import-tickets", bench.file, "--map", bench.map).stdout
    return bench


def test_complaints_become_lists_that_agree_with_the_file(imported, tmp_path):
    assert f"added: {ROWS}" in imported.said
    assert "rejected: 0" in imported.said
    assert "08 BRONX" in imported.said and "BRONX (329), MANHATTAN (12)" in imported.said
    assert not Path(f"{imported.file}.rejected.csv").exists()

    imported.execute(
        "cadre_incentive.tests.factories.make_board",
        board_name=BOARD,
        category="Elevators",
        metric="On-time Rate",
    )
    k, n = counted()
    assert sum(n.values()) == ROWS
    compared = 0
    for month in MONTHS:
        answer = json.loads(imported.run("cadre-rebuild", "--period", month, "--json").stdout)
        found = {entry["unit"]: (entry["k"], entry["n"]) for entry in answer["entries"]}
        wanted = {unit: (k[month, unit], n[month, unit]) for period, unit in n if period == month}
        assert found == wanted, month
        for entry in answer["entries"]:
            assert entry["rate"] == entry["k"] / entry["n"]
            assert entry["track"] == "Community boards"
        compared += len(found)
    assert compared > 500

    book = tmp_path / "nyc.xlsx"
    imported.run("cadre-workbook", "--period", "2024-09", "--out", str(book))
    assert book.stat().st_size > 20_000


def test_importing_again_adds_nothing_and_is_quick(imported):
    start = time.monotonic()
    said = imported.run("cadre-import-tickets", imported.file, "--map", imported.map).stdout
    assert "added: 0" in said and f"already there: {ROWS}" in said
    assert time.monotonic() - start < 10
    assert imported.execute("frappe.db.count", dt="Issue Ticket") == ROWS


def test_a_killed_import_leaves_whole_batches_and_the_rest_comes_later(bench, tmp_path):
    file = tmp_path / DATA.name
    file.write_bytes(DATA.read_bytes())
    map_path = tmp_path / "map.json"
    map_path.write_text(json.dumps(MAP), encoding="utf-8")
    process = bench.popen("cadre-import-tickets", str(file), "--map", str(map_path))
    landed = 0
    deadline = time.monotonic() + 60
    while not landed and process.poll() is None and time.monotonic() < deadline:
        landed = bench.execute("frappe.db.count", dt="Issue Ticket") or 0
    process.kill()
    process.communicate()
    landed = bench.execute("frappe.db.count", dt="Issue Ticket") or 0
    assert landed % 1000 in (0, ROWS % 1000)
    said = bench.run("cadre-import-tickets", str(file), "--map", str(map_path)).stdout
    assert f"added: {ROWS - landed}" in said and f"already there: {landed}" in said
