"""`cadre-export` and `cadre-import` as their users run them: a whole site into an empty one."""

from __future__ import annotations

import shutil
import time

import pytest

USER = "carried@example.com"
MEETING = {
    "doctype": "DocType",
    "name": "Town Meeting",
    "module": "Cadre Incentive",
    "custom": 1,
    "autoname": "hash",
    "fields": [
        {"fieldname": "topic", "fieldtype": "Data", "label": "Topic", "reqd": 1},
        {"fieldname": "follows", "fieldtype": "Link", "label": "Follows", "options": "Town Meeting"},
    ],
    "permissions": [{"role": "Street Warden", "read": 1, "write": 1, "create": 1}],
}


@pytest.fixture
def full(bench):
    """A site with the demo's records and what an administrator has added to it."""
    bench.run("cadre-demo")
    for doc in (
        {
            "doctype": "Custom Field",
            "dt": "Issue Ticket",
            "fieldname": "grid",
            "label": "Grid",
            "fieldtype": "Data",
        },
        {
            "doctype": "Property Setter",
            "doctype_or_field": "DocField",
            "doc_type": "Issue Ticket",
            "field_name": "place",
            "property": "bold",
            "property_type": "Check",
            "value": "1",
        },
        {"doctype": "Role", "role_name": "Street Warden", "desk_access": 1},
        MEETING,
        {"doctype": "Town Meeting", "topic": "Lifts"},
        {"doctype": "User", "email": USER, "first_name": "陈", "roles": [{"role": "Street Warden"}]},
    ):
        bench.execute("frappe.client.insert", doc=doc)
    bench.execute("frappe.permissions.add_permission", doctype="Issue Ticket", role="Street Warden")
    unit = bench.execute("frappe.client.get_value", doctype="Government Unit", fieldname="name")["name"]
    bench.execute("frappe.permissions.add_user_permission", doctype="Government Unit", name=unit, user=USER)
    ticket = bench.execute("frappe.client.get_value", doctype="Issue Ticket", fieldname="name")["name"]
    bench.execute(
        "frappe.client.set_value", doctype="Issue Ticket", name=ticket, fieldname="grid", value="G7"
    )
    bench.execute("frappe.share.add", doctype="Issue Ticket", name=ticket, user=USER)
    bench.ticket = ticket
    return bench


@pytest.fixture
def empty(bench_template, tmp_path_factory, bench):
    root = tmp_path_factory.mktemp("other")
    shutil.copytree(bench_template.root / "sites", root / "sites")
    return type(bench)(root)


def counted(done) -> dict[str, int]:
    return {
        key: int(value) for key, _colon, value in (line.partition(": ") for line in done.stdout.splitlines())
    }


def test_a_site_moves(full, empty):
    stream = full.root / "records.jsonl"
    exported = counted(full.run("cadre-export", str(stream)))["exported"]
    assert exported > 15_000
    assert sum(counted(empty.run("cadre-import", str(stream), "--dry-run")).values()) >= exported - 1
    assert counted(empty.run("cadre-import", str(stream)))["added"] > 15_000
    again = empty.root / "records.jsonl"
    empty.run("cadre-export", str(again))
    assert again.read_bytes() == stream.read_bytes()
    second = counted(empty.run("cadre-import", str(stream)))
    assert (second["added"], second["changed"]) == (0, 0)

    ticket = empty.execute("frappe.client.get", doctype="Issue Ticket", name=full.ticket)
    assert ticket["grid"] == "G7"
    assert empty.execute("frappe.client.get_value", doctype="Town Meeting", fieldname="topic") == {
        "topic": "Lifts"
    }
    assert empty.execute("frappe.get_roles", username=USER)[0] == "Street Warden"
    assert empty.execute("frappe.share.get_shared", doctype="Issue Ticket", user=USER) == [full.ticket]
    # a list is rebuilt of the records that came, and is the one that came
    lists = empty.execute("frappe.db.count", dt="Red Black List")
    empty.run("cadre-rebuild", "--period", "2024-09")
    assert empty.execute("frappe.db.count", dt="Red Black List") == lists


def test_a_killed_import_has_written_all_or_nothing(full, empty):
    stream = full.root / "records.jsonl.gz"
    full.run("cadre-export", str(stream))
    tickets = full.execute("frappe.db.count", dt="Issue Ticket")
    for delay in (0.6, 1.2, 2.0):
        process = empty.popen("cadre-import", str(stream))
        time.sleep(delay)
        process.kill()
        process.communicate()
        assert (empty.execute("frappe.db.count", dt="Issue Ticket") or 0) in (0, tickets)
    empty.run("cadre-import", str(stream))
    assert empty.execute("frappe.db.count", dt="Issue Ticket") == tickets


def test_refusals_are_one_line(bench):
    stream = bench.root / "records.jsonl"
    bench.run("cadre-export", str(stream))
    stream.write_bytes(stream.read_bytes()[:-30])
    done = bench.run("cadre-import", str(stream), check=False)
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1 and "Traceback" not in done.stderr
