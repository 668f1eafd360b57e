"""DocTypes, users and documents for the tests of the desk's calls."""

import json

import frappe
from doctypes import field, make_doctype, make_user, rule

EDITOR, READER, STRANGER = "desk.editor@example.com", "desk.reader@example.com", "desk.stranger@example.com"
ALL = ("read", "write", "create", "delete", "submit", "cancel", "report", "print", "export", "share")


def make_world():
    """A tree, a child table, a submittable DocType with a secret at level 1; editor, reader, stranger."""
    make_user(EDITOR, "Desk Editor")
    make_user(READER, "Desk Reader")
    make_user(STRANGER, "Desk Stranger")
    make_doctype(
        "DK Unit",
        [
            field("title"),
            field("parent_dk_unit", "Link", options="DK Unit", ignore_user_permissions=1),
            field("is_group", "Check"),
        ],
        permissions=[rule("Desk Editor", "read", "write", "create", "delete"), rule("Desk Reader", "read")],
        autoname="prompt",
        title_field="title",
        show_title_field_in_link=1,
        search_fields="title",
    )
    make_doctype("DK Row", [field("what"), field("n", "Int"), field("hush", permlevel=1)], istable=1)
    make_doctype(
        "DK Doc",
        [
            field("subject", reqd=1),
            field("unit", "Link", options="DK Unit"),
            field("kind", "Select", options="\nA\nB"),
            field("n", "Int"),
            field("day", "Date"),
            field("notes", "Small Text"),
            field("secret", permlevel=1),
            field("rows", "Table", options="DK Row"),
        ],
        permissions=[
            rule("Desk Editor", *ALL),
            rule("Desk Editor", "read", "write", permlevel=1),
            rule("Desk Reader", "read", "report"),
            rule("System Manager", *ALL),
            rule("System Manager", "read", "write", permlevel=1),
        ],
        autoname="prompt",
        is_submittable=1,
        track_changes=1,
        allow_import=1,
        title_field="subject",
        search_fields="subject,unit",
    )
    make_doctype("DK Open", [field("unit", "Link", options="DK Unit", ignore_user_permissions=1)])
    make_doctype(
        "DK After",
        [field("doc", "Link", options="DK Doc")],
        permissions=[rule("System Manager", "read", "write", "create", "submit", "cancel")],
        autoname="prompt",
        is_submittable=1,
    )
    for name, title, parent, group in (
        ("top", "Top", None, 1),
        ("u1", "One", "top", 0),
        ("u2", "Two", "top", 0),
    ):
        if not frappe.db.exists("DK Unit", name):
            frappe.get_doc(
                doctype="DK Unit", name=name, title=title, parent_dk_unit=parent, is_group=group
            ).insert()


def make_doc(name, **values):
    """One DK Doc."""
    return frappe.get_doc({"doctype": "DK Doc", "name": name, "subject": f"About {name}", **values}).insert()


def call(method, *args, **kwargs):
    """Call as a request does, with an empty answer before; returns (what it returned, the answer)."""
    frappe.local.response = frappe._dict(docs=[])
    frappe.local.message_log = []
    returned = method(*args, **kwargs)
    answer = json.loads(frappe.as_json(frappe.local.response))
    return returned, frappe._dict(answer)


def form(**values):
    """The request's arguments, as text like those of a form."""
    frappe.local.form_dict = frappe._dict(
        {k: v if isinstance(v, str) else json.dumps(v) for k, v in values.items()}
    )
