"""Whatever is asked, the answer about who may read what is one: lists, documents, counts, searches, reports
and exports against a model that decides document by document."""

import csv
import io
from dataclasses import dataclass

import frappe
import frappe.client
import frappe.share
import pytest
from doctypes import field, make_doctype, make_user, rule
from frappe.desk import query_report, reportview
from frappe.desk.search import search_link
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

DOCTYPE, ROW, AREA = "Judged", "Judged Row", "Judged Area"
REPORT = "Judged Report"
ROLES = ("judge_a", "judge_b")
USER, OTHER = "judged@example.com", "judged_other@example.com"
# Two roles, two users and a tree have many cases.
EXAMPLES = 4 * settings().max_examples
PARENTS = {"all": None, "north": "all", "south": "all", "n1": "north"}


@dataclass(frozen=True)
class Rule:
    role: str
    permlevel: int
    if_owner: bool


@dataclass(frozen=True)
class Allowed:
    area: str
    hide_descendants: bool
    applicable_for: str | None


@dataclass(frozen=True)
class Doc:
    owner: str
    area: str | None
    other_area: str | None
    row_area: str | None
    shared: str | None  # with USER, OTHER or everyone


@dataclass(frozen=True)
class Case:
    roles: frozenset
    rules: tuple
    allowed: tuple
    strict: bool
    docs: tuple


areas = st.sampled_from([None, *PARENTS])
cases = st.builds(
    Case,
    roles=st.sampled_from([(), ROLES, *((role,) for role in ROLES)]).map(frozenset),
    rules=st.lists(
        st.builds(Rule, st.sampled_from(ROLES), st.sampled_from([0, 0, 0, 1]), st.booleans()),
        max_size=4,
        unique_by=lambda r: (r.role, r.permlevel, r.if_owner),
    ).map(tuple),
    allowed=st.lists(
        st.builds(
            Allowed, st.sampled_from(list(PARENTS)), st.booleans(), st.sampled_from([None, DOCTYPE, "ToDo"])
        ),
        max_size=2,
        unique_by=lambda a: (a.area, a.applicable_for),
    ).map(tuple),
    strict=st.booleans(),
    docs=st.lists(
        st.builds(
            Doc,
            st.sampled_from([USER, OTHER]),
            areas,
            areas,
            areas,
            st.sampled_from([None, None, USER, OTHER, "everyone"]),
        ),
        min_size=1,
        max_size=5,
    ).map(tuple),
)


# the model


def below(area: str) -> set[str]:
    return {area}.union(*(below(child) for child, parent in PARENTS.items() if parent == area))


def allowed_areas(case: Case) -> set[str] | None:
    holding = [a for a in case.allowed if a.applicable_for in (None, DOCTYPE)]
    if not holding:
        return None
    return set().union(*({a.area} if a.hide_descendants else below(a.area) for a in holding))


def may_read(case: Case, doc: Doc) -> bool:
    if doc.shared in (USER, "everyone"):
        return True
    mine = [r for r in case.rules if r.role in case.roles and r.permlevel == 0]
    if not mine:
        return False
    if all(r.if_owner for r in mine):
        return doc.owner == USER
    allowed = allowed_areas(case)
    if allowed is None:
        return True
    return all(link in allowed or (not link and not case.strict) for link in (doc.area, doc.row_area))


def may_read_secrets(case: Case) -> bool:
    return any(r.role in case.roles and r.permlevel == 1 for r in case.rules)


# the host


@pytest.fixture
def judged(frappe_site):
    make_user(OTHER, *ROLES)
    make_user(USER)
    make_doctype(AREA, [field("code")], [rule("All", "read")], is_tree=1, autoname="field:code")
    make_doctype(
        ROW,
        [field("area", "Link", options=AREA), field("hidden", permlevel=1)],
        istable=1,
    )
    make_doctype(
        DOCTYPE,
        [
            field("title"),
            field("secret", permlevel=1),
            field("area", "Link", options=AREA),
            field("other_area", "Link", options=AREA, ignore_user_permissions=1),
            field("rows", "Table", options=ROW),
        ],
        [rule("System Manager", "read")],
        title_field="title",
        search_fields="title",
    )
    for area, parent in PARENTS.items():
        if not frappe.db.exists(AREA, area):
            frappe.get_doc(doctype=AREA, code=area, parent_judged_area=parent, is_group=1).insert()
    if not frappe.db.exists("Report", REPORT):
        frappe.get_doc(
            doctype="Report",
            report_name=REPORT,
            ref_doctype=DOCTYPE,
            report_type="Query Report",
            is_standard="No",
            query=f"""select name as "Name:Link/{DOCTYPE}:100", area as "Area:Link/{AREA}:100",
                secret as "Secret:Data:100" from `tab{DOCTYPE}`""",
            roles=[{"role": "All"}],
        ).insert()
    yield
    frappe.set_user("Administrator")


def build(case: Case) -> list[str]:
    """Make the site look like the case; names of its documents in order."""
    frappe.set_user("Administrator")
    for doctype, filters in (
        ("Custom DocPerm", {"parent": DOCTYPE}),
        ("User Permission", {"user": USER}),
        ("DocShare", {"share_doctype": DOCTYPE}),
        ("Has Role", {"parent": USER}),
        (DOCTYPE, {}),
        (ROW, {}),
    ):
        frappe.db.delete(doctype, filters)
    rights = ("read", "write", "report", "export", "create", "print", "share")
    rules = [rule("System Manager", "read")]
    rules += [rule(r.role, *rights, permlevel=r.permlevel, if_owner=int(r.if_owner)) for r in case.rules]
    for each in rules:
        frappe.get_doc(
            doctype="Custom DocPerm", parent=DOCTYPE, parenttype="DocType", parentfield="permissions", **each
        ).db_insert()
    for role in case.roles:
        frappe.get_doc(
            doctype="Has Role", role=role, parent=USER, parenttype="User", parentfield="roles"
        ).db_insert()
    for each in case.allowed:
        frappe.get_doc(
            doctype="User Permission",
            user=USER,
            allow=AREA,
            for_value=each.area,
            applicable_for=each.applicable_for,
            apply_to_all_doctypes=int(not each.applicable_for),
            hide_descendants=int(each.hide_descendants),
        ).db_insert()
    frappe.db.set_single_value("System Settings", "apply_strict_user_permissions", int(case.strict))
    names = []
    for number, doc in enumerate(case.docs):
        made = frappe.get_doc(
            doctype=DOCTYPE,
            name=f"judged-{number}",
            owner=doc.owner,
            creation=frappe.utils.now(),
            title=f"title {number}",
            secret=f"SECRET{number}",
            area=doc.area,
            other_area=doc.other_area,
        )
        made.db_insert()
        frappe.get_doc(
            doctype=ROW,
            parent=made.name,
            parenttype=DOCTYPE,
            parentfield="rows",
            idx=1,
            area=doc.row_area,
            hidden=f"SECRET{number}",
        ).db_insert()
        if doc.shared:
            frappe.get_doc(
                doctype="DocShare",
                share_doctype=DOCTYPE,
                share_name=made.name,
                user=None if doc.shared == "everyone" else doc.shared,
                everyone=int(doc.shared == "everyone"),
                read=1,
            ).db_insert()
        names.append(made.name)
    frappe.clear_cache()
    frappe.set_user(USER)
    return names


def asked(call, *args, refused=(), **kwargs):
    """What the call answers; `refused` where nothing at all may be read."""
    try:
        return call(*args, **kwargs)
    except frappe.PermissionError:
        frappe.clear_messages()
        return refused


def form(**values):
    frappe.local.form_dict = frappe._dict(doctype=DOCTYPE, **values)
    frappe.local.response = frappe._dict(docs=[])


def table(answer) -> list[dict]:
    """Rows of `reportview.get`, which sends names once and then values."""
    return [dict(zip(answer["keys"], row, strict=True)) for row in answer["values"]] if answer else []


def exported() -> set[str]:
    content = frappe.response.get("filecontent") or frappe.response.get("result") or ""
    text = content.decode("utf-8-sig") if isinstance(content, bytes) else content
    return {cell for row in csv.reader(io.StringIO(text)) for cell in row if cell.startswith("judged-")}


def check(case: Case) -> None:
    names = build(case)
    visible = {name for name, doc in zip(names, case.docs, strict=True) if may_read(case, doc)}
    secrets = may_read_secrets(case)
    mine = [r for r in case.rules if r.role in case.roles and r.permlevel == 0]
    may_report_all = any(not r.if_owner for r in mine)

    assert {name for name in names if frappe.get_doc(DOCTYPE, name).has_permission("read")} == visible
    assert set(asked(frappe.get_list, DOCTYPE, pluck="name")) == visible
    assert asked(frappe.client.get_count, DOCTYPE, refused=0) == len(visible)
    assert {row["value"] for row in asked(search_link, DOCTYPE, "title")} == visible

    rows = asked(frappe.get_list, DOCTYPE, fields=["*", "rows.hidden as hidden"])
    for row in rows:
        assert row.title.startswith("title")
        assert ("secret" in row) == ("hidden" in row) == secrets
    children = asked(frappe.get_list, ROW, fields=["*"], parent_doctype=DOCTYPE)
    assert {row.parent for row in children} == visible
    assert all(("hidden" in row) == secrets for row in children)
    for number, name in enumerate(names):
        if name in visible:
            told = frappe.as_json(frappe.client.get(DOCTYPE, name))
            assert (f"SECRET{number}" in told) == secrets
        guess = asked(frappe.client.get_count, DOCTYPE, {"secret": f"SECRET{number}"}, refused=None)
        assert guess == (int(name in visible) if secrets and (visible or mine) else None)

    form(fields='["name", "secret"]', page_length="20")
    listed = table(asked(reportview.get, refused=None))
    assert {row["name"] for row in listed} == visible
    assert secrets or not any("secret" in row for row in listed)
    form()
    assert asked(reportview.get_count, refused=0) == len(visible)
    form(fields='["`tabJudged`.`name`", "`tabJudged`.`secret`"]', file_format_type="CSV")
    asked(reportview.export_query)
    assert exported() in ([visible] if may_report_all else [visible, set()])
    assert secrets or "SECRET" not in str(frappe.response)

    report = asked(query_report.run, REPORT, refused={"result": [], "columns": []})
    assert {row["name"] for row in report["result"]} == (visible if may_report_all else set())
    assert secrets or ("SECRET" not in frappe.as_json(report) and "ecret" not in str(report["columns"]))
    form(report_name=REPORT, file_format_type="CSV")
    asked(query_report.export_query)
    assert exported() == (visible if may_report_all else set())
    assert secrets or "SECRET" not in str(frappe.response)


def test_permissions_for_this_doctype_alone(judged):
    """The areas are seen less of than the documents that name them."""
    check(
        Case(
            roles=frozenset(ROLES),
            rules=(Rule("judge_a", 0, False),),
            allowed=(Allowed("all", False, DOCTYPE), Allowed("all", True, None)),
            strict=False,
            docs=(Doc(USER, "north", None, None, None), Doc(USER, None, None, None, None)),
        )
    )


def test_one_judge(judged):
    @settings(
        max_examples=EXAMPLES,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    )
    @given(cases)
    def law(case):
        check(case)

    law()
