"""Workflows: states, transitions by role and condition, docstatus, Workflow Actions and their mail."""

import frappe
import pytest
from doctypes import field, make_doctype, make_user, rule
from frappe.model.workflow import (
    WorkflowPermissionError,
    WorkflowTransitionError,
    apply_workflow,
    bulk_workflow_approval,
    can_cancel_document,
    get_common_transition_actions,
    get_transitions,
    get_workflow_name,
)

DOCTYPE = "Workflow Test"
WRITER, CHECKER, BOSS, OUTSIDER = (
    f"wf_{who}@example.org" for who in ("writer", "checker", "boss", "outsider")
)
STATES = (
    ("Draft", "0"),
    ("Checked", "0"),
    ("Rejected", "0"),
    ("Approved", "1"),
    ("Revised", "1"),
    ("Void", "2"),
)
# state, action, next state, role, allow_self_approval, condition
TRANSITIONS = (
    ("Draft", "Check", "Checked", "WF Checker", 0, None),
    ("Draft", "Reject", "Rejected", "WF Checker", 1, "doc.amount > 100"),
    ("Rejected", "Reopen", "Draft", "WF Writer", 1, None),
    ("Checked", "Approve", "Approved", "WF Boss", 1, None),
    ("Approved", "Revise", "Revised", "WF Boss", 1, None),
    ("Revised", "Void", "Void", "WF Boss", 1, None),
)


@pytest.fixture
def flow(frappe_site):
    """An active workflow on a submittable DocType, and people for its roles."""
    make_user(WRITER, "WF Writer")
    make_user(CHECKER, "WF Writer", "WF Checker")
    make_user(BOSS, "WF Boss")
    make_user(OUTSIDER, "WF Other")
    rights = ("read", "write", "create", "submit", "cancel")
    make_doctype(
        DOCTYPE,
        [
            field("title"),
            field("amount", "Int"),
            field("remark", allow_on_submit=1),
            field("workflow_state", "Link", options="Workflow State", allow_on_submit=1),
        ],
        [rule(role, *rights) for role in ("System Manager", "WF Writer", "WF Checker", "WF Boss")],
        is_submittable=1,
        track_changes=1,
    )
    yield make_workflow()
    frappe.set_user("Administrator")
    frappe.db.rollback()
    for name in frappe.get_all("Workflow", pluck="name"):  # of the tests that have to commit
        frappe.delete_doc("Workflow", name, force=True)
    frappe.db.commit()
    frappe.clear_cache()


def make_workflow(name="WF", transitions=TRANSITIONS, **values):
    for doctype, names in (
        ("Workflow State", [state for state, _docstatus in STATES]),
        ("Workflow Action Master", [row[1] for row in TRANSITIONS]),
    ):
        for each in names:
            if not frappe.db.exists(doctype, each):
                frappe.get_doc(_named(doctype, each)).insert()
    columns = ("state", "action", "next_state", "allowed", "allow_self_approval", "condition")
    states = [{"state": state, "doc_status": status, "allow_edit": "WF Writer"} for state, status in STATES]
    states[2].update(update_field="remark", update_value="sent back")
    return frappe.get_doc(
        {
            "doctype": "Workflow",
            "workflow_name": name,
            "document_type": DOCTYPE,
            "is_active": 1,
            "states": states,
            "transitions": [dict(zip(columns, row, strict=True)) for row in transitions],
            **values,
        }
    ).insert()


def _named(doctype, name):
    key = "workflow_state_name" if doctype == "Workflow State" else "workflow_action_name"
    return {"doctype": doctype, key: name}


def make(user=WRITER, **values):
    frappe.set_user(user)
    return frappe.get_doc({"doctype": DOCTYPE, "title": "x", **values}).insert()


def act(doc, action, user):
    frappe.set_user(user)
    return apply_workflow(doc, action)


def actions(doc, user):
    frappe.set_user(user)
    return [row["action"] for row in get_transitions(doc)]


def test_a_new_document_has_the_first_state(flow):
    assert make().workflow_state == "Draft"
    with pytest.raises(WorkflowPermissionError):
        make(workflow_state="Approved")


def test_transitions_depend_on_role_and_condition(flow):
    cheap, dear = make(amount=1), make(amount=101)
    assert actions(cheap, CHECKER) == ["Check"]
    assert actions(dear, CHECKER) == ["Check", "Reject"]
    assert actions(dear, WRITER) == []
    assert get_transitions({"doctype": DOCTYPE, "name": dear.name, "workflow_state": "Approved"}) == []
    frappe.set_user(OUTSIDER)
    with pytest.raises(frappe.PermissionError):
        get_transitions(dear)
    assert get_transitions(frappe.new_doc(DOCTYPE)) == []


def test_a_document_goes_through_all_its_states(flow):
    doc = make(amount=500)
    assert act(doc, "Reject", CHECKER).remark == "sent back"
    act(doc, "Reopen", WRITER)
    act(doc, "Check", CHECKER)
    steps = [
        (doc.docstatus, doc.workflow_state)
        for doc in (act(doc, step, BOSS) for step in ("Approve", "Revise", "Void"))
    ]
    assert steps == [(1, "Approved"), (1, "Revised"), (2, "Void")]
    comments = frappe.get_all(
        "Comment",
        {"reference_name": doc.name, "comment_type": "Workflow"},
        ["content", "comment_email"],
        order_by="creation asc",
        as_list=True,
    )
    assert [content for content, _by in comments] == [
        "Rejected",
        "Draft",
        "Checked",
        "Approved",
        "Revised",
        "Void",
    ]
    assert comments[0][1] == CHECKER


def test_each_step_is_in_the_versions(flow):
    doc = make()
    frappe.set_user(CHECKER)
    frappe.flags.in_test = False  # tests write no Version
    try:
        apply_workflow(doc, "Check")
    finally:
        frappe.flags.in_test = True
    (data,) = frappe.get_all("Version", {"docname": doc.name}, pluck="data")
    assert ["workflow_state", "Draft", "Checked"] in frappe.parse_json(data)["changed"]


def test_what_is_refused(flow):
    doc = make()
    with pytest.raises(WorkflowTransitionError):
        act(doc, "Check", WRITER)
    with pytest.raises(WorkflowTransitionError):
        act(doc, "Approve", BOSS)
    own = make(user=CHECKER)
    with pytest.raises(frappe.ValidationError, match="Self approval"):
        act(own, "Check", CHECKER)
    with pytest.raises(frappe.PermissionError):
        act(doc, "Check", OUTSIDER)
    frappe.set_user(WRITER)
    doc.workflow_state = "Checked"
    with pytest.raises(WorkflowPermissionError):
        doc.save()
    frappe.set_user(CHECKER)
    doc.reload()
    doc.workflow_state = "Checked"
    assert doc.save().workflow_state == "Checked"


def test_administrator_may_approve_his_own(flow):
    doc = make(user="Administrator")
    assert act(doc, "Check", "Administrator").workflow_state == "Checked"


def test_submitting_past_the_workflow_shows_a_state_of_that_docstatus(flow):
    doc = make()
    frappe.set_user(BOSS)
    doc.submit()
    assert (doc.docstatus, doc.workflow_state) == (1, "Approved")


def test_workflow_actions_wait_for_roles(flow):
    doc = make(amount=500)

    def waiting():
        return [
            (row.workflow_state, row.status, row.completed_by, row.completed_by_role)
            for row in frappe.get_all(
                "Workflow Action", {"reference_name": doc.name}, ["*"], order_by="creation asc"
            )
        ]

    assert waiting() == [("Draft", "Open", None, None)]
    frappe.set_user(CHECKER)
    assert [row.reference_name for row in frappe.get_list("Workflow Action", fields=["reference_name"])] == [
        doc.name
    ]
    for other in (WRITER, OUTSIDER):
        frappe.set_user(other)
        assert frappe.get_list("Workflow Action") == []
    act(doc, "Check", CHECKER)
    assert waiting() == [("Draft", "Completed", CHECKER, "WF Checker"), ("Checked", "Open", None, None)]
    frappe.set_user("Administrator")
    frappe.delete_doc(DOCTYPE, doc.name)
    assert waiting() == []
    assert not frappe.db.exists("Workflow Action Permitted Role", {"role": "WF Boss"})


def test_those_who_may_act_next_are_mailed(flow):
    flow.send_email_alert = 1
    template = {"subject": "Please check {{ name }}", "response": "{{ title }} waits"}
    if not frappe.db.exists("Email Template", "WF"):
        frappe.get_doc(doctype="Email Template", name="WF", **template).insert()
    flow.states[0].next_action_email_template = "WF"
    flow.save()
    doc = make(title="Lamp", amount=500)
    (mail,) = frappe.get_all("Email Queue", {"reference_name": doc.name}, pluck="name")
    mail = frappe.get_doc("Email Queue", mail)
    assert [row.recipient for row in mail.recipients] == [CHECKER]
    assert f"Subject: Please check {doc.name}" in mail.message and "Lamp waits" in mail.message
    assert mail.message.count("apply_action") == 4  # two buttons, each as HTML and as text


def test_the_mails_button_is_signed(flow):
    from frappe.utils.verified_command import get_signed_params, verify_request
    from werkzeug.test import EnvironBuilder
    from werkzeug.wrappers import Request

    def verified(query, method="GET"):
        builder = EnvironBuilder("/", query_string=query, method=method)
        frappe.local.request = Request(builder.get_environ())
        try:
            return verify_request()
        finally:
            frappe.local.request = None

    good = get_signed_params({"doctype": DOCTYPE, "user": BOSS})
    assert verified(good)
    assert not verified(good.replace("boss", "b0ss"))
    assert not verified("doctype=x") and not verified(good, "POST")


def test_confirming_acts_as_the_mails_receiver(flow):
    from frappe.utils.verified_command import get_signed_params
    from frappe.workflow.doctype.workflow_action.workflow_action import confirm_action
    from werkzeug.test import EnvironBuilder
    from werkzeug.wrappers import Request

    doc = make()
    frappe.db.commit()  # confirming commits
    arguments = {"doctype": DOCTYPE, "docname": doc.name, "user": CHECKER, "action": "Check"}
    frappe.set_user("Guest")
    confirm_action(**arguments)  # not signed
    assert frappe.db.get_value(DOCTYPE, doc.name, "workflow_state") == "Draft"
    environ = EnvironBuilder("/", query_string=get_signed_params(arguments)).get_environ()
    frappe.local.request = Request(environ)
    try:
        confirm_action(**arguments)
    finally:
        frappe.local.request = None
    assert frappe.session.user == "Guest"
    stored = frappe.db.get_value(DOCTYPE, doc.name, ["workflow_state", "modified_by"])
    assert stored == ("Checked", CHECKER)


def test_in_bulk_each_document_stands_for_itself(flow):
    frappe.db.commit()
    good, bad = make(), make(user=CHECKER)
    frappe.set_user(CHECKER)
    docs = [{"name": doc.name} for doc in (good, bad)]
    assert get_common_transition_actions(frappe.as_json(docs), DOCTYPE) == []
    assert get_common_transition_actions(docs[:1], DOCTYPE) == ["Check"]
    frappe.db.commit()
    bulk_workflow_approval(frappe.as_json([good.name, bad.name]), DOCTYPE, "Check")
    states = [frappe.db.get_value(DOCTYPE, doc.name, "workflow_state") for doc in (good, bad)]
    assert states == ["Checked", "Draft"]
    said = [message["message"] for message in frappe.get_message_log()]
    assert "Self approval is not allowed" in said[0] and good.name in said[1]
    with pytest.raises(frappe.ValidationError, match="500"):
        bulk_workflow_approval(frappe.as_json(["x"] * 501), DOCTYPE, "Check")


def test_only_one_workflow_of_a_doctype_is_active(flow):
    assert get_workflow_name(DOCTYPE) == "WF"
    make_workflow("WF 2")
    assert get_workflow_name(DOCTYPE) == "WF 2"
    assert frappe.db.get_value("Workflow", "WF", "is_active") == 0
    frappe.delete_doc("Workflow", "WF 2")
    assert get_workflow_name(DOCTYPE) == ""
    assert not frappe.get_meta(DOCTYPE).get_workflow()


def test_documents_without_a_state_get_one(flow):
    frappe.db.set_value("Workflow", "WF", "is_active", 0)
    frappe.clear_cache()
    frappe.set_user("Administrator")
    doc = frappe.get_doc(doctype=DOCTYPE, title="old").insert()
    assert not doc.workflow_state
    frappe.get_doc("Workflow", "WF").update({"is_active": 1}).save()
    assert frappe.db.get_value(DOCTYPE, doc.name, "workflow_state") == "Draft"


@pytest.mark.parametrize(
    "transition, reason",
    [
        (("Draft", "Check", "Nowhere", "WF Boss", 1, None), "Nowhere"),
        (("Void", "Check", "Draft", "WF Boss", 1, None), "Cancelled Document"),
        (("Approved", "Check", "Draft", "WF Boss", 1, None), "back to draft"),
        (("Draft", "Check", "Void", "WF Boss", 1, None), "before submitting"),
    ],
)
def test_impossible_transitions_are_refused(flow, transition, reason):
    if not frappe.db.exists("Workflow State", "Nowhere"):
        frappe.get_doc(doctype="Workflow State", workflow_state_name="Nowhere").insert()
    with pytest.raises(frappe.ValidationError, match=reason):
        make_workflow("WF 3", transitions=[transition])


def test_cancelling_is_left_to_the_workflow_that_has_a_way(flow):
    assert can_cancel_document(DOCTYPE) is False
    flow.transitions = flow.transitions[:-1]
    flow.save()
    assert can_cancel_document(DOCTYPE) is True
    frappe.set_user(OUTSIDER)
    with pytest.raises(frappe.PermissionError):
        can_cancel_document(DOCTYPE)


def test_a_workflow_without_states_holds_nobody(flow):
    make_workflow("WF 5", transitions=(), states=[])
    assert not make().workflow_state


def test_only_system_managers_make_workflows(flow):
    frappe.set_user(WRITER)
    with pytest.raises(frappe.PermissionError):
        make_workflow("WF 4")


def test_a_doctype_without_workflow_costs_no_query(frappe_site):
    frappe.get_doc(doctype="Note", title="warm").insert()
    queries = []
    real = frappe.local.db.sql
    frappe.local.db.sql = lambda query, *args, **kwargs: (
        queries.append(str(query)),
        real(query, *args, **kwargs),
    )[1]
    try:
        frappe.get_doc(doctype="Note", title="counted").insert()
    finally:
        frappe.local.db.sql = real
    watched = ("tabWorkflow", "tabNotification", "tabWebhook", "tabServer Script", "tabToDo")
    assert not [query for query in queries if any(table in query for table in watched)]
