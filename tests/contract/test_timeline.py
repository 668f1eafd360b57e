"""Assignments and comments."""

import pytest

from .wire import data, message, names, ok, refused, resource

ASSIGN = "frappe.desk.form.assign_to"


@pytest.fixture
def made(world, manager):
    return manager.post(resource(world.case), world.new_case()).json().get("data", {"name": "none"})


def assign(client, world, doc, *people, **more):
    return client.call(
        f"{ASSIGN}.add", assign_to=[world.people[person] for person in people], doctype=world.case,
        name=doc["name"], **more,
    )  # fmt: skip


def todos(client, world, doc, **more) -> list[dict]:
    filters = {"reference_type": world.case, "reference_name": doc["name"], **more}
    return data(
        client.list("ToDo", filters=filters, fields=["allocated_to", "description", "status", "priority"])
    )


def test_assign(world, manager, made):
    (row,) = message(assign(manager, world, made, "clerk", description="look at it", priority="High"))
    assert row["owner"] == world.people["clerk"] and row["name"]
    (todo,) = todos(manager, world, made)
    assert (todo["allocated_to"], todo["status"], todo["priority"]) == (world.people["clerk"], "Open", "High")
    assert "look at it" in todo["description"]


def test_assign_as_a_form(world, manager, made):
    form = {"assign_to": f'["{world.people["clerk"]}"]', "doctype": world.case, "name": made["name"]}
    answer = manager.request("POST", f"/api/method/{ASSIGN}.add", data=form)
    assert [row["owner"] for row in message(answer)] == [world.people["clerk"]]


def test_assign_shows_on_the_document(world, manager, made):
    message(assign(manager, world, made, "clerk"))
    (row,) = data(manager.list(world.case, filters={"title": made["name"]}, fields=["_assign"]))
    assert world.people["clerk"] in row["_assign"]


def test_assign_twice_makes_one(world, manager, made):
    message(assign(manager, world, made, "clerk"))
    assert len(message(assign(manager, world, made, "clerk"))) == 1
    assert len(todos(manager, world, made)) == 1


def test_assign_to_several(world, manager, made):
    assert len(message(assign(manager, world, made, "clerk", "officer"))) == 2


def test_assign_shares_with_who_could_not_read(world, manager, neighbour, made):
    refused(neighbour.get(resource(world.case, made["name"])), 403, "PermissionError")
    message(assign(manager, world, made, "neighbour"))
    assert data(neighbour.get(resource(world.case, made["name"])))["name"] == made["name"]


def test_assign_needs_the_right(world, nobody, manager, made):
    refused(assign(nobody, world, made, "nobody"), 403, "PermissionError")
    assert ok(manager.list("ToDo", filters={"reference_name": made["name"]})) == {"data": []}


def test_unassign(world, manager, made):
    message(assign(manager, world, made, "clerk"))
    person = world.people["clerk"]
    answer = manager.call(f"{ASSIGN}.remove", doctype=world.case, name=made["name"], assign_to=person)
    assert message(answer) == []
    assert [todo["status"] for todo in todos(manager, world, made)] == ["Cancelled"]


def test_add_comment(world, clerk, made):
    comment = message(
        clerk.call(
            "frappe.desk.form.utils.add_comment",
            reference_doctype=world.case,
            reference_name=made["name"],
            content="<p>noted</p>",
            comment_email=world.people["clerk"],
            comment_by="Clerk",
        )
    )
    assert comment["doctype"] == "Comment" and "noted" in comment["content"]
    filters = {"reference_doctype": world.case, "reference_name": made["name"], "comment_type": "Comment"}
    assert names(world.as_("manager").list("Comment", filters=filters)) == {comment["name"]}


def add_comment(client, world, made, **more):
    values = {"reference_doctype": world.case, "reference_name": made["name"], "content": "text"}
    return client.call("frappe.desk.form.utils.add_comment", **{**values, **more})


def test_add_comment_cleans_its_text(world, clerk, made):
    person = {"comment_email": world.people["clerk"], "comment_by": "Clerk"}
    comment = message(
        add_comment(clerk, world, made, content="<b>bold</b><script>alert(1)</script>", **person)
    )
    assert "<b>bold</b>" in comment["content"] and "<script" not in comment["content"]


def test_add_comment_needs_the_right(world, nobody, made):
    person = {"comment_email": world.people["nobody"], "comment_by": "Nobody"}
    refused(add_comment(nobody, world, made, **person), 403, "PermissionError")


def test_add_comment_by_get_is_refused(world, manager, made):
    answer = manager.ask(
        "frappe.desk.form.utils.add_comment",
        reference_doctype=world.case,
        reference_name=made["name"],
        content="x",
        comment_email="x@example.com",
        comment_by="x",
    )
    refused(answer, 403, "PermissionError")


def test_a_comment_shows_in_docinfo(world, manager, clerk, made):
    person = {"comment_email": world.people["clerk"], "comment_by": "Clerk"}
    message(add_comment(clerk, world, made, content="shown", **person))
    answer = ok(manager.ask("frappe.desk.form.load.getdoc", doctype=world.case, name=made["name"]))
    (comment,) = answer["docinfo"]["comments"]
    assert "shown" in comment["content"] and comment["owner"] == world.people["clerk"]
