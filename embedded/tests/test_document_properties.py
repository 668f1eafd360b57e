"""Laws that hold for any values: what goes in comes out, tables are lists, rules are what they say."""

import datetime

import frappe
import pytest
from doctypes import RIGHTS, field, make_doctype, make_user
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

within = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
# No surrogates (not UTF-8), no markup (sanitised), no NUL (ends a text in SQLite's shell, not in the file).
texts = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="<>\0"), max_size=140)
moments = st.datetimes(datetime.datetime(1900, 1, 1), datetime.datetime(2199, 12, 31))


@pytest.fixture
def site_with_tables(frappe_site):
    make_doctype("Any Row Test", [field("item"), field("qty", "Int")], istable=1)
    return make_doctype(
        "Any Test",
        [
            field("text"),
            field("long", "Long Text"),
            field("count", "Int"),
            field("rate", "Float"),
            field("day", "Date"),
            field("moment", "Datetime"),
            field("clock", "Time"),
            field("rows", "Table", options="Any Row Test"),
        ],
    )


@within
@given(
    text=texts,
    long=texts,
    count=st.integers(-(2**31) + 1, 2**31 - 1),
    rate=st.floats(-1e9, 1e9),
    day=st.one_of(st.none(), st.dates()),
    moment=st.one_of(st.none(), moments),
    clock=st.times(),
)
def test_what_goes_in_comes_out(site_with_tables, text, long, count, rate, day, moment, clock):
    doc = frappe.get_doc(
        doctype=site_with_tables,
        text=text,
        long=long,
        count=count,
        rate=rate,
        day=day,
        moment=moment,
        clock=clock,
    ).insert()
    doc.reload()
    assert (doc.text, doc.long, doc.count) == (text, long, count)
    assert doc.rate == round(rate, 9)
    assert (doc.day, doc.moment) == (day, moment)
    assert doc.clock == datetime.datetime.combine(datetime.date.min, clock) - datetime.datetime.min
    before = doc.as_dict()
    doc.save()
    after = frappe.get_doc(site_with_tables, doc.name).as_dict()
    assert {k: v for k, v in after.items() if k != "modified"} == {
        k: v for k, v in before.items() if k != "modified"
    }


steps = st.lists(
    st.one_of(
        st.tuples(st.just("append"), texts),
        st.tuples(st.just("first"), texts),
        st.tuples(st.just("remove"), st.integers(0, 5)),
        st.tuples(st.just("change"), st.integers(0, 5)),
        st.tuples(st.just("save"), st.just(0)),
        st.tuples(st.just("replace"), st.lists(texts, max_size=3)),
    ),
    max_size=12,
)


@within
@given(steps)
def test_a_table_is_a_list(site_with_tables, steps):
    doc = frappe.get_doc(doctype=site_with_tables).insert()
    wanted: list[str] = []
    for step, value in steps:
        if step == "append":
            doc.append("rows", {"item": value})
            wanted.append(value)
        elif step == "first":
            doc.append("rows", {"item": value}, position=0)
            wanted.insert(0, value)
        elif step == "replace":
            doc.set("rows", [{"item": each} for each in value])
            wanted = list(value)
        elif step == "save":
            doc.save()
        elif value < len(wanted):
            if step == "remove":
                doc.remove(doc.rows[value])
                del wanted[value]
            else:
                doc.rows[value].item = wanted[value] = "changed"
    doc.save()
    stored = frappe.get_doc(site_with_tables, doc.name).rows
    assert [row.item for row in stored] == wanted
    assert [row.idx for row in stored] == list(range(1, len(wanted) + 1))
    assert frappe.db.count("Any Row Test", {"parent": doc.name}) == len(wanted)


@given(
    st.lists(
        st.tuples(st.booleans(), st.one_of(st.none(), st.sampled_from("abcdefgh"))), min_size=1, max_size=8
    )
)
def test_every_field_has_one_place(fields):
    from frappe.model.meta_source import sort_fields

    class Fields(dict):
        """As much of a Meta as sorting asks for."""

    made = [
        frappe._dict(fieldname="abcdefgh"[i], is_custom_field=custom, insert_after=anchor if custom else None)
        for i, (custom, anchor) in enumerate(fields)
    ]
    meta = Fields()
    meta.fields = list(made)
    meta._fields = {df.fieldname: df for df in made}
    sort_fields(meta)
    assert sorted(df.fieldname for df in meta.fields) == sorted(df.fieldname for df in made)
    assert [df.idx for df in meta.fields] == list(range(1, len(made) + 1))
    own = [df.fieldname for df in meta.fields if not df.is_custom_field]
    assert own == [df.fieldname for df in made if not df.is_custom_field]


rules = st.lists(
    st.tuples(
        st.sampled_from(["rule_a", "rule_b", "rule_c"]),
        st.sets(st.sampled_from(["read", "write", "create", "delete"])),
        st.booleans(),
    ),
    max_size=4,
    unique_by=lambda rule: (rule[0], rule[2]),
)


@pytest.fixture
def ruled(frappe_site):
    make_user("rule_maker@example.com", "rule_a", "rule_b", "rule_c")
    return make_doctype("Rule Test", [field("title")])


@within
@given(rules=rules, held=st.sets(st.sampled_from(["rule_a", "rule_b"])), owns=st.booleans())
def test_rights_are_the_union_of_the_rules(ruled, rules, held, owns):
    """An oracle reads the rules one by one: a right is there if some rule of a held role grants it."""
    from frappe.permissions import get_doc_permissions

    doctype = ruled
    user = make_user("rule_user@example.com", *held)
    frappe.clear_cache(user=user)
    doc = frappe.get_doc(doctype=doctype).insert()
    doc.owner = user if owns else "someone@example.com"
    meta = frappe.get_meta(doctype)
    meta.permissions = [
        frappe._dict(
            {right: int(right in granted) for right in RIGHTS}, role=role, permlevel=0, if_owner=if_owner
        )
        for role, granted, if_owner in rules
    ]
    frappe.local.role_permissions.clear()
    try:
        got = get_doc_permissions(doc, user=user)
        for right in ("read", "write", "delete"):
            wanted = any(
                role in held and right in granted and (owns or not if_owner)
                for role, granted, if_owner in rules
            )
            assert bool(got.get(right)) == wanted, right
    finally:
        frappe.clear_cache(doctype=doctype)
        frappe.local.role_permissions.clear()
