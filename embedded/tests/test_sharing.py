"""Sharing single documents: what it grants, to whom, and who may do it."""

import frappe
import frappe.share
import pytest
from doctypes import field, make_doctype, make_user, rule
from frappe.permissions import add_user_permission

DOCTYPE, PLAIN = "Share Test", "Share Test Plain"
OWNER, READER, OTHER = "share_owner@example.com", "share_reader@example.com", "share_other@example.com"


@pytest.fixture
def users(frappe_site):
    make_user(OWNER, "share_sharer")
    make_user(READER, "share_nothing")
    make_user(OTHER, "share_nothing")
    permissions = [rule("share_sharer", "read", "write", "create", "share", "delete", if_owner=1)]
    fields = [field("title"), field("secret", permlevel=1), field("link", "Link", options="User")]
    make_doctype(DOCTYPE, fields, permissions, is_submittable=1)
    make_doctype(PLAIN, fields, permissions)
    yield
    frappe.set_user("Administrator")


@pytest.fixture
def doc(users):
    frappe.set_user(OWNER)
    return frappe.get_doc(doctype=DOCTYPE, title="a", secret="s").insert()


def share(doc, user=READER, **rights):
    frappe.set_user(OWNER)
    out = frappe.share.add(doc.doctype, doc.name, user, **rights)
    frappe.set_user(user or READER)
    return out


def rights(doc, user=READER):
    return [p for p in ("read", "write", "submit", "share", "delete") if doc.has_permission(p, user=user)]


def test_a_share_opens_document_and_list(doc):
    frappe.set_user(READER)
    assert rights(doc) == []
    with pytest.raises(frappe.PermissionError):
        frappe.get_list(DOCTYPE)
    share(doc)
    assert rights(doc) == ["read"]
    assert frappe.get_list(DOCTYPE, pluck="name") == [doc.name]
    assert rights(doc, OTHER) == []


def test_a_share_shows_nothing_above_the_level(doc):
    share(doc, write=1)
    found = frappe.get_doc(DOCTYPE, doc.name)
    found.apply_fieldlevel_read_permissions()
    assert "secret" not in found.as_dict()
    assert "secret" not in frappe.get_list(DOCTYPE, fields=["*"])[0]


def test_rights_cascade(doc):
    share(doc, submit=1)
    assert rights(doc) == ["read", "write", "submit"]
    frappe.set_user(OWNER)
    frappe.share.set_permission(DOCTYPE, doc.name, READER, "share")
    assert "share" in rights(doc)
    assert frappe.share.set_permission(DOCTYPE, doc.name, READER, "read", 0) is None
    assert rights(doc) == []
    assert not frappe.get_all("DocShare", {"share_name": doc.name, "user": READER})


def test_one_right_taken_back(doc):
    share(doc, write=1)
    frappe.set_user(OWNER)
    frappe.share.set_permission(DOCTYPE, doc.name, READER, "write", 0)
    assert rights(doc) == ["read"]
    assert frappe.share.set_permission(DOCTYPE, doc.name, OTHER, "write", 0) is None


def test_only_rights_that_can_be_shared(doc):
    with pytest.raises(frappe.ValidationError):
        frappe.share.set_permission(DOCTYPE, doc.name, READER, "owner", 1)


def test_submit_only_where_there_is_something_to_submit(users):
    frappe.set_user(OWNER)
    plain = frappe.get_doc(doctype=PLAIN, title="a").insert()
    with pytest.raises(frappe.ValidationError):
        frappe.share.add(PLAIN, plain.name, READER, submit=1)


def test_everyone_is_everyone_signed_in(doc):
    share(doc, None, everyone=1)
    assert rights(doc) == rights(doc, OTHER) == ["read"]
    assert frappe.share.get_shared(DOCTYPE, "Guest") == []
    frappe.set_user(OTHER)
    assert frappe.get_list(DOCTYPE, pluck="name") == [doc.name]


def test_whoever_may_not_share_does_not(doc):
    share(doc, write=1)
    with pytest.raises(frappe.PermissionError):
        frappe.share.add(DOCTYPE, doc.name, OTHER)
    with pytest.raises(frappe.PermissionError):
        frappe.share.set_permission(DOCTYPE, doc.name, OTHER, "read")
    with pytest.raises(frappe.PermissionError):
        frappe.share.remove(DOCTYPE, doc.name, READER)
    frappe.set_user(OTHER)
    assert frappe.share.get_users(DOCTYPE, doc.name) == []
    frappe.set_user(OWNER)
    assert [row.user for row in frappe.share.get_users(DOCTYPE, doc.name)] == [READER]


def test_sharing_can_be_switched_off(doc):
    frappe.set_user("Administrator")
    frappe.db.set_single_value("System Settings", "disable_document_sharing", 1)
    frappe.clear_document_cache("System Settings", "System Settings")
    frappe.set_user(OWNER)
    try:
        with pytest.raises(frappe.PermissionError):
            frappe.share.add(DOCTYPE, doc.name, READER)
    finally:
        frappe.db.set_single_value("System Settings", "disable_document_sharing", 0)
        frappe.clear_document_cache("System Settings", "System Settings")


def test_a_share_opens_what_user_permissions_close(doc):
    frappe.set_user("Administrator")
    make_user(READER, "share_all")
    frappe.permissions.add_permission(DOCTYPE, "share_all")
    doc.reload()
    doc.link = OTHER
    doc.save()
    add_user_permission("User", READER, READER)
    assert rights(doc) == []
    share(doc)
    assert rights(doc) == ["read"]
    assert doc.name in frappe.get_list(DOCTYPE, pluck="name")
    frappe.set_user("Administrator")
    frappe.permissions.reset_perms(DOCTYPE)


def test_shares_go_with_the_document_and_follow_its_name(doc):
    share(doc)
    frappe.set_user("Administrator")
    frappe.rename_doc(DOCTYPE, doc.name, "renamed share", force=True)
    assert frappe.share.get_shared(DOCTYPE, READER) == ["renamed share"]
    frappe.delete_doc(DOCTYPE, "renamed share")
    assert frappe.share.get_shared(DOCTYPE, READER) == []


def test_users_see_themselves_and_no_system_user(users):
    frappe.set_user(READER)
    own = frappe.get_doc("User", READER)
    assert own.has_permission("read") and own.has_permission("write")
    assert not frappe.get_doc("User", OTHER).has_permission("read")
    assert not frappe.get_doc("User", "Administrator").has_permission("read")
    own.first_name = "Changed"
    own.set("roles", [{"role": "System Manager"}])
    own.user_type, own.api_key = "Website User", "stolen"
    own.save()
    own = frappe.get_doc("User", READER)
    assert (own.first_name, own.user_type, own.api_key) == ("Changed", "System User", None)
    assert [row.role for row in own.roles] == ["share_nothing"]


def test_a_manager_sees_people_but_no_system_user(users):
    frappe.set_user("Administrator")
    make_user("share_manager@example.com", "System Manager")
    frappe.set_user("share_manager@example.com")
    found = frappe.get_list("User", pluck="name")
    assert OWNER in found
    assert not {"Administrator", "Guest"} & set(found)


def test_notes_are_public_or_ones_own(users):
    names = [frappe.get_doc(doctype="Note", title=f"n{p}", public=p).insert().name for p in (0, 1)]
    frappe.set_user(READER)
    assert not set(frappe.get_list("Note", pluck="name")) & {names[0]}
    assert names[1] in frappe.get_list("Note", pluck="name")
    assert not frappe.get_doc("Note", names[0]).has_permission("read")
