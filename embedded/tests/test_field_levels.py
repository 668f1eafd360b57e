"""Fields above the reader's level: absent from every answer, refused wherever a query could guess at them."""

import frappe
import frappe.client
import pytest
from doctypes import field, make_doctype, make_user, rule

DOCTYPE, ROW, LINKED = "Level Test", "Level Row", "Level Linked"
LOW, HIGH, OWN = "level_low@example.com", "level_high@example.com", "level_own@example.com"
BOTH = ("level_low", "level_high", "level_own")


@pytest.fixture
def doc(frappe_site):
    for user in (LOW, HIGH, OWN):
        make_user(user, user.split("@")[0])
    make_doctype(ROW, [field("note"), field("hidden", permlevel=1)], istable=1)
    make_doctype(
        LINKED,
        [field("title"), field("secret", permlevel=1)],
        [rule("level_low", "read", if_owner=1), rule("level_high", "read")]
        + [rule("level_high", "read", permlevel=1)],
    )
    make_doctype(
        DOCTYPE,
        [
            field("title"),
            field("secret", permlevel=1),
            field("linked", "Link", options=LINKED),
            field("rows", "Table", options=ROW),
            field("secret_rows", "Table", options=ROW, permlevel=1),
        ],
        [
            rule("level_low", "read", "write", "report", "export"),
            rule("level_high", "read", "write", "report", "export"),
            rule("level_high", "read", "write", permlevel=1),
            rule("level_own", "read", if_owner=1),
        ],
        sort_field="secret",
    )
    foreign = frappe.get_doc(doctype=LINKED, title="foreign", secret="S2").insert()
    doc = frappe.get_doc(
        doctype=DOCTYPE,
        title="t",
        secret="S1",
        linked=foreign.name,
        rows=[{"note": "n", "hidden": "S3"}],
        secret_rows=[{"note": "S4"}],
    ).insert()
    frappe.set_user(LOW)
    yield doc
    frappe.set_user("Administrator")


def leaks(answer) -> bool:
    return any(secret in frappe.as_json(answer) for secret in ("S1", "S2", "S3", "S4"))


FIELDS = [
    "secret",
    "SECRET",
    "*",
    "* ",
    "distinct *",
    "distinct  *",
    "secret as title",
    "max(secret) as x",
    "hex(secret)",
    "secret || ''",
    "[secret]",
    "secret title",
    "secret `title`",
    "`tabLevel Test`.secret",
    "`tabLevel Test`.*",
    "linked.secret",
    "linked.title",
    "rows.hidden",
    "secret_rows.hidden",
    "`tabLevel Row`.hidden",
    "`tabLevel Row`.*",
    "rows.note",
]


@pytest.mark.parametrize("fieldname", FIELDS)
@pytest.mark.parametrize("as_list", [False, True])
def test_no_field_tells(doc, fieldname, as_list):
    rows = frappe.get_list(DOCTYPE, fields=["name", fieldname], as_list=as_list)
    assert len(rows) == 1
    assert not leaks(rows)
    frappe.set_user(HIGH)
    if fieldname != "linked.title" and not fieldname.startswith(("distinct", "rows.note")):
        assert leaks([*frappe.get_list(DOCTYPE, fields=["name", fieldname], as_list=as_list), "S2", "S3"])


def test_what_is_left_is_named(doc):
    row = frappe.get_list(DOCTYPE, fields=["*"])[0]
    assert "secret" not in row and row.title == "t"
    assert frappe.get_list(DOCTYPE, fields=["secret"]) == []
    frappe.set_user(HIGH)
    assert frappe.get_list(DOCTYPE, fields=["*"])[0].secret == "S1"


FILTERS = [
    {"secret": "S1"},
    {"SECRET": "S1"},
    {"secret": ["is", "set"]},
    [["secret", "like", "S%"]],
    [[DOCTYPE, "secret", "!=", ""]],
    [["ifnull(secret, '')", "=", "S1"]],
    [[ROW, "hidden", "=", "S3"]],
    [["hidden", "=", "S3"]],
    ["secret is not null"],
]


@pytest.mark.parametrize("filters", FILTERS)
def test_no_filter_tells(doc, filters):
    for asked in ({"filters": filters}, {"or_filters": filters}):
        with pytest.raises(frappe.PermissionError):
            frappe.get_list(DOCTYPE, **asked)
    with pytest.raises(frappe.PermissionError):
        frappe.client.get_count(DOCTYPE, filters)
    with pytest.raises(frappe.PermissionError):
        frappe.client.get_value(DOCTYPE, "title", filters)
    frappe.set_user(HIGH)
    assert frappe.client.get_count(DOCTYPE, filters) == 1


@pytest.mark.parametrize(
    "text",
    [
        "secret",
        "SECRET desc",
        "`tabLevel Test`.secret",
        "`tabLevel Test`.`secret` asc",
        "title, secret",
        "length(secret)",
        "if(secret, 1, 0)",
        "x",
    ],
)
def test_no_order_and_no_group_tells(doc, text):
    fields = ["title", "secret as x"]
    with pytest.raises(frappe.PermissionError):
        frappe.get_list(DOCTYPE, fields=fields, order_by=text)
    with pytest.raises(frappe.PermissionError):
        frappe.get_list(DOCTYPE, fields=fields, group_by=text.replace(" desc", "").replace(" asc", ""))


def test_an_alias_is_no_way_around(doc):
    with pytest.raises(frappe.PermissionError):
        frappe.get_list(DOCTYPE, fields=["title as secret"], order_by="secret")
    assert frappe.get_list(DOCTYPE, fields=["title as name_of_it"], order_by="name_of_it")


def test_a_list_sorted_by_a_hidden_field_is_sorted_otherwise(doc):
    frappe.set_user("Administrator")
    for secret in ("b", "a", "c"):
        frappe.get_doc(doctype=DOCTYPE, title=secret, secret=secret).insert()
    frappe.set_user(LOW)
    assert [row.title for row in frappe.get_list(DOCTYPE, fields=["title"])] == ["c", "a", "b", "t"]


def test_rows_of_tables_follow_their_parents(doc):
    rows = frappe.get_list(ROW, fields=["*"], parent_doctype=DOCTYPE)
    assert [row.note for row in rows] == ["n"]
    assert not leaks(rows)
    with pytest.raises(frappe.PermissionError):
        frappe.get_list(ROW, filters={"hidden": "S3"}, parent_doctype=DOCTYPE)
    frappe.set_user(OWN)
    assert frappe.get_list(ROW, fields=["*"], parent_doctype=DOCTYPE) == []
    own = frappe.get_doc(doctype=DOCTYPE, rows=[{"note": "own"}]).insert(ignore_permissions=True)
    found = frappe.get_list(ROW, fields=["parent"], parent_doctype=DOCTYPE)
    assert [row.parent for row in found] == [own.name]
    frappe.set_user(HIGH)
    assert len(frappe.get_list(ROW, parent_doctype=DOCTYPE)) == 3


def test_a_link_shows_only_what_may_be_read(doc):
    row = frappe.get_list(DOCTYPE, fields=["linked.title as title_of_it"])[0]
    assert row.title_of_it is None
    own = frappe.get_doc(doctype=LINKED, title="own").insert(ignore_permissions=True)
    frappe.get_doc(doctype=DOCTYPE, linked=own.name).insert(ignore_permissions=True)
    found = frappe.get_list(DOCTYPE, fields=["linked.title as title_of_it"], pluck="title_of_it")
    assert set(found) == {None, "own"}
    frappe.set_user(HIGH)
    assert frappe.get_list(DOCTYPE, {"name": doc.name}, ["linked.title as title_of_it"])[0].title_of_it == (
        "foreign"
    )


def test_answers_with_documents_do_not_tell(doc):
    from frappe.api.documents import readable, update

    assert not leaks(readable(frappe.get_doc(DOCTYPE, doc.name)).as_dict())
    assert not leaks(frappe.client.get(DOCTYPE, doc.name))
    answer = frappe.client.set_value(DOCTYPE, doc.name, "title", "changed")
    assert answer["title"] == "changed" and not leaks(answer)
    answer = update(DOCTYPE, doc.name, {"title": "again", "secret": "guess"})
    assert not leaks(answer.as_dict()) and "secret" not in answer.as_dict()
    assert frappe.client.get_value(DOCTYPE, ["title", "secret"], doc.name) == {"title": "again"}
    assert frappe.db.get_value(DOCTYPE, doc.name, "secret") == "S1"
    assert {row.note for row in frappe.get_doc(DOCTYPE, doc.name).secret_rows} == {"S4"}


def test_keys_of_users_are_nobody_elses(doc):
    frappe.set_user("Administrator")
    frappe.db.set_value("User", HIGH, "api_key", "S1")
    frappe.set_user(LOW)
    assert not leaks(frappe.get_list("User", fields=["name", "api_key"]))
    with pytest.raises(frappe.PermissionError):
        frappe.get_list("User", filters={"api_key": ["like", "S%"]})
    with pytest.raises(frappe.PermissionError):
        frappe.get_list("User", filters={"mobile_no": ["like", "1%"]})
    assert frappe.get_list("User", filters={"enabled": 1})


def test_whatever_a_method_returns_is_cut(doc):
    from frappe.utils.response import build_response

    frappe.local.response = frappe._dict(message=frappe.get_doc(DOCTYPE, doc.name), docs=[doc])
    text = build_response("json").get_data(as_text=True)
    assert '"title":"t"' in text and not leaks(text)
    assert doc.secret == "S1"
    frappe.set_user(HIGH)
    frappe.local.response = frappe._dict(message=frappe.get_doc(DOCTYPE, doc.name), docs=[])
    assert leaks(build_response("json").get_data(as_text=True))


def test_links_that_ignore_user_permissions_ignore_nothing_else(doc):
    from frappe.desk.search import search_widget

    frappe.set_user("Administrator")
    make_doctype(
        "Level Chooser",
        [field("linked", "Link", options=LINKED, ignore_user_permissions=1)],
        [rule("level_low", "read")],
    )
    frappe.set_user(LOW)
    found = search_widget(
        LINKED,
        "",
        filter_fields=["secret"],
        ignore_user_permissions=True,
        reference_doctype="Level Chooser",
        link_fieldname="linked",
        as_dict=True,
    )
    assert found == []
