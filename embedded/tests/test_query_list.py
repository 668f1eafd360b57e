"""`frappe.get_all` and `frappe.get_list`: fields, filters, order, permissions."""

import datetime
import fnmatch
import re

import pytest
from doctypes import field, make_doctype, make_user, rule
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import composite

TEXTS = [None, "", "a", "A b", "100%", "x_y", "东城", "it's", "back\\slash"]
DAYS = [None, datetime.date(2024, 2, 29), datetime.date(2024, 9, 1), datetime.date(2024, 9, 30)]
MOMENTS = [
    None,
    datetime.datetime(2024, 9, 1),
    datetime.datetime(2024, 9, 1, 10, 30),
    datetime.datetime(2024, 9, 30, 23, 59, 59),
]
NUMBERS = [-1, 0, 1, 2, 10]


@pytest.fixture
def frappe(frappe_site):
    make_user("ql.reader@example.com", "QL Reader")
    make_user("ql.owner@example.com", "QL Owner")
    make_doctype("QL Tree", [
        field("parent_ql_tree", "Link", options="QL Tree"), field("is_group", "Check"), field("lft", "Int"),
        field("rgt", "Int"), field("old_parent"),
    ], is_tree=1, nsm_parent_field="parent_ql_tree", autoname="prompt")  # fmt: skip
    make_doctype("QL Row", [field("item"), field("qty", "Int")], istable=1)
    make_doctype("QL Doc", [
        field("title"), field("notes", "Small Text"), field("due", "Date"), field("at", "Datetime"),
        field("n", "Int"), field("rate", "Float"), field("node", "Link", options="QL Tree"),
        field("secret", permlevel=1), field("rows", "Table", options="QL Row"),
    ], permissions=[
        rule("QL Reader", "read"), rule("System Manager", "read"),
        rule("System Manager", "read", permlevel=1),
    ],
        autoname="prompt")  # fmt: skip
    make_doctype("QL Own", [field("x")], permissions=[rule("QL Owner", "read", if_owner=1)])
    fill(frappe_site)
    return frappe_site


def fill(frappe):
    """A tree A(B(C), D), and rows that have every kind of value, and none."""
    tree = [("A", "", 1, 8), ("B", "A", 2, 5), ("C", "B", 3, 4), ("D", "A", 6, 7)]
    frappe.db.bulk_insert("QL Tree", ["name", "parent_ql_tree", "lft", "rgt"], tree)
    rows = []
    for i in range(60):
        rows.append(
            (
                f"d{i:02d}", TEXTS[i % 9], TEXTS[(i * 5) % 9], DAYS[i % 4], MOMENTS[(i // 2) % 4],
                NUMBERS[i % 5], i / 4, [None, "", "A", "B", "C", "D"][i % 6], "hush",
                datetime.datetime(2024, 1, 1, 0, i % 7),
            )
        )  # fmt: skip
    fields = ["name", "title", "notes", "due", "at", "n", "rate", "node", "secret", "modified"]
    frappe.db.bulk_insert("QL Doc", fields, rows)
    frappe.db.bulk_insert(
        "QL Row",
        ["name", "parent", "parenttype", "parentfield", "idx", "item", "qty"],
        [(f"r{i}", f"d{i // 2:02d}", "QL Doc", "rows", i % 2, "xy"[i % 2], i) for i in range(20)],
    )


# a naive model of one filter on one row

ZERO = {"title": "", "notes": "", "node": "", "due": datetime.date.min, "at": datetime.datetime.min}


def like(value, pattern):
    parts = (".*" if c == "%" else "." if c == "_" else re.escape(c) for c in pattern)
    return bool(re.match("".join(parts) + r"\Z", value, re.IGNORECASE | re.DOTALL))


def matches(row, fieldname, operator, value):
    """What Frappe says of one filter, an absent value counting as the zero of its type."""
    have = row[fieldname]
    zero = ZERO.get(fieldname, 0)
    if operator == "is":
        is_set = have is not None and have != ""
        return is_set if value == "set" else not is_set
    if operator in ("in", "not in"):
        text = "" if have is None else str(have)
        inside = text in (value or [""])
        return inside if operator == "in" else not inside
    if operator == "between":
        if have is None:
            return False
        low, high = value
        if fieldname == "at":
            low = datetime.datetime.combine(low, datetime.time.min)
            high = datetime.datetime.combine(high, datetime.time.max)
        return low <= have <= high
    if operator == "like" and have is None:
        return not value
    if operator in ("like", "not like"):
        return like(have or "", value) == (operator == "like")
    if operator == "=" and value and have is None:
        return False
    have = zero if have is None else have
    return {
        "=": have == value, "!=": have != value, "<": have < value, ">": have > value, "<=": have <= value,
        ">=": have >= value,
    }[operator]  # fmt: skip


COMPARISONS = ["=", "!=", "<", ">", "<=", ">="]


@composite
def one_filter(draw):
    fieldname = draw(st.sampled_from(["title", "notes", "node", "due", "at", "n", "rate"]))
    texts = [t for t in TEXTS if t is not None]
    if draw(st.integers(0, 5)) == 0 and fieldname not in ("n", "rate"):
        return fieldname, "is", draw(st.sampled_from(["set", "not set"]))
    if fieldname in ("title", "notes"):
        operator = draw(st.sampled_from(["=", "!=", "like", "not like", "in", "not in"]))
        if operator in ("in", "not in"):
            return fieldname, operator, draw(st.lists(st.sampled_from(texts), max_size=3))
        if "like" in operator:
            return (
                fieldname,
                operator,
                draw(st.sampled_from(["%a%", "a", "%", "100%", "x_y", "%城", "it's%", "back\\s%"])),
            )
        return fieldname, operator, draw(st.sampled_from(texts))
    if fieldname == "node":
        operator = draw(st.sampled_from(["=", "!=", "in", "not in"]))
        names = st.sampled_from(["", "A", "B", "C", "D", "Z"])
        return fieldname, operator, draw(st.lists(names, max_size=3) if "in" in operator else names)
    if fieldname == "due":
        operator = draw(st.sampled_from([*COMPARISONS, "between"]))
        days = [d for d in DAYS if d]
        return (
            fieldname,
            operator,
            draw(
                st.lists(st.sampled_from(days), min_size=2, max_size=2)
                if operator == "between"
                else st.sampled_from(days)
            ),
        )
    if fieldname == "at":
        operator = draw(st.sampled_from([*COMPARISONS, "between"]))
        if operator == "between":
            return (
                fieldname,
                operator,
                draw(st.lists(st.sampled_from([d for d in DAYS if d]), min_size=2, max_size=2)),
            )
        return fieldname, operator, draw(st.sampled_from([m for m in MOMENTS if m]))
    return fieldname, draw(st.sampled_from(COMPARISONS)), draw(st.sampled_from([*NUMBERS, 2.5]))


def as_text(value):
    if isinstance(value, list):
        return [as_text(v) for v in value]
    return str(value) if isinstance(value, datetime.date) else value


def test_filters_mean_what_the_model_says(frappe):
    rows = frappe.db.sql("select * from `tabQL Doc`", as_dict=True)

    @settings(max_examples=max(120, settings().max_examples))
    @given(st.lists(one_filter(), min_size=1, max_size=2), st.lists(one_filter(), max_size=2), st.booleans())
    def check(filters, alternatives, spelled):
        said = [["QL Doc", f, o, as_text(v) if spelled else v] for f, o, v in filters]
        either = [[f, o, v] for f, o, v in alternatives]
        wanted = sorted(
            row.name
            for row in rows
            if all(matches(row, *f) for f in filters)
            and (not alternatives or any(matches(row, *f) for f in alternatives))
        )
        assert sorted(frappe.get_all("QL Doc", filters=said, or_filters=either, pluck="name")) == wanted

    check()


@pytest.mark.parametrize(
    ("operator", "name", "nodes"),
    [
        ("descendants of", "A", {"B", "C", "D"}),
        ("descendants of (inclusive)", "B", {"B", "C"}),
        ("not descendants of", "B", {None, "", "A", "B", "D"}),
        ("ancestors of", "C", {"A", "B"}),
        ("not ancestors of", "C", {None, "", "C", "D"}),
        ("descendants of", "C", {None, ""}),
    ],
)
def test_tree_filters(frappe, operator, name, nodes):
    found = frappe.get_all("QL Doc", filters={"node": [operator, name]}, pluck="node")
    assert set(found) == nodes
    if "not" not in operator and nodes != {None, ""}:
        assert set(frappe.get_all("QL Tree", {"name": [operator, name]}, pluck="name")) == nodes


def test_forms_of_filters_and_fields(frappe):
    one = frappe.get_all("QL Doc", {"name": "d01"}, ["name", "n"])
    assert one == [{"name": "d01", "n": 0}]
    assert frappe.get_all("QL Doc", ["name", "n"], {"name": "d01"}) == one  # swapped
    assert frappe.get_all("QL Doc", filters=[["name", "=", "d01"]], fields="name, n") == one
    assert frappe.get_all("QL Doc", filters=[["QL Doc", "name", "=", "d01"]], fields='["name", "n"]') == one
    assert frappe.get_all("QL Doc", filters='{"name": "d01"}', fields=["`name`", "`tabQL Doc`.`n`"]) == one
    assert frappe.get_all("QL Doc", filters={"name": "d01"}, fields=["name", "n"], as_list=True) == (
        ("d01", 0),
    )
    assert frappe.get_all("QL Doc", filters={"name": "d01"}, fields=["n as k", "count(name) as c"]) == [
        {"k": 0, "c": 1}
    ]
    assert frappe.get_all("QL Doc", filters={"name": "d01"}, fields=["*"])[0].title == ""
    assert frappe.get_all("QL Doc", fields=["sum(n) as s", "max(due)"])[0]["max(due)"] == datetime.date(
        2024, 9, 30
    )
    assert frappe.db.get_all("QL Doc", limit=2, order_by="name desc", pluck="name") == ["d59", "d58"]
    assert frappe.get_all("QL Doc", start=1, page_length=2, order_by="name", pluck="name") == ["d01", "d02"]
    assert frappe.get_all("QL Doc", distinct=True, pluck="n", order_by="n") is not None
    assert len(frappe.get_all("QL Doc", fields=["n"], distinct=True)) == 5
    assert frappe.get_all("QL Doc", fields=["n", "count(*) as c"], group_by="n", order_by="n") == [
        {"n": n, "c": 12} for n in NUMBERS
    ]
    assert frappe.get_all("QL Doc", filters={"name": "d01"}, update={"seen": 1})[0].seen == 1
    query = frappe.get_all("QL Doc", filters={"name": "d01"}, run=False)
    assert query.startswith("select `tabQL Doc`.`name` from `tabQL Doc` where `tabQL Doc`.`name` = 'd01'")


def test_the_default_order_is_the_doctypes(frappe):
    first = frappe.get_all("QL Doc", fields=["modified"], limit=3)
    assert {row.modified.minute for row in first} == {6}
    assert "order by `tabQL Doc`.`modified` DESC" in frappe.get_all("QL Doc", run=False)
    assert "order by" not in frappe.get_all("QL Doc", fields=["count(name)"], run=False)


def test_child_tables_and_links_are_joined(frappe):
    assert frappe.get_all("QL Doc", filters={"item": "x", "n": 0}, pluck="name", order_by="name") == [
        "d01",
        "d06",
    ]
    assert frappe.get_all("QL Doc", filters=[["QL Row", "qty", ">", 18]], pluck="name") == ["d09"]
    rows = frappe.get_all(
        "QL Doc",
        filters={"name": "d02"},
        fields=["name", "rows.item as i", "`tabQL Row`.qty"],
        order_by="qty",
    )
    assert rows == [{"name": "d02", "i": "x", "qty": 4}, {"name": "d02", "i": "y", "qty": 5}]
    linked = frappe.get_all(
        "QL Doc", filters={"node": "C"}, fields=["node.parent_ql_tree as up", "node.lft"], limit=1
    )
    assert linked == [{"up": "B", "lft": 3}]


def test_dates_filters_by_timespan(frappe):
    from frappe.utils import add_days, nowdate

    frappe.db.set_value("QL Doc", "d00", "due", nowdate())
    frappe.db.set_value("QL Doc", "d01", "due", add_days(nowdate(), -1))
    assert frappe.get_all("QL Doc", {"due": ["timespan", "today"]}, pluck="name") == ["d00"]
    assert frappe.get_all("QL Doc", {"due": ["timespan", "yesterday"]}, pluck="name") == ["d01"]


@pytest.mark.parametrize(
    "bad",
    [
        "name; drop table `tabUser`", "(select password from __Auth)", "name, (select 1)", "sleep(5)",
        "@@version",
        "name /* x */", "1 union select name from tabUser", "concat(name, 'x')", "name' or '1", "version()",
        "name from tabUser", "load_extension('x')",
    ],
)  # fmt: skip
def test_fields_are_no_queries(frappe, bad):
    with pytest.raises(frappe.ValidationError):
        frappe.get_all("QL Doc", fields=[bad])


@pytest.mark.parametrize(
    "bad",
    [
        "(select name from tabUser)",
        "name; drop table x",
        "sleep(2)",
        "`tabUser`.name",
        "name /* x */",
        "name -- x",
    ],
)
def test_orders_and_groups_are_fields(frappe, bad):
    for where in ("order_by", "group_by"):
        with pytest.raises(frappe.ValidationError):
            frappe.get_all("QL Doc", **{where: bad})


def test_filters_on_no_field_are_refused(frappe):
    for bad in ("name = 'x' or 1=1 --", "n') or ('1'='1"):
        with pytest.raises(frappe.ValidationError):
            frappe.get_all("QL Doc", filters=[[bad, "=", "1"]])
    with pytest.raises(frappe.ValidationError):
        frappe.get_all("QL Doc", filters=[["name", "; drop", "1"]])


def test_a_list_shows_what_the_user_may_read(frappe):
    reader = "ql.reader@example.com"
    nobody = make_user("ql.nobody@example.com")
    with pytest.raises(frappe.PermissionError):
        frappe.set_user(nobody)
        frappe.get_list("QL Doc")
    frappe.set_user(reader)
    assert len(frappe.get_list("QL Doc")) == 60
    assert "secret" not in frappe.get_list("QL Doc", fields=["*"])[0]
    assert frappe.get_list("QL Doc", fields=["name", "secret"], filters={"name": "d01"}) == [{"name": "d01"}]
    assert frappe.get_list("QL Doc", fields=["max(secret) as s"]) == []
    assert frappe.get_list("QL Doc", fields=["name", "secret"], filters={"name": "d01"}, as_list=True) == (
        ("d01", None),
    )
    with pytest.raises(frappe.PermissionError):
        frappe.get_list("QL Doc", fields=["node.parent_ql_tree"])
    with pytest.raises(frappe.PermissionError):
        frappe.get_list("QL Tree")
    assert len(frappe.get_list("QL Tree", user="Administrator")) == 4
    assert frappe.get_all("QL Doc", fields=["secret"], limit=1)[0].secret == "hush"


def test_user_permissions_cover_the_subtree(frappe):
    reader = "ql.reader@example.com"
    frappe.get_doc(doctype="User Permission", user=reader, allow="QL Tree", for_value="B").insert()
    frappe.set_user(reader)
    assert set(frappe.get_list("QL Doc", pluck="node")) == {None, "", "B", "C"}
    assert set(frappe.get_list("QL Doc", filters={"n": 0}, pluck="node")) <= {None, "", "B", "C"}


def test_only_ones_own_if_the_role_says_so(frappe):
    owner = "ql.owner@example.com"
    frappe.db.bulk_insert("QL Own", ["name", "owner"], [("mine", owner), ("theirs", "Administrator")])
    frappe.set_user(owner)
    assert frappe.get_list("QL Own", pluck="name") == ["mine"]


def test_hooks_restrict_a_list(frappe, monkeypatch):
    hooks = frappe.get_hooks
    wanted = {"QL Doc": ["test_query_list.only_low"]}
    monkeypatch.setattr(
        frappe,
        "get_hooks",
        lambda key=None, default=None, *a, **k: (
            wanted if key == "permission_query_conditions" else hooks(key, default, *a, **k)
        ),
    )
    monkeypatch.setattr(frappe, "get_attr", lambda name: only_low)
    frappe.set_user("ql.reader@example.com")
    assert {row.n for row in frappe.get_list("QL Doc", fields=["n"])} == {-1, 0}
    assert len(frappe.get_all("QL Doc")) == 60


def only_low(user, doctype=None):
    assert fnmatch.fnmatch(user, "*@example.com") and doctype == "QL Doc"
    return "`tabQL Doc`.n < 1"
