"""Assigning documents: ToDo, comment, notice and mail, `_assign`, sharing; and whose ToDos one sees."""

import json

import frappe
import pytest
from doctypes import field, make_doctype, make_user, rule
from frappe.desk.form import assign_to

DOCTYPE = "Assign Test"
BOSS, ANN, BEN, OUTSIDER = (f"as_{who}@example.org" for who in ("boss", "ann", "ben", "outsider"))


@pytest.fixture
def doc(frappe_site):
    make_user(BOSS, "AS Worker")
    make_user(ANN, "AS Worker")
    make_user(BEN, "AS Worker")
    make_user(OUTSIDER, "AS Other")
    make_doctype(
        DOCTYPE,
        [field("title"), field("assigned_to")],
        [
            rule("AS Worker", "read", "write", "create", "share"),
            rule("System Manager", "read", "write", "create", "delete"),
        ],
        title_field="title",
    )
    frappe.set_user(BOSS)
    yield frappe.get_doc({"doctype": DOCTYPE, "title": "Lamp"}).insert()
    frappe.set_user("Administrator")
    frappe.db.rollback()


def add(doc, *users, **values):
    return assign_to.add({"doctype": DOCTYPE, "name": doc.name, "assign_to": json.dumps(users), **values})


def assigned(doc) -> list:
    return json.loads(frappe.db.get_value(DOCTYPE, doc.name, "_assign") or "[]")


def comments(doc) -> list:
    about = {"reference_doctype": DOCTYPE, "reference_name": doc.name, "comment_type": ("like", "Assign%")}
    return frappe.get_all(
        "Comment", about, ["comment_type", "content"], order_by="creation asc", as_list=True
    )


def test_assigning(doc):
    answer = add(doc, ANN, description="Please <b>look</b>", priority="High", date="2024-10-01")
    (todo,) = frappe.get_all("ToDo", {"reference_name": doc.name}, ["*"])
    assert answer == [{"owner": ANN, "name": todo.name}]
    assert (todo.status, todo.priority, str(todo.date), todo.assigned_by) == (
        "Open",
        "High",
        "2024-10-01",
        BOSS,
    )
    assert "&lt;b&gt;" in todo.description
    assert assigned(doc) == [ANN] and frappe.db.get_value(DOCTYPE, doc.name, "assigned_to") == ANN
    ((kind, text),) = comments(doc)
    assert kind == "Assigned" and "assigned as_ann" in text
    log = frappe.get_last_doc("Notification Log", {"for_user": ANN})
    assert log.type == "Assignment" and "assigned a new task" in log.subject and "Lamp" in log.subject
    assert frappe.db.exists("Email Queue Recipient", {"recipient": ANN})


def test_assigning_again_says_so(doc):
    add(doc, ANN, BEN)
    frappe.clear_messages()
    assert len(add(doc, ANN)) == 2
    assert "Already in the following Users ToDo list" in frappe.get_message_log()[-1]["message"]
    assert sorted(assigned(doc)) == [ANN, BEN]


def test_removing_and_closing(doc):
    add(doc, ANN, BEN)
    with pytest.raises(frappe.ValidationError, match="Only the assignee"):
        assign_to.close(DOCTYPE, doc.name, ANN)
    assign_to.remove(DOCTYPE, doc.name, BEN)
    assert assigned(doc) == [ANN]
    assert "has been removed" in frappe.get_last_doc("Notification Log", {"for_user": BEN}).subject
    frappe.set_user(ANN)
    assert assign_to.close(DOCTYPE, doc.name, ANN) == [] and assigned(doc) == []
    states = dict(
        frappe.get_all("ToDo", {"reference_name": doc.name}, ["allocated_to", "status"], as_list=True)
    )
    assert states == {ANN: "Closed", BEN: "Cancelled"}
    texts = [text for kind, text in comments(doc) if kind == "Assignment Completed"]
    assert "Assignment of as_ben removed by as_boss" in texts[0] and "removed their assignment" in texts[1]
    assert not frappe.db.get_value(DOCTYPE, doc.name, "assigned_to")


def test_all_at_once(doc):
    other = frappe.get_doc({"doctype": DOCTYPE, "title": "Lantern"}).insert()
    assign_to.add_multiple({"doctype": DOCTYPE, "name": [doc.name, other.name], "assign_to": [ANN, BEN]})
    assert len(assigned(doc)) == len(assigned(other)) == 2
    assign_to.remove_multiple(DOCTYPE, json.dumps([other.name]))
    assert assigned(other) == []
    assert assign_to.close_all_assignments(DOCTYPE, doc.name) and assigned(doc) == []
    assert assign_to.clear(DOCTYPE, "nothing") is False


def test_who_cannot_read_gets_it_shared(doc):
    assert not frappe.has_permission(doc=doc, user=OUTSIDER)
    add(doc, OUTSIDER)
    assert frappe.has_permission(doc=frappe.get_doc(DOCTYPE, doc.name), user=OUTSIDER)
    frappe.db.set_single_value("System Settings", "disable_document_sharing", 1)
    frappe.clear_document_cache("System Settings", "System Settings")
    other = frappe.get_doc({"doctype": DOCTYPE, "title": "Lantern"}).insert()
    with pytest.raises(frappe.ValidationError, match="not permitted"):
        add(other, OUTSIDER)


def test_who_may_not_read_may_not_assign(doc):
    add(doc, ANN)
    frappe.set_user(OUTSIDER)
    for call in (
        lambda: add(doc, BEN),
        lambda: assign_to.remove(DOCTYPE, doc.name, ANN),
        lambda: assign_to.add_multiple({"doctype": DOCTYPE, "name": [doc.name], "assign_to": [BEN]}),
        lambda: assign_to.remove_multiple(DOCTYPE, [doc.name]),
    ):
        with pytest.raises(frappe.PermissionError):
            call()
    assert assigned(doc) == [ANN]


def test_everybody_sees_his_own_todos(doc):
    add(doc, ANN, BEN)
    for user, others in ((ANN, 1), (BOSS, 2), (OUTSIDER, 0)):
        frappe.set_user(user)
        assert len(frappe.get_list("ToDo", filters={"reference_name": doc.name})) == others
    (name,) = frappe.get_all("ToDo", {"allocated_to": BEN}, pluck="name")
    frappe.set_user(ANN)
    assert not frappe.has_permission("ToDo", "read", name)
    frappe.set_user("Administrator")
    assert len(frappe.get_list("ToDo", filters={"reference_name": doc.name})) == 2


def test_deleting_a_todo_frees_the_document(doc):
    add(doc, ANN, BEN)
    frappe.set_user("Administrator")
    (name,) = frappe.get_all("ToDo", {"allocated_to": BEN}, pluck="name")
    frappe.delete_doc("ToDo", name)
    assert assigned(doc) == [ANN]


def test_nobody_is_told_of_what_he_does_himself(doc):
    add(doc, BOSS)
    assert not frappe.db.exists("Notification Log", {"for_user": BOSS})
    assert "self assigned" in comments(doc)[0][1]


def test_mail_of_notices_can_be_switched_off(doc):
    frappe.db.set_value("Notification Settings", ANN, "enable_email_assignment", 0)
    add(doc, ANN)
    assert frappe.db.exists("Notification Log", {"for_user": ANN})
    assert not frappe.db.exists("Email Queue Recipient", {"recipient": ANN})
    frappe.set_user(BEN)
    from frappe.desk.doctype.notification_settings.notification_settings import set_seen_value

    assert not frappe.has_permission("Notification Settings", "read", ANN)
    frappe.flags.in_test = False
    try:
        with pytest.raises(frappe.PermissionError):
            set_seen_value(1, ANN)
    finally:
        frappe.flags.in_test = True


def test_settings_come_and_go_with_the_user(frappe_site):
    frappe.set_user("Administrator")
    name = make_user("as_new@example.org", "AS Other")
    settings = frappe.get_doc("Notification Settings", name)
    assert (settings.user, settings.enabled) == (name, 1)
    user = frappe.get_doc("User", name)
    user.enabled = 0
    user.save()
    assert frappe.db.get_value("Notification Settings", name, "enabled") == 0
    frappe.rename_doc("User", name, "as_newer@example.org", force=True)
    assert frappe.db.exists("Notification Settings", "as_newer@example.org")
    frappe.delete_doc("User", "as_newer@example.org")
    assert not frappe.db.exists("Notification Settings", "as_newer@example.org")
