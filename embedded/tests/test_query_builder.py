"""`frappe.qb`: PyPika with bound values, run over SQLite with MariaDB's results."""

import datetime

import bare
import pytest

DAY = datetime.date(2024, 9, 1)


@pytest.fixture
def db(tmp_path):
    import frappe

    db = bare.connect(tmp_path)
    bare.make_table()
    bare.make_table("Row", [{"fieldname": "item", "fieldtype": "Data"}], istable=1)
    db.bulk_insert(
        "Ticket",
        ["name", "subject", "n", "due_on", "resolved_on", "rate"],
        [
            ("a", "x", 1, DAY, "2024-09-01 10:00:00", 50),
            ("b", "x", 2, DAY + datetime.timedelta(days=40), None, 75),
            ("c", "it's", 4, None, "2024-09-05 00:00:00", 0),
        ],
    )
    db.commit()
    yield db
    frappe.destroy()


@pytest.fixture
def ticket(db):
    from frappe.query_builder import DocType

    return DocType("Ticket")


def test_values_are_bound_not_written(ticket):
    import frappe

    query = frappe.qb.from_(ticket).select(ticket.name).where((ticket.subject == "it's") & (ticket.n > 3))
    sql, values = query.walk()
    assert sql == "SELECT `name` FROM `tabTicket` WHERE `subject`=%(param1)s AND `n`>%(param2)s"
    assert values == {"param1": "it's", "param2": 3}
    assert str(query).endswith("WHERE `subject`='it''s' AND `n`>3")
    assert query.run() == (("c",),)


def test_shapes(ticket):
    import frappe

    query = (
        frappe.qb.from_(ticket).select(ticket.name, ticket.n.as_("k")).orderby(ticket.n, order=frappe.qb.desc)
    )
    assert query.run(as_dict=True)[0] == {"name": "c", "k": 4}
    assert query.run(as_list=True)[0] == ["c", 4]
    assert query.run(pluck=True) == ["c", "b", "a"]
    assert [row.k for row in query.run(as_dict=True, as_iterator=True)] == [4, 2, 1]
    assert "ORDER BY `n` DESC" in query.run(run=False)
    assert query.limit(1).offset(1).run(pluck=True) == ["b"]


def test_groups_and_aggregates(ticket):
    import frappe
    from frappe.query_builder import Case
    from frappe.query_builder.functions import Avg, Count, Max, Min, Sum

    done = Sum(Case().when(ticket.resolved_on.isnotnull(), 1).else_(0)).as_("k")
    query = (
        frappe.qb.from_(ticket)
        .select(
            ticket.subject,
            done,
            Count("*").as_("n"),
            Max(ticket.due_on),
            Min(ticket.resolved_on),
            Avg(ticket.n),
        )
        .groupby(ticket.subject)
        .having(Count("*") >= 1)
        .orderby(ticket.subject)
    )
    assert query.run() == (
        ("it's", 1, 1, None, datetime.datetime(2024, 9, 5), 4.0),
        ("x", 1, 2, datetime.date(2024, 10, 11), datetime.datetime(2024, 9, 1, 10), 1.5),
    )
    assert frappe.qb.sum("Ticket", "n", {"subject": "x"}) == 3
    assert frappe.qb.max("Ticket", "n") == 4
    assert frappe.qb.avg("Ticket", "n", {"name": "nobody"}) == 0


def test_functions(ticket):
    import frappe
    from frappe.query_builder import Interval
    from frappe.query_builder.custom import ConstantColumn
    from frappe.query_builder.functions import (
        Cast,
        Coalesce,
        CombineDatetime,
        Concat,
        Date,
        DateFormat,
        Extract,
        GroupConcat,
        IfNull,
        Lower,
        Now,
        Round,
    )  # fmt: skip

    row = (
        frappe.qb.from_(ticket)
        .select(
            Coalesce(ticket.code, "none"),
            IfNull(ticket.code, 0),
            Concat(ticket.name, "-", ticket.n),
            Date(ticket.resolved_on),
            Lower("ABC"),
            Cast(ticket.n, "varchar"),
            Round(ticket.rate / 3, 2),
            Extract("month", ticket.due_on),
            DateFormat(ticket.due_on, "%Y-%m"),
            CombineDatetime(ticket.due_on, "10:30:00"),
            (ticket.due_on + Interval(months=1)).as_("later"),
            ticket.n / 4,
            ConstantColumn("100%").as_("constant"),
        )
        .where(ticket.name == "a")
        .run()[0]
    )
    assert row == (
        "none", 0, "a-1", DAY, "abc", "1", 16.67, 9, "2024-09", datetime.datetime(2024, 9, 1, 10, 30),
        datetime.date(2024, 10, 1), 0.25, "100%",
    )  # fmt: skip
    assert frappe.qb.from_(ticket).select(GroupConcat(ticket.name)).run() == (("a,b,c",),)
    assert frappe.qb.from_(ticket).select(ticket.name).where(ticket.due_on < Now() - Interval(days=1)).run(
        pluck=True
    ) == ["a", "b"]


def test_moments_compare_by_their_value(ticket):
    import frappe

    query = frappe.qb.from_(ticket).select(ticket.name)
    assert query.where(ticket.resolved_on <= "2024-09-01 10:00:00.000000").run(pluck=True) == ["a"]
    assert query.where(ticket.resolved_on <= datetime.datetime(2024, 9, 1, 10)).run(pluck=True) == ["a"]
    assert query.where(ticket.resolved_on >= DAY).run(pluck=True) == ["a", "c"]
    assert query.where(ticket.due_on[DAY : datetime.date(2024, 9, 30)]).run(pluck=True) == ["a"]


def test_writes(db, ticket):
    import frappe

    frappe.qb.into("Ticket").columns("name", "n").insert(("d", 9), ("e", 10)).run()
    assert db.count("Ticket") == 5
    frappe.qb.update(ticket).set(ticket.n, ticket.n + 1).set(ticket.subject, "it's").where(
        ticket.name == "d"
    ).run()
    assert db.get_value("Ticket", "d", ["n", "subject"]) == (10, "it's")
    frappe.qb.from_(ticket).delete().where(ticket.n >= 10).run()
    assert db.count("Ticket") == 3
    frappe.qb.into("Ticket").columns("name").insert("a").ignore().run()
    assert db.count("Ticket") == 3


def test_for_update_begins_a_write(db, ticket):
    import frappe

    db.commit()
    assert frappe.qb.from_(ticket).select(ticket.n).where(ticket.name == "a").for_update().run() == ((1,),)
    assert db._writing


def test_joins_unions_and_subqueries(db, ticket):
    import frappe
    from frappe.query_builder.terms import SubQuery

    row = frappe.qb.DocType("Row")
    db.bulk_insert(
        "Row",
        ["name", "parent", "parenttype", "item"],
        [("r1", "a", "Ticket", "i1"), ("r2", "a", "Ticket", "i2")],
    )
    query = frappe.qb.from_(ticket).left_join(row).on(row.parent == ticket.name).select(ticket.name, row.item)
    assert query.where(row.item == "i2").run() == (("a", "i2"),)
    inner = frappe.qb.from_(row).select(row.parent)
    assert frappe.qb.from_(ticket).select(ticket.name).where(ticket.name.isin(inner)).run(pluck=True) == ["a"]
    one = frappe.qb.from_(ticket).select(ticket.name).where(ticket.n == 1)
    two = frappe.qb.from_(row).select(row.item).where(row.item == "i1")
    assert sorted((one + two).run(pluck=True)) == ["a", "i1"]
    counted = SubQuery(frappe.qb.from_(row).select("name").where(row.parent == "a").limit(1))
    assert frappe.qb.from_(ticket).select(ticket.name).where(counted == "r1").run(pluck=True) == [
        "a",
        "b",
        "c",
    ]


def test_get_query(db):
    import frappe

    get = frappe.qb.get_query
    assert get("Ticket", fields=["name", "n as k"], filters={"n": [">", 1]}, order_by="n asc").run(
        as_dict=True
    ) == [
        {"name": "b", "k": 2},
        {"name": "c", "k": 4},
    ]
    assert get("Ticket", fields="count(*) as n, max(due_on) as d", filters={"subject": "x"}).run(
        as_dict=True
    ) == [{"n": 2, "d": datetime.date(2024, 10, 11)}]
    assert get("Ticket", fields=["subject", "sum(n) as s"], group_by="subject", order_by="s desc").run() == (
        ("it's", 4),
        ("x", 3),
    )
    assert get("Ticket", filters=["a", "b"]).run(pluck=True) == ["a", "b"]
    assert get("Ticket", filters=[["Ticket", "due_on", "is", "not set"]]).run(pluck=True) == ["c"]
    assert get("Ticket", limit=1, offset=1, order_by="name asc").run(pluck=True) == ["b"]
    assert get("Ticket", fields=["subject"], distinct=True).run(pluck=True) == ["x", "it's"]
    assert get("Ticket", filters="a", update=True).set("n", 5).run() == ()
    assert db.get_value("Ticket", "a", "n") == 5
    for bad in ("name; drop table x", "sleep(1); x"):
        with pytest.raises(frappe.ValidationError):
            get("Ticket", fields=[bad])


def test_a_long_list_of_values_is_written_out(ticket):
    import frappe

    names = [f"it's {i}%" for i in range(40_000)] + ["a"]
    assert frappe.qb.from_(ticket).select(ticket.name).where(ticket.name.isin(names)).run(pluck=True) == ["a"]


def test_what_is_not_answered_says_so(ticket):
    import frappe
    from frappe.query_builder.functions import Match

    with pytest.raises(NotImplementedError):
        Match(ticket.subject)
    with pytest.raises(NotImplementedError):
        frappe.qb.from_(ticket).select("name").force_index("x")


def test_importing_frappe_brings_no_pypika():
    import subprocess
    import sys

    code = "import sys, frappe.database.database, frappe.model.db_query; sys.exit('pypika' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
