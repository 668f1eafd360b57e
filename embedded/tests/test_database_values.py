"""`frappe.db.get_value`, `set_value`, `exists`, `count`, `bulk_insert` … on a table."""

import datetime

import bare
import pytest


@pytest.fixture
def db(tmp_path):
    import frappe

    db = bare.connect(tmp_path)
    bare.make_table()
    stamp = datetime.datetime(2024, 1, 1)
    db.bulk_insert(
        "Ticket",
        ["name", "subject", "n", "due_on", "modified"],
        [(f"t{i}", f"subject {i}", i, datetime.date(2024, 9, i), stamp.replace(hour=i)) for i in range(1, 6)],
    )
    db.commit()
    yield db
    frappe.destroy()


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ("t1", ["t1"]),
        ({"n": 3}, ["t3"]),
        ({"n": [">", 3]}, ["t5", "t4"]),
        ({"n": ("in", [1, 2])}, ["t2", "t1"]),
        ({"n": ["not in", [1, 2, 3]]}, ["t5", "t4"]),
        ({"subject": ["like", "%5"]}, ["t5"]),
        ({"subject": ["not like", "%5"], "n": [">=", 4]}, ["t4"]),
        ({"due_on": ["between", ["2024-09-02", "2024-09-03"]]}, ["t3", "t2"]),
        ({"resolved_on": ["is", "set"]}, []),
        ({"resolved_on": ["is", "not set"], "n": 1}, ["t1"]),
        ({"resolved_on": None, "n": ["<", 2]}, ["t1"]),
        ({"n": True}, ["t1"]),
        ({"name": ["in", []]}, []),
        ([["n", "=", 2]], ["t2"]),
        ([["Ticket", "n", "!=", 2], ["n", "<", 4]], ["t3", "t1"]),
    ],
)
def test_filters_find_the_last_modified_first(db, filters, names):
    found = db.get_values("Ticket", filters, "name", order_by="modified")
    assert [row[0] for row in found] == names
    assert db.get_value("Ticket", filters, order_by="modified") == (names[0] if names else None)
    assert bool(db.exists("Ticket", filters)) == bool(names)
    assert db.count("Ticket", filters) == len(names)


def test_shapes(db):
    assert db.get_value("Ticket", "t1", ["subject", "n"]) == ("subject 1", 1)
    assert db.get_value("Ticket", "t1", ["subject", "n"], as_dict=True) == {"subject": "subject 1", "n": 1}
    assert db.get_value("Ticket", "t1", "subject as s", as_dict=True) == {"s": "subject 1"}
    assert db.get_value("Ticket", "t1", "*").due_on == datetime.date(2024, 9, 1)
    assert db.get("Ticket", {"n": 1}).name == "t1"
    assert db.get_values("Ticket", ["t1", "t2"], "n", pluck=True) == [1, 2]
    assert db.get_value("Ticket", "nobody", ["subject", "n"]) is None
    assert db.get_value("Ticket", {"n": [">", 0]}, "max(n)", order_by=None) == 5
    assert db.get_value("Ticket", {"n": [">", 0]}, "name", order_by="n asc") == "t1"
    assert db.get_value("Ticket", {"n": [">", 0]}, "name", order_by="n") == "t5"
    assert "t1" in db.get_value("Ticket", "t1", run=False)


def test_exists(db):
    assert db.exists("Ticket", "t1") == "t1"
    assert db.exists({"doctype": "Ticket", "n": 2}) == "t2"
    assert db.exists("No Such", "x") is None
    assert db.exists("No Such", "No Such") == "No Such"


def test_field_names_are_names(db):
    import frappe

    for field in ("n; drop table x", "n) or (1=1", "`n`"):
        with pytest.raises(frappe.ValidationError):
            db.get_value("Ticket", {field: 1})
    with pytest.raises(frappe.ValidationError):
        db.get_value("Ticket`; --", {"n": 1})


def test_set_value(db):
    import frappe

    db.set_value("Ticket", "t1", "n", 9)
    assert db.get_value("Ticket", "t1", ["n", "modified_by"]) == (9, "Administrator")
    assert db.get_value("Ticket", "t1", "modified") > datetime.datetime(2024, 1, 2)
    db.set_value("Ticket", {"n": ["<", 4]}, {"subject": "x", "done": 0}, update_modified=False)
    assert db.get_values("Ticket", {"subject": "x"}, ["name", "modified"], order_by="name asc") == (
        ("t2", datetime.datetime(2024, 1, 1, 2)),
        ("t3", datetime.datetime(2024, 1, 1, 3)),
    )
    db.set_value("Ticket", ["t4", "t5"], "n", 0, modified="2020-01-01 00:00:00", modified_by="x@example.com")
    assert db.get_value("Ticket", "t5", ["modified", "modified_by"]) == (
        datetime.datetime(2020, 1, 1),
        "x@example.com",
    )
    assert frappe.db is not None


def test_bulk_update_and_insert(db):
    db.bulk_update(
        "Ticket", {"t1": {"n": 10}, "t2": {"n": 20}, "t3": {"subject": "s"}}, update_modified=False
    )
    assert db.get_values("Ticket", {"n": [">=", 10]}, "name", pluck=True, order_by="n asc") == ["t1", "t2"]
    assert db.get_value("Ticket", "t3", "subject") == "s"
    with pytest.raises(db.IntegrityError):
        db.bulk_insert("Ticket", ["name"], [("t1",)])
    db.bulk_insert("Ticket", ["name", "rate"], [("t1", 1), ("t9", 2 / 3)], ignore_duplicates=True)
    assert db.get_value("Ticket", "t9", "rate") == 0.666666667
    db.bulk_insert("Ticket", ["name"], ((f"u{i}",) for i in range(25)), chunk_size=10)
    assert db.count("Ticket", {"name": ["like", "u%"]}) == 25


def test_delete_and_truncate(db):
    db.delete("Ticket", {"n": ["<=", 2]})
    assert db.count("Ticket") == 3
    db.delete("Ticket", "t3")
    assert db.count("Ticket") == 2
    db.truncate("Ticket")
    assert db.count("Ticket") == 0


def test_cached_values_are_kept_until_written(db):
    assert db.get_value("Ticket", "t1", "n", cache=True) == 1
    db.sql("update `tabTicket` set n = 2 where name = 't1'")
    assert db.get_value("Ticket", "t1", "n", cache=True) == 1
    db.set_value("Ticket", "t1", "n", 3)
    assert db.get_value("Ticket", "t1", "n", cache=True) == 3
    db.rollback()
    assert db.get_value("Ticket", "t1", "n", cache=True) == 1


def test_singles_are_text_rows(db):
    db.set_single_value("My Settings", {"limit": 3, "is_on": True}, update_modified=False)
    assert db.get_singles_dict("My Settings") == {"limit": "3", "is_on": "1"}
    assert db.get_value("My Settings", None, "limit") == "3"
    assert db.get_value("My Settings", "My Settings", ["limit", "is_on"]) == ["3", "1"]
    assert db.get_value("My Settings", None, ["limit"], as_dict=True) == {"limit": "3"}


def test_sequences_count_up(db):
    db.create_sequence("Ticket", check_not_exists=True)
    assert [db.get_next_sequence_val("Ticket") for _ in range(3)] == [1, 2, 3]
    db.set_next_sequence_val("Ticket", 10)
    assert db.get_next_sequence_val("Ticket") == 10
    with pytest.raises(db.SQLError):
        db.get_next_sequence_val("No Such")
