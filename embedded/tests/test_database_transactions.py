"""Transactions of one and of two connections: snapshots, the one writer, savepoints, callbacks."""

import bare
import pytest


@pytest.fixture
def db(tmp_path):
    import frappe

    db = bare.connect(tmp_path)
    bare.make_table()
    db.bulk_insert("Ticket", ["name", "n"], [("a", 1)])
    db.commit()
    yield db
    frappe.destroy()


@pytest.fixture
def other(db):
    """A second connection to the same file, as another process has one."""
    from frappe.database import get_db

    second = get_db(cur_db_name="bare")
    second.connect()
    yield second
    second.close()


def test_rollback_undoes_and_commit_keeps(db, other):
    db.set_value("Ticket", "a", "n", 2)
    assert other.get_value("Ticket", "a", "n") == 1
    other.rollback()
    db.rollback()
    assert db.get_value("Ticket", "a", "n") == 1
    db.set_value("Ticket", "a", "n", 3)
    db.commit()
    assert other.get_value("Ticket", "a", "n") == 3


def test_reads_see_one_snapshot(db, other):
    assert other.get_value("Ticket", "a", "n") == 1
    db.set_value("Ticket", "a", "n", 2)
    db.commit()
    assert other.get_value("Ticket", "a", "n") == 1
    other.rollback()
    assert other.get_value("Ticket", "a", "n") == 2


def test_a_writer_leaves_its_old_snapshot(db, other):
    assert other.get_value("Ticket", "a", "n") == 1
    db.set_value("Ticket", "a", "n", 2)
    db.commit()
    assert other.get_value("Ticket", "a", "n", for_update=True) == 2
    other.set_value("Ticket", "a", "n", 3)
    other.commit()
    db.rollback()
    assert db.get_value("Ticket", "a", "n") == 3


def test_for_update_keeps_other_writers_out(db, other):
    import frappe

    db.get_value("Ticket", "a", "n", for_update=True)
    with pytest.raises(frappe.QueryTimeoutError):
        other.get_value("Ticket", "a", "n", for_update=True, wait=False)
    assert other.get_value("Ticket", "a", "n") == 1
    db.rollback()
    assert other.get_value("Ticket", "a", "n", for_update=True, wait=False) == 1
    other.rollback()


def test_a_writer_that_waits_too_long_is_told(db, other):
    import frappe

    db.get_value("Ticket", "a", "n", for_update=True)
    other.sql("pragma busy_timeout = 50")
    with pytest.raises(frappe.QueryTimeoutError):
        other.set_value("Ticket", "a", "n", 5)
    db.rollback()


def test_savepoints(db):
    from frappe.database import savepoint

    db.savepoint("one")
    db.set_value("Ticket", "a", "n", 2)
    db.savepoint("two")
    db.set_value("Ticket", "a", "n", 3)
    db.rollback(save_point="two")
    assert db.get_value("Ticket", "a", "n") == 2
    db.release_savepoint("two")
    db.rollback(save_point="one")
    assert db.get_value("Ticket", "a", "n") == 1
    with savepoint(catch=db.IntegrityError):
        db.set_value("Ticket", "a", "n", 9)
        db.bulk_insert("Ticket", ["name"], [("a",)])
    assert db.get_value("Ticket", "a", "n") == 1
    with savepoint():
        db.set_value("Ticket", "a", "n", 4)
    assert db.get_value("Ticket", "a", "n") == 4
    with pytest.raises(db.OperationalError):
        db.rollback(save_point="nowhere")
    db.rollback()


def test_transaction_statements_as_text(db):
    db.sql("start transaction")
    db.sql("savepoint x")
    db.sql("update `tabTicket` set n = 7")
    db.sql("rollback to savepoint x")
    db.sql("release savepoint x")
    assert db.get_value("Ticket", "a", "n") == 1
    db.sql("update `tabTicket` set n = 8")
    db.sql("commit")
    db.sql("rollback")
    assert db.get_value("Ticket", "a", "n") == 8


def test_callbacks_run_around_commit_and_rollback(db):
    seen = []
    for name in ("before_commit", "after_commit", "before_rollback", "after_rollback"):
        getattr(db, name).add(lambda name=name: seen.append(name))
    db.set_value("Ticket", "a", "n", 2)
    db.commit()
    assert seen == ["before_commit", "after_commit"]
    db.after_commit.add(lambda: seen.append("never"))
    db.after_rollback.add(lambda: seen.append("undone"))
    db.rollback()
    assert seen == ["before_commit", "after_commit", "undone"]
    db.commit()
    assert "never" not in seen


def test_too_many_writes_are_refused(db):
    import frappe

    db.MAX_WRITES_PER_TRANSACTION = 3
    with pytest.raises(frappe.TooManyWritesError):
        for _ in range(5):
            db.sql("update `tabTicket` set n = n + 1")
    db.rollback()
    assert db.get_value("Ticket", "a", "n") == 1
    db.auto_commit_on_many_writes = 1
    for _ in range(5):
        db.sql("update `tabTicket` set n = n + 1")
    db.rollback()
    assert db.get_value("Ticket", "a", "n") == 4


def test_a_long_statement_can_be_interrupted(db):
    import frappe

    db.set_execution_timeout(0.05)
    with pytest.raises(frappe.QueryTimeoutError):
        db.sql("with recursive c(x) as (select 1 union all select x + 1 from c) select count(*) from c")
    db.set_execution_timeout(0)


def test_a_schema_changed_elsewhere_is_noticed(db, other):
    assert not other.has_column("Ticket", "seen_on")
    other.sql("select name from `tabTicket` where n = %s", 1)
    other.commit()
    bare.make_table(fields=[*bare.FIELDS, {"fieldname": "seen_on", "fieldtype": "Datetime"}])
    query = "update `tabTicket` set seen_on = %s where name = 'a'"
    other.sql(query, "2024-09-01T10:00")
    assert other.sql("select seen_on from `tabTicket`")[0][0].hour == 10
    assert other.has_column("Ticket", "seen_on")
    other.rollback()
