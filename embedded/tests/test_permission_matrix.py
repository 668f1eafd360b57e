"""Who may do what, as a table: people and documents down, answers across."""

import frappe
import frappe.client
import frappe.share
import pytest
from doctypes import field, make_doctype, make_user, rule
from frappe.desk import query_report, reportview
from frappe.desk.search import search_link
from frappe.permissions import add_user_permission

DOCTYPE, AREA, REPORT = "Matrix", "Matrix Area", "Matrix Report"

# x: yes, .: no. `secret`: whether the field at level 1 is answered; `guess`: whether it may be filtered by.
MATRIX = """
who       document  list count doc write delete submit share search report export secret guess
nobody    any       .    .     .   .     .      .      .     .      .      .      .      .
reader    any       x    x     x   .     .      .      .     x      x      x      .      .
writer    any       x    x     x   x     x      x      x     x      x      x      .      .
chief     any       x    x     x   x     .      .      .     x      x      x      x      x
owner     own       x    x     x   x     .      .      x     x      .      .      .      .
owner     any       .    .     .   .     .      .      .     .      .      .      .      .
selector  any       x    x     .   .     .      .      .     x      .      .      .      .
local     north     x    x     x   .     .      .      .     x      x      x      .      .
local     beneath   x    x     x   .     .      .      .     x      x      x      .      .
local     south     .    .     .   .     .      .      .     .      .      .      .      .
local     any       x    x     x   .     .      .      .     x      x      x      .      .
guestly   shared    x    x     x   .     .      .      .     x      .      .      .      .
guestly   lent      x    x     x   x     .      .      x     x      .      .      .      .
guestly   open      x    x     x   .     .      .      .     x      .      .      .      .
guestly   any       .    .     .   .     .      .      .     .      .      .      .      .
"""
HEAD, *ROWS = (line.split() for line in MATRIX.strip().splitlines())
ANSWERS = HEAD[2:]
PEOPLE = {row[0] for row in ROWS}
DOCUMENTS = ("any", "own", "north", "beneath", "south", "shared", "lent", "open")


def email(who):
    return f"matrix_{who}@example.com"


@pytest.fixture
def documents(frappe_site):
    for who in sorted(PEOPLE):
        make_user(email(who), f"matrix_{'reader' if who == 'local' else who}")
    make_doctype(AREA, [field("code")], [rule("All", "read")], is_tree=1, autoname="field:code")
    everything = ("read", "write", "delete", "submit", "share", "report", "export", "create")
    make_doctype(
        DOCTYPE,
        [field("title"), field("secret", permlevel=1), field("area", "Link", options=AREA)],
        [
            rule("matrix_reader", "read", "report", "export"),
            rule("matrix_writer", *everything),
            rule("matrix_chief", "read", "write", "report", "export"),
            rule("matrix_chief", "read", "write", permlevel=1),
            rule(
                "matrix_owner",
                *[right for right in everything if right not in ("delete", "submit")],
                if_owner=1,
            ),
            {**rule("matrix_selector"), "select": 1},
        ],
        is_submittable=1,
        title_field="title",
        search_fields="title",
    )
    for area, parent in (("matrix all", None), ("matrix north", "matrix all"), ("matrix south", "matrix all"),
                         ("matrix n1", "matrix north")):  # fmt: skip
        if not frappe.db.exists(AREA, area):
            frappe.get_doc(doctype=AREA, code=area, parent_matrix_area=parent, is_group=1).insert()
    if not frappe.db.exists("Report", REPORT):
        frappe.get_doc(
            doctype="Report",
            report_name=REPORT,
            ref_doctype=DOCTYPE,
            report_type="Query Report",
            is_standard="No",
            query=f'select name as "Name:Link/{DOCTYPE}:100", secret as "Secret:Data" from `tab{DOCTYPE}`',
            roles=[{"role": "All"}],
        ).insert()
    areas = {"north": "matrix north", "beneath": "matrix n1", "south": "matrix south"}
    made = {}
    for which in DOCUMENTS:
        frappe.set_user(email("owner") if which == "own" else "Administrator")
        doc = frappe.get_doc(doctype=DOCTYPE, title=which, area=areas.get(which))
        doc.flags.ignore_permissions = True
        made[which] = doc.insert().name
    frappe.set_user("Administrator")
    frappe.db.set_value(DOCTYPE, {"name": ("in", list(made.values()))}, "secret", "TOP")
    add_user_permission(AREA, "matrix north", email("local"))
    frappe.share.add(DOCTYPE, made["shared"], email("guestly"))
    frappe.share.add(DOCTYPE, made["lent"], email("guestly"), write=1, share=1)
    frappe.share.add(DOCTYPE, made["open"], everyone=1)
    yield made
    frappe.set_user("Administrator")


def allowed(call, *args, **kwargs):
    """What a call answers, None where it is refused."""
    try:
        return call(*args, **kwargs)
    except frappe.PermissionError:
        frappe.clear_messages()
        return None


def answers(name: str) -> dict[str, bool]:
    """What the session's user is told about one document and may do with it."""
    doc = frappe.get_doc(DOCTYPE, name)
    form = frappe._dict(doctype=DOCTYPE, report_name=REPORT, fields='["name"]', file_format_type="CSV")
    frappe.local.form_dict, frappe.local.response = form, frappe._dict(docs=[])
    rows = allowed(frappe.get_list, DOCTYPE, {"name": name}, ["name", "secret"]) or []
    report = allowed(query_report.run, REPORT) or {"result": []}
    allowed(reportview.export_query)
    exported = frappe.response.get("filecontent") or frappe.response.get("result") or ""
    exported = exported.decode("utf-8-sig") if isinstance(exported, bytes) else exported
    return {
        "list": bool(rows),
        "count": bool(allowed(frappe.client.get_count, DOCTYPE, {"name": name})),
        "doc": bool(allowed(frappe.client.get, DOCTYPE, name)),
        **{right: bool(doc.has_permission(right)) for right in ("write", "delete", "submit", "share")},
        "search": name in [row["value"] for row in allowed(search_link, DOCTYPE, doc.title) or ()],
        "report": name in [row["name"] for row in report["result"]],
        "export": name in exported,
        "secret": any("secret" in row for row in rows),
        "guess": bool(allowed(frappe.client.get_count, DOCTYPE, {"name": name, "secret": "TOP"})),
    }


def test_the_table(documents):
    told = [HEAD]
    for who, which, *_cells in ROWS:
        frappe.set_user(email(who))
        found = answers(documents[which])
        told.append([who, which, *("x" if found[answer] else "." for answer in ANSWERS)])
    assert told == [HEAD, *ROWS]
