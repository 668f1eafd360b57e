"""The matrix of permissions: roles, levels, owners, User Permissions, trees, hooks, custom rules."""

import frappe
import pytest
from doctypes import field, make_doctype, make_user, rule
from frappe.permissions import add_permission, add_user_permission, reset_perms, update_permission_property

READER, WRITER, OWNER, HIGH = "perm_reader", "perm_writer", "perm_owner", "perm_high"
DOCTYPE = "Permission Test"


@pytest.fixture
def users(frappe_site, monkeypatch):
    for role in (READER, WRITER, OWNER, HIGH):
        make_user(f"{role}@example.com", role)
    make_user("perm_nobody@example.com")
    make_doctype("Area Test", [field("code")], is_tree=1, autoname="field:code", allow_rename=1)
    make_doctype(
        DOCTYPE,
        [
            field("title"),
            field("secret", permlevel=1, default="none"),
            field("area", "Link", options="Area Test"),
            field("other_area", "Link", options="Area Test", ignore_user_permissions=1),
        ],
        is_submittable=1,
        permissions=[
            rule(READER, "read"),
            rule(WRITER, "read", "write", "create", "delete", "submit"),
            rule(OWNER, "read", "write", "create", if_owner=1),
            rule(HIGH, "read", "write"),
            rule(HIGH, "read", "write", permlevel=1),
        ],
    )
    for code, parent in (("all", None), ("north", "all"), ("south", "all"), ("n1", "north")):
        if not frappe.db.exists("Area Test", code):
            frappe.get_doc(doctype="Area Test", code=code, parent_area_test=parent, is_group=1).insert()
    yield
    frappe.set_user("Administrator")


def as_user(role):
    frappe.set_user(f"{role}@example.com")


def new(**values):
    return frappe.get_doc({"doctype": DOCTYPE, "title": "a", **values})


@pytest.mark.parametrize(
    ("role", "read", "write", "create", "delete", "submit"),
    [
        (READER, True, False, False, False, False),
        (WRITER, True, True, True, True, True),
        (OWNER, True, False, True, False, False),
        (HIGH, True, True, False, False, False),
        ("perm_nobody", False, False, False, False, False),
    ],
)
def test_roles(users, role, read, write, create, delete, submit):
    doc = new().insert()
    as_user(role)
    wanted = {"read": read, "write": write, "create": create, "delete": delete, "submit": submit}
    assert {ptype: bool(frappe.has_permission(DOCTYPE, ptype)) for ptype in wanted} == wanted
    if role != OWNER:
        wanted.pop("create")
        assert {ptype: doc.has_permission(ptype) for ptype in wanted} == wanted


def test_refusals_raise(users):
    as_user(READER)
    with pytest.raises(frappe.PermissionError):
        new().insert()
    new().insert(ignore_permissions=True)
    frappe.set_user("Administrator")
    doc = new().insert()
    as_user(READER)
    doc = frappe.get_doc(DOCTYPE, doc.name)
    with pytest.raises(frappe.PermissionError):
        doc.save()
    with pytest.raises(frappe.PermissionError):
        doc.delete()
    with pytest.raises(frappe.PermissionError):
        doc.submit()
    as_user("perm_nobody")
    with pytest.raises(frappe.PermissionError):
        doc.check_permission("read")
    with pytest.raises(frappe.PermissionError):
        frappe.has_permission(DOCTYPE, throw=True)


def test_owner(users):
    foreign = new().insert()
    as_user(OWNER)
    own = new().insert()
    own.title = "b"
    own.save()
    assert own.has_permission("read")
    assert not foreign.has_permission("read")
    assert not foreign.has_permission("write")
    assert own.name in frappe.get_list(DOCTYPE, pluck="name")
    assert foreign.name not in frappe.get_list(DOCTYPE, pluck="name")


def test_levels(users):
    as_user(WRITER)
    doc = new(secret="mine").insert()
    assert doc.secret == "none"
    frappe.set_user("Administrator")
    doc.reload()
    doc.secret = "truth"
    doc.save()
    as_user(WRITER)
    doc = frappe.get_doc(DOCTYPE, doc.name)
    doc.secret, doc.title = "lie", "changed"
    doc.save()
    assert (doc.secret, doc.title) == ("truth", "changed")
    doc.apply_fieldlevel_read_permissions()
    assert doc.get("secret") is None
    as_user(HIGH)
    doc = frappe.get_doc(DOCTYPE, doc.name)
    assert doc.has_permlevel_access_to("secret")
    doc.secret = "other truth"
    doc.save()
    assert doc.reload().secret == "other truth"


@pytest.fixture
def limited(users):
    north = new(area="north").insert()
    deep = new(area="n1").insert()
    south = new(area="south").insert()
    empty = new().insert()
    add_user_permission("Area Test", "north", f"{WRITER}@example.com")
    as_user(WRITER)
    return north, deep, south, empty


def readable():
    return set(frappe.get_list(DOCTYPE, pluck="name"))


def test_user_permissions_cover_descendants(limited):
    north, deep, south, empty = limited
    assert north.has_permission("read")
    assert deep.has_permission("write")
    assert not south.has_permission("read")
    assert empty.has_permission("read")
    found = readable()
    assert {north.name, deep.name, empty.name} <= found
    assert south.name not in found
    with pytest.raises(frappe.PermissionError):
        new(area="south").insert()
    new(area="north", other_area="south").insert()


def test_strict_user_permissions(limited):
    north, _deep, _south, empty = limited
    frappe.set_user("Administrator")
    frappe.db.set_single_value("System Settings", "apply_strict_user_permissions", 1)
    frappe.clear_document_cache("System Settings", "System Settings")
    as_user(WRITER)
    try:
        assert not empty.has_permission("read")
        assert north.has_permission("read")
        assert empty.name not in readable()
    finally:
        frappe.clear_document_cache("System Settings", "System Settings")


def test_hidden_descendants_and_applicable_for(users):
    north, deep = new(area="north").insert(), new(area="n1").insert()
    add_user_permission("Area Test", "north", f"{WRITER}@example.com", hide_descendants=1)
    as_user(WRITER)
    assert north.has_permission("read")
    assert not deep.has_permission("read")
    frappe.set_user("Administrator")
    frappe.permissions.remove_user_permission("Area Test", "north", f"{WRITER}@example.com")
    add_user_permission("Area Test", "north", f"{WRITER}@example.com", applicable_for="ToDo")
    as_user(WRITER)
    assert deep.has_permission("read")


def test_a_single_permission_is_the_default(limited):
    frappe.set_user("Administrator")
    frappe.permissions.clear_user_permissions_for_doctype("Area Test")
    add_user_permission("Area Test", "south", f"{WRITER}@example.com")
    as_user(WRITER)
    assert frappe.new_doc(DOCTYPE).area == "south"


def test_doubled_user_permission_is_refused(users):
    values = {
        "doctype": "User Permission",
        "user": f"{WRITER}@example.com",
        "allow": "Area Test",
        "for_value": "north",
        "apply_to_all_doctypes": 1,
    }
    frappe.get_doc(values).insert()
    with pytest.raises(frappe.DuplicateEntryError):
        frappe.get_doc(values).insert()


def test_custom_rules_replace_the_own(users):
    make_user("perm_extra@example.com", "perm_extra")
    add_permission(DOCTYPE, "perm_extra")
    as_user("perm_extra")
    assert frappe.has_permission(DOCTYPE, "read")
    assert not frappe.has_permission(DOCTYPE, "write")
    frappe.set_user("Administrator")
    update_permission_property(DOCTYPE, "perm_extra", 0, "write", 1)
    as_user("perm_extra")
    assert frappe.has_permission(DOCTYPE, "write")
    frappe.set_user("Administrator")
    reset_perms(DOCTYPE)
    as_user("perm_extra")
    assert not frappe.has_permission(DOCTYPE, "read")


def test_hooks_only_deny(users, monkeypatch):
    doc = new().insert()
    answers = {"value": None}

    def hook(doc, ptype, user, debug=False):
        return answers["value"]

    get_hooks = frappe.get_hooks

    def patched(name=None, *args, **kwargs):
        if name == "has_permission":
            return {DOCTYPE: ["hook"]}
        return get_hooks(name, *args, **kwargs)

    monkeypatch.setattr(frappe, "get_hooks", patched)
    monkeypatch.setattr(frappe, "get_attr", lambda path: hook)
    as_user(READER)
    assert doc.has_permission("read")
    answers["value"] = False
    assert not doc.has_permission("read")
    answers["value"] = True
    assert doc.has_permission("read")
    assert not doc.has_permission("write")


def test_roles_of_users(users):
    assert frappe.get_roles("Guest") == ["Guest"]
    assert set(frappe.get_roles(f"{READER}@example.com")) == {READER, "All", "Guest", "Desk User"}
    assert READER in frappe.get_roles("Administrator")
    as_user(READER)
    frappe.flags.in_test = False
    with pytest.raises(frappe.PermissionError):
        frappe.only_for("System Manager")


def test_child_rows_ask_the_parent(users):
    as_user(READER)
    assert not frappe.has_permission("Has Role", "read")
    assert not frappe.has_permission("DocField", "read", parent_doctype="DocType")
    # everybody may read his own User
    assert frappe.has_permission("Has Role", "read", parent_doctype="User")
    frappe.set_user("Administrator")
    assert frappe.has_permission("Has Role", "read", parent_doctype="User")
