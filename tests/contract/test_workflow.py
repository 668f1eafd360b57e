"""Workflow over HTTP: transitions, actions, conditions, bulk."""

import pytest

from .wire import data, message, names, ok, refused, resource, server_messages

FLOW = "frappe.model.workflow"


@pytest.fixture
def plan(world, clerk):
    """A plan in its first state, written by the clerk."""
    answer = clerk.post(resource(world.plan), {"text": "build"})
    return answer.json().get("data", {"doctype": world.plan, "name": "none"})


def state(world, key: str) -> str:
    return f"{world.prefix} {key}"


def apply(client, world, doc, action: str):
    action = f"{world.prefix} {action}"
    return client.call(
        f"{FLOW}.apply_workflow", doc={"doctype": world.plan, "name": doc["name"]}, action=action
    )


def stored(client, world, doc) -> dict:
    return data(client.get(resource(world.plan, doc["name"])))


def test_a_new_document_is_in_the_first_state(world, plan):
    assert plan["workflow_state"] == state(world, "Drafted")


def test_get_transitions(world, clerk, plan):
    (transition,) = message(clerk.call(f"{FLOW}.get_transitions", doc=plan))
    assert (transition["action"], transition["next_state"]) == (
        state(world, "Review"),
        state(world, "Reviewed"),
    )
    assert transition["allowed"] == world.clerk_role


def test_get_transitions_without_the_role(world, manager, plan):
    assert stored(manager, world, plan)["name"] == plan["name"]
    assert ok(manager.call(f"{FLOW}.get_transitions", doc=plan)) == {"message": []}


def test_get_transitions_with_a_condition_that_does_not_hold(world, clerk):
    doc = data(clerk.post(resource(world.plan), {"text": "hopeless"}))
    assert ok(clerk.call(f"{FLOW}.get_transitions", doc=doc)) == {"message": []}


def test_get_transitions_needs_the_right(world, nobody, plan):
    refused(nobody.call(f"{FLOW}.get_transitions", doc=plan), 403, "PermissionError")


def test_apply_workflow(world, clerk, plan):
    doc = message(apply(clerk, world, plan, "Review"))
    assert (doc["name"], doc["workflow_state"]) == (plan["name"], state(world, "Reviewed"))
    assert stored(clerk, world, plan)["workflow_state"] == state(world, "Reviewed")


def test_apply_workflow_leaves_a_comment(world, clerk, manager, plan):
    message(apply(clerk, world, plan, "Review"))
    filters = {"reference_doctype": world.plan, "reference_name": plan["name"], "comment_type": "Workflow"}
    rows = data(manager.list("Comment", filters=filters, fields=["content", "owner"]))
    assert rows == [{"content": state(world, "Reviewed"), "owner": world.people["clerk"]}]


def test_apply_workflow_submits_and_cancels(world, clerk, manager, plan):
    message(apply(clerk, world, plan, "Review"))
    assert message(apply(manager, world, plan, "Approve"))["docstatus"] == 1
    assert message(apply(manager, world, plan, "Withdraw"))["docstatus"] == 2
    doc = stored(manager, world, plan)
    assert (doc["workflow_state"], doc["docstatus"]) == (state(world, "Withdrawn"), 2)


def test_apply_workflow_of_another_state(world, manager, plan):
    refused(apply(manager, world, plan, "Approve"), 417, "WorkflowTransitionError")
    assert stored(manager, world, plan)["workflow_state"] == state(world, "Drafted")


def test_apply_workflow_of_another_role(world, clerk, plan):
    message(apply(clerk, world, plan, "Review"))
    answer = refused(apply(clerk, world, plan, "Approve"), 417, "WorkflowTransitionError")
    assert server_messages(answer)
    assert stored(clerk, world, plan)["docstatus"] == 0


def test_apply_workflow_against_its_condition(world, clerk):
    doc = data(clerk.post(resource(world.plan), {"text": "hopeless"}))
    refused(apply(clerk, world, doc, "Review"), 417, "WorkflowTransitionError")


def test_a_state_does_not_change_past_the_workflow(world, manager, plan):
    answer = manager.put(resource(world.plan, plan["name"]), {"workflow_state": state(world, "Reviewed")})
    refused(answer, 417, "WorkflowPermissionError")
    assert stored(manager, world, plan)["workflow_state"] == state(world, "Drafted")


def test_a_new_document_does_not_begin_in_the_middle(world, clerk):
    values = {"text": "middle", "workflow_state": state(world, "Reviewed")}
    refused(clerk.post(resource(world.plan), values), 417, "WorkflowPermissionError")


def test_an_update_with_the_next_state_is_the_transition(world, clerk, plan):
    answer = clerk.put(resource(world.plan, plan["name"]), {"workflow_state": state(world, "Reviewed")})
    assert data(answer)["workflow_state"] == state(world, "Reviewed")


def test_bulk_workflow_approval(world, clerk):
    plans = [data(clerk.post(resource(world.plan), {"text": text})) for text in ("one", "two", "hopeless")]
    answer = clerk.call(
        f"{FLOW}.bulk_workflow_approval",
        docnames=f"[{', '.join(chr(34) + plan['name'] + chr(34) for plan in plans)}]",
        doctype=world.plan,
        action=f"{world.prefix} Review",
    )
    assert answer.status_code == 200
    states = [stored(clerk, world, plan)["workflow_state"] for plan in plans]
    assert states == [state(world, key) for key in ("Reviewed", "Reviewed", "Drafted")]


def test_states_are_listed(world, clerk, plan):
    assert plan["name"] in names(
        clerk.list(world.plan, filters={"workflow_state": state(world, "Drafted")}, limit_page_length=0)
    )
