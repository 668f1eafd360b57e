"""`frappe.db.sql`: Frappe's placeholders and MariaDB's dialect over SQLite, values in their types."""

import datetime
from decimal import Decimal

import bare
import pytest
from frappe.database.statement import compile_statement
from hypothesis import given
from hypothesis import strategies as st

DAY = datetime.date(2024, 9, 1)
MOMENT = datetime.datetime(2024, 9, 1, 10, 0)


@pytest.fixture
def db(tmp_path):
    import frappe

    db = bare.connect(tmp_path)
    bare.make_table()
    db.bulk_insert(
        "Ticket",
        ["name", "subject", "due_on", "resolved_on", "opens", "n", "rate"],
        [
            ("a", "it's 100%", DAY, MOMENT, datetime.timedelta(hours=9), 2, 1 / 3),
            ("b", 'say "hi"', datetime.date(2024, 9, 2), None, None, 3, 50),
            ("c", "x\\y_z", None, MOMENT + datetime.timedelta(days=1, microseconds=5), None, 4, 0),
        ],
    )
    db.commit()
    yield db
    frappe.destroy()


def test_values_fill_placeholders_in_every_form(db):
    assert db.sql("select name from `tabTicket` where name = %s", "a") == (("a",),)
    assert db.sql("select name from `tabTicket` where name = %s and n = %s", ("a", 2)) == (("a",),)
    assert db.sql(
        "select name from `tabTicket` where n > %(low)s and n < %(high)s", {"low": 2, "high": 4}
    ) == (("b",),)
    assert db.sql("select %(x)s, %(x)s, %(y)s", {"x": 1, "y": None}) == ((1, 1, None),)


def test_lists_expand_for_in(db):
    assert db.sql(
        "select name from `tabTicket` where name in %s order by name", (["a", "c"],), pluck=True
    ) == ["a", "c"]
    assert db.sql(
        "select name from `tabTicket` where name in %(x)s and n in %(y)s", {"x": ("a", "b"), "y": [3, 9]}
    ) == (("b",),)
    assert db.sql("select name from `tabTicket` where name in %s", ([],)) == ()
    assert db.sql("select name from `tabTicket` where name in ('a', %s)", ("b",), pluck=True) == ["a", "b"]


def test_percent_is_doubled_only_with_values(db):
    assert db.sql("select name from `tabTicket` where subject like '%100%'", pluck=True) == ["a"]
    assert db.sql("select name from `tabTicket` where subject like '%%100%%' and n = %s", 2, pluck=True) == [
        "a"
    ]
    assert db.sql("select '%s', %s", "x") == (("%s", "x"),)


def test_wrong_number_of_values_is_refused(db):
    with pytest.raises(TypeError):
        db.sql("select %s, %s", ("a",))
    with pytest.raises(KeyError):
        db.sql("select %(a)s", {"b": 1})


def test_backslash_escapes_in_like_as_on_mariadb(db):
    assert db.sql("select name from `tabTicket` where subject like %s", "%0\\%", pluck=True) == ["a"]
    assert db.sql("select name from `tabTicket` where subject like %s", "%y\\_z", pluck=True) == ["c"]
    assert db.sql("select name from `tabTicket` where subject like %s", "x\\\\%", pluck=True) == ["c"]


def test_columns_come_back_in_their_types(db):
    row = db.sql("select * from `tabTicket` where name = 'a'", as_dict=True)[0]
    assert (row.due_on, row.resolved_on, row.opens) == (DAY, MOMENT, datetime.timedelta(hours=9))
    assert (type(row.n), type(row.done), row.done) == (int, int, 1)
    assert row.rate == 0.333333333  # decimal(21,9)
    assert type(db.sql("select rate from `tabTicket` where name = 'b'")[0][0]) is float


def test_dates_come_back_from_expressions(db):
    rows = db.sql(
        "select max(due_on), min(`tabTicket`.`resolved_on`) as first, date(resolved_on) from `tabTicket`"
    )
    assert rows[0][0] == datetime.date(2024, 9, 2)
    assert rows[0][1] == MOMENT
    assert isinstance(rows[0][2], datetime.date)
    assert db.sql("select max(subject) from `tabTicket`") == (("x\\y_z",),)


@pytest.mark.parametrize("text", ["2024-09-01 10:00:00", "2024-09-01 10:00:00.000000", "2024-09-01T10:00"])
def test_a_moment_is_the_same_in_every_spelling(db, text):
    for query in (
        "select name from `tabTicket` where resolved_on = %s",
        "select name from `tabTicket` where %s is not null and resolved_on <= %s".replace(
            "%s is not null", "1 = 1"
        ),
        "select name from `tabTicket` where resolved_on between %s and '2024-09-01 10:00:00.000000'",
        "select name from `tabTicket` where resolved_on in (%s)",
    ):
        assert db.sql(query, text, pluck=True) == ["a"], query
    db.sql("update `tabTicket` set resolved_on = %s where name = %s", (text, "b"))
    assert db.get_value("Ticket", "b", "resolved_on") == MOMENT
    db.rollback()


def test_a_day_is_midnight_to_a_moment_and_midnight_is_a_day(db):
    assert db.sql("select name from `tabTicket` where resolved_on >= '2024-09-02'", pluck=True) == ["c"]
    midnight = datetime.datetime(2024, 9, 1)
    assert db.sql("select name from `tabTicket` where due_on >= %s", midnight, pluck=True) == ["a", "b"]
    assert db.sql("select name from `tabTicket` where due_on >= %s", MOMENT, pluck=True) == ["b"]
    db.sql("update `tabTicket` set due_on = %s where name = 'c'", MOMENT)
    assert db.get_value("Ticket", "c", "due_on") == DAY
    db.rollback()


def test_insert_and_update_store_by_column(db):
    db.sql(
        "insert into `tabTicket` (`name`, `due_on`, `n`, `subject`) "
        "values (%s, %s, 1 + 1, %s), ('e', '2024-01-02 00:00:00', 0, %s)",
        ("d", "2024-01-01 10:00:00", "2024-01-01 10:00:00.000000", "x"),
    )
    assert db.get_value("Ticket", "d", ["due_on", "n", "subject"]) == (
        datetime.date(2024, 1, 1),
        2,
        "2024-01-01 10:00:00.000000",
    )
    assert db.get_value("Ticket", "e", "due_on") == datetime.date(2024, 1, 2)
    db.rollback()


def test_decimals_and_bools_are_bound(db):
    assert db.sql("select %s + 0, %s + 0", (Decimal("1.5"), True)) == ((1.5, 1),)


def test_mariadb_arithmetic_and_functions(db):
    assert db.sql("select 1 / 2, n / 4 from `tabTicket` where name = 'a'") == ((0.5, 0.5),)
    assert db.sql("select ifnull(null, 3), if(1 > 2, 'a', 'b'), concat('a', 1, 'b'), concat('a', null)") == (
        (3, "b", "a1b", None),
    )
    assert db.sql(
        "select date_format('2024-09-01 08:05:00', '%Y/%m %H:%i'), datediff('2024-09-03', '2024-09-01')"
    ) == (("2024/09 08:05", 2),)
    assert db.sql("select round(2.5), round(0.125, 2), locate('b', 'abc'), 'abc' regexp '^A'") == (
        (3, 0.13, 2, 1),
    )
    assert db.sql("select 1 <=> null, null <=> null") == ((0, 1),)
    assert isinstance(db.sql("select now()")[0][0], datetime.datetime)


def test_shapes_of_results(db):
    query = "select name, n from `tabTicket` order by name limit 2"
    assert db.sql(query) == (("a", 2), ("b", 3))
    assert db.sql(query, as_list=True) == [["a", 2], ["b", 3]]
    assert db.sql(query, as_dict=True, update={"z": 1})[1] == {"name": "b", "n": 3, "z": 1}
    assert db.sql(query, pluck=True) == ["a", "b"]
    assert db.sql_list(query) == ["a", "b"]
    assert db.sql(query, run=False) == query
    with db.unbuffered_cursor():
        assert [row.n for row in db.sql(query, as_dict=True, as_iterator=True)] == [2, 3]
    assert [c[0] for c in db.get_description()] == ["name", "n"]
    assert db.multisql({"mariadb": query, "postgres": "no"}) == db.sql(query)


def test_upserts(db):
    upsert = "insert into `tabTicket` (name, n) values (%s, %s) on duplicate key update n = n + values(n)"
    db.sql(upsert, ("a", 5))
    assert db.get_value("Ticket", "a", "n") == 7
    db.sql("insert ignore into `tabTicket` (name, n) values (%s, %s)", ("a", 9))
    assert db.get_value("Ticket", "a", "n") == 7
    db.rollback()


def test_errors_have_their_predicates(db):
    for query, predicate in (
        ("select * from `tabNo Such`", db.is_table_missing),
        ("select no_such from `tabTicket`", db.is_missing_column),
        ("selec", None),
        ("select from where", db.is_syntax_error),
        ("insert into `tabTicket` (name) values ('a')", db.is_primary_key_violation),
    ):
        with pytest.raises(Exception) as raised:
            db.sql(query)
        if predicate:
            assert predicate(raised.value)
        else:
            assert isinstance(raised.value, NotImplementedError)
    db.sql("update `tabTicket` set code = 'x' where name = 'a'")
    with pytest.raises(db.IntegrityError) as raised:
        db.sql("update `tabTicket` set code = 'x' where name = 'b'")
    assert db.is_unique_key_violation(raised.value)
    assert not db.is_primary_key_violation(raised.value)
    assert db.duplicate_columns(raised.value) == ["code"]
    assert db.sql("select * from `tabNo Such`", ignore_ddl=True) == ()
    db.rollback()


def test_what_is_not_answered_says_so(db):
    with pytest.raises(NotImplementedError, match="SHOW"):
        db.sql("show tables")
    with pytest.raises(NotImplementedError, match="field_of_dreams"):
        db.sql("select field_of_dreams(1)")


@given(st.text(), st.text())
def test_escaped_text_reads_back(first, second):
    import sqlite3

    from frappe.database.database import SQLiteDatabase

    first, second = (t.replace("\0", "").encode("utf-8", "ignore").decode() for t in (first, second))
    text = "select " + ", ".join(SQLiteDatabase.escape(t, percent=False) for t in (first, second))
    compiled = compile_statement(text, False, lambda table: {})
    assert sqlite3.connect(":memory:").execute(compiled.sql).fetchone() == (first, second)


@given(
    st.lists(st.one_of(st.text(max_size=5), st.integers(-9, 9), st.none()), min_size=1, max_size=4),
    st.text("'%\"`ab/", max_size=6),
)
def test_bound_values_read_back_beside_any_literal(values, literal):
    import sqlite3

    values = [v.encode("utf-8", "ignore").decode() if isinstance(v, str) else v for v in values]
    quoted = "'" + literal.replace("'", "''").replace("%", "%%") + "'"
    text = f"select {quoted}, " + ", ".join(["%s"] * len(values))
    sql, params = compile_statement(text, True, lambda table: {}).bind(values)
    assert sqlite3.connect(":memory:").execute(sql, params).fetchone() == (literal, *values)
