"""250 questions with the answers that Frappe 15.55.1 over MariaDB gave to them.

`data/answers_of_v15.json` holds [filters, or_filters, found by get_all, found by db.get_values (filters
alone)];
what was found is a number in hexadecimal whose bit i stands for the row `t<i>`.
"""

import json
from pathlib import Path

import pytest

ANSWERS = json.loads((Path(__file__).parent / "data" / "answers_of_v15.json").read_text(encoding="utf-8"))
TEXTS = [None, "", "a", "b b", "100%", "x_y", "东城", "its", "ab"]
DAYS = [None, "2024-02-29", "2024-09-01", "2024-09-30"]
MOMENTS = ["2024-09-01 00:00:00", "2024-09-01 10:30:00", "2024-09-30 23:59:59", "2024-10-01 00:00:00"]
STATES = ["Open", "Closed", "", None]


@pytest.fixture
def frappe(frappe_site):
    frappe_site.db.delete("ToDo")
    fields = ["name", "creation", "modified", "owner", "docstatus", "idx"]
    fields += ["status", "description", "date", "reference_name", "sender"]
    rows = [
        (
            f"t{i:02d}", MOMENTS[i % 4], MOMENTS[(i // 3) % 4], "Administrator", i % 3, i % 5,
            STATES[i % 4], TEXTS[i % 9], DAYS[(i // 2) % 4], TEXTS[(i * 5) % 9], TEXTS[(i * 7) % 9],
        )
        for i in range(80)
    ]  # fmt: skip
    frappe_site.db.bulk_insert("ToDo", fields, rows)
    return frappe_site


def found(names):
    return f"{sum(1 << int(name[1:]) for name in set(names)):x}"


def test_every_question_is_answered_as_frappe_answered_it(frappe):
    for filters, alternatives, listed, valued in ANSWERS:
        names = frappe.get_all("ToDo", filters=filters, or_filters=alternatives, pluck="name")
        assert found(names) == listed, (filters, alternatives)
        rows = frappe.db.get_values("ToDo", filters, "name")
        assert found(row[0] for row in rows) == valued, filters
        query = frappe.qb.get_query("ToDo", fields=["name"], filters=filters)
        assert found(query.run(pluck=True)) == valued, filters
