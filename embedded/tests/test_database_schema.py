"""A DocType's table, made from its fields and changed with them."""

import bare
import pytest


@pytest.fixture
def db(tmp_path):
    import frappe

    yield bare.connect(tmp_path)
    frappe.destroy()


def field(fieldname, fieldtype="Data", **more):
    return {"fieldname": fieldname, "fieldtype": fieldtype, **more}


def columns(db, doctype="Ticket"):
    return {row[0]: (row[1].lower(), row[2], row[4]) for row in db.describe(doctype)}


def test_standard_columns(db):
    bare.make_table()
    names = list(columns(db))
    assert names[:7] == ["name", "creation", "modified", "modified_by", "owner", "docstatus", "idx"]
    assert {"_user_tags", "_comments", "_assign", "_liked_by"} <= set(names)
    bare.make_table("Row", [field("x")], istable=1)
    assert {"parent", "parentfield", "parenttype"} <= set(columns(db, "Row"))
    assert "_assign" not in columns(db, "Row")


def test_types_and_defaults_as_on_mariadb(db):
    bare.make_table(fields=[
        field("a", length=20), field("b", "Check", default="1"), field("c", "Float"),
        field("d", "Select", default="x'y"), field("e", "Int", length=20),
        field("f", "Datetime", default="Now"), field("g", "Table"), field("h", "Section Break"),
    ])  # fmt: skip
    found = columns(db)
    assert found["a"][0] == "varchar(20)"
    assert found["b"] == ("int(1)", "NO", "1")
    assert found["c"] == ("real", "NO", "0.0")
    assert found["d"] == ("varchar(140)", "YES", "'x''y'")
    assert found["e"][0] == "bigint(20)"
    assert found["f"] == ("datetime(6)", "YES", None)
    assert "g" not in found and "h" not in found


def test_autoincrement_names_are_integers(db):
    bare.make_table("Log", [field("x")], autoname="autoincrement")
    assert db.get_column_type("Log", "name").lower() == "integer"
    assert db.get_next_sequence_val("Log") == 1


def test_a_second_sync_changes_nothing(db):
    bare.make_table()
    before = db.sql("select type, name, sql from sqlite_master order by name")
    bare.make_table()
    assert db.sql("select type, name, sql from sqlite_master order by name") == before


def test_fields_are_added_and_never_dropped(db):
    bare.make_table(fields=[field("a")])
    db.bulk_insert("Ticket", ["name", "a"], [("x", "kept")])
    db.commit()
    bare.make_table(
        fields=[field("b", "Int", default="7"), field("c", unique=1), field("d", "Date", search_index=1)]
    )
    assert db.get_value("Ticket", "x", ["a", "b", "c"]) == ("kept", 7, None)
    assert db.get_column_index("tabTicket", "c", unique=True)
    assert db.get_column_index("tabTicket", "d")


def test_widening_keeps_rows_indexes_and_types(db):
    bare.make_table(fields=[field("a", unique=1), field("b", "Date", search_index=1)])
    db.add_index("Ticket", ["a", "b"], "both")
    db.bulk_insert(
        "Ticket", ["name", "a", "b"], [("x", "1", "2024-09-01"), ("y", None, None), ("z", None, None)]
    )
    db.commit()
    bare.make_table(fields=[field("a", unique=1, length=500), field("b", "Date", search_index=1)])
    assert columns(db)["a"][0] == "varchar(500)"
    assert db.count("Ticket") == 3
    assert db.has_index("tabTicket", "both")
    with pytest.raises(db.IntegrityError):
        db.bulk_insert("Ticket", ["name", "a"], [("w", "1")])
    with pytest.raises(db.IntegrityError):
        db.bulk_insert("Ticket", ["name"], [("x",)])


def test_narrowing_below_the_data_is_taken_back(db):
    import frappe

    bare.make_table(fields=[field("a", length=100)])
    db.bulk_insert("Ticket", ["name", "a"], [("x", "ü" * 60)])
    db.commit()
    bare.make_table(fields=[field("a", length=50)])
    assert columns(db)["a"][0] == "varchar(100)"
    assert "Reverting length" in str(frappe.local.message_log)
    bare.make_table(fields=[field("a", length=60)])
    assert columns(db)["a"][0] == "varchar(60)"
    with pytest.raises(frappe.ValidationError):
        bare.make_table(fields=[field("a", length=2000)])


def test_a_type_change_casts_the_values(db):
    bare.make_table(fields=[field("a"), field("b", "Int"), field("c")])
    db.bulk_insert("Ticket", ["name", "a", "b", "c"], [("x", "12", 3, ""), ("y", None, 0, "2.5")])
    db.commit()
    bare.make_table(fields=[field("a", "Int"), field("b"), field("c", "Float")])
    assert db.get_values("Ticket", {"name": ["like", "%"]}, ["a", "b", "c"], order_by="name asc") == (
        (12, "3", 0.0),
        (0, "0", 2.5),
    )


def test_unique_and_index_come_and_go(db):
    import frappe

    bare.make_table(fields=[field("a"), field("b")])
    bare.make_table(fields=[field("a", unique=1), field("b", search_index=1)])
    assert db.get_column_index("tabTicket", "a", unique=True)
    assert db.has_index("tabTicket", "b_index")
    bare.make_table(fields=[field("a"), field("b")])
    assert not db.get_column_index("tabTicket", "a", unique=True)
    assert not db.has_index("tabTicket", "b_index")
    db.bulk_insert("Ticket", ["name", "a"], [("x", "1"), ("y", "1")])
    db.commit()
    with pytest.raises(frappe.ValidationError, match="non-unique"):
        bare.make_table(fields=[field("a", unique=1), field("b")])


def test_indexes_of_two_tables_may_share_a_name(db):
    bare.make_table("One", [field("a")])
    bare.make_table("Two", [field("a")])
    for doctype in ("One", "Two"):
        db.add_index(doctype, ["a", "modified"], "same")
        db.add_unique(doctype, ["a", "owner"])
        assert db.has_index(f"tab{doctype}", "same")
        assert db.has_index(f"tab{doctype}", "unique_a_owner")
    db.bulk_insert("One", ["name", "a", "owner"], [("x", "1", None), ("y", "1", None), ("z", "1", "o")])
    with pytest.raises(db.IntegrityError):
        db.bulk_insert("One", ["name", "a", "owner"], [("w", "1", "o")])


def test_columns_and_tables_are_renamed(db):
    bare.make_table(fields=[field("a", search_index=1)])
    db.bulk_insert("Ticket", ["name", "a"], [("x", "1")])
    db.commit()
    db.rename_column("Ticket", "a", "b")
    assert db.get_value("Ticket", "x", "b") == "1"
    db.rename_table("Ticket", "Issue")
    assert db.table_exists("Issue") and not db.table_exists("Ticket")
    assert db.has_index("tabIssue", "a_index")
    db.change_column_type("Issue", "b", "int(11)", nullable=True)
    assert db.get_value("Issue", "x", "b") == 1


def test_bad_field_names_are_refused(db):
    import frappe

    with pytest.raises(frappe.ValidationError):
        bare.make_table(fields=[field("a b")])


def test_schema_changes_do_not_wait_in_a_transaction(db):
    import frappe

    bare.make_table()
    db.sql("insert into `tabTicket` (name) values ('x')")
    with pytest.raises(frappe.ImplicitCommitError):
        db.sql("create table other (x int)")
