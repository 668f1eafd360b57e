"""Notifications: which event sets them off, whom they reach, and what they do to the document."""

import frappe
import pytest
from doctypes import field, make_doctype, make_user, rule
from frappe.email.doctype.notification.notification import get_documents_for_today, trigger_daily_alerts
from frappe.utils import add_days, nowdate

DOCTYPE = "Notification Test"
READER, LEADER, LEADER_2 = "nt_reader@example.org", "nt_leader@example.org", "nt_leader_2@example.org"


@pytest.fixture
def site(frappe_site):
    make_user(READER, "NT Reader")
    make_user(LEADER, "NT Leader")
    make_user(LEADER_2, "NT Leader")
    make_doctype(
        DOCTYPE,
        [
            field("title"),
            field("state"),
            field("count", "Int"),
            field("contact", options="Email"),
            field("due", "Date", allow_on_submit=1),
            field("told", "Check", allow_on_submit=1),
        ],
        [rule("System Manager", "read", "write", "create", "submit", "cancel", "delete")],
        is_submittable=1,
    )
    yield frappe_site
    frappe.set_user("Administrator")
    frappe.db.rollback()


def alert(event, *recipients, **values):
    values.setdefault("subject", "{{ doc.title }} is " + event)
    values.setdefault("message", "<p>{{ doc.title }}: {{ doc.state }}</p>")
    return frappe.get_doc(
        {
            "doctype": "Notification",
            "name": values.pop("name", event),
            "channel": "Email",
            "document_type": DOCTYPE,
            "event": event,
            "recipients": recipients or [{"receiver_by_document_field": "contact"}],
            **values,
        }
    ).insert()


def make(**values):
    return frappe.get_doc(
        {"doctype": DOCTYPE, "title": "Lamp", "contact": "a@example.org", **values}
    ).insert()


def mails(doc=None) -> list:
    """Subject and recipients of what is queued, oldest first."""
    import email
    from email import policy

    filters = {"reference_doctype": DOCTYPE, **({"reference_name": doc.name} if doc else {})}
    found = []
    for name in frappe.get_all("Email Queue", filters, pluck="name", order_by="creation asc"):
        queue = frappe.get_doc("Email Queue", name)
        subject = email.message_from_string(queue.message, policy=policy.default)["Subject"]
        found.append((subject, sorted(row.recipient for row in queue.recipients)))
    return found


def test_events_of_a_document(site):
    for event in ("New", "Save", "Submit", "Cancel"):
        alert(event)
    doc = make()
    assert [subject for subject, _to in mails(doc)] == ["Lamp is New", "Lamp is Save"]
    doc = frappe.get_doc(DOCTYPE, doc.name)
    doc.submit()
    frappe.get_doc(DOCTYPE, doc.name).cancel()
    subjects = [subject for subject, _to in mails(doc)]
    assert subjects == ["Lamp is New", "Lamp is Save", "Lamp is Save", "Lamp is Submit", "Lamp is Cancel"]
    assert mails(doc)[0][1] == ["a@example.org"]


def test_value_change_and_method(site):
    alert("Value Change", value_changed="state")
    alert("Method", method="before_submit")
    doc = make(state="open")
    assert mails(doc) == []
    doc.title = "Lantern"
    doc.save()
    assert mails(doc) == []
    doc = frappe.get_doc(DOCTYPE, doc.name)
    doc.state = "done"
    doc.save()
    assert [subject for subject, _to in mails(doc)] == ["Lantern is Value Change"]
    doc = frappe.get_doc(DOCTYPE, doc.name)
    doc.submit()
    assert [subject for subject, _to in mails(doc)] == ["Lantern is Value Change", "Lantern is Method"]


def test_once_in_a_save(site):
    alert("Save")
    alert("Method", method="on_change")
    doc = make()
    assert [subject for subject, _to in mails(doc)] == ["Lamp is Save", "Lamp is Method"]
    doc.save()
    assert len(mails(doc)) == 4


def test_the_condition_decides(site):
    alert(
        "New", condition="doc.count > 5 and frappe.utils.getdate(doc.due) > frappe.utils.getdate(nowdate())"
    )
    assert mails(make(count=5, due=add_days(nowdate(), 3))) == []
    assert mails(make(count=6, due=nowdate())) == []
    assert len(mails(make(count=6, due=add_days(nowdate(), 3)))) == 1


def test_recipients_by_field_role_condition_cc_and_assignment(site):
    from frappe.desk.form import assign_to

    alert(
        "Value Change",
        {"receiver_by_document_field": "contact", "cc": "{{ doc.state }}@example.org\nc2@example.org"},
        {"receiver_by_role": "NT Leader", "bcc": "b@example.org"},
        {"receiver_by_role": "NT Reader", "condition": "doc.count > 100"},
        value_changed="state",
        send_to_all_assignees=1,
    )
    doc = make(contact="a@example.org, b2@example.org", state="one")
    assign_to.add({"doctype": DOCTYPE, "name": doc.name, "assign_to": ["Administrator", READER]})
    frappe.db.set_value("User", LEADER_2, "enabled", 0)
    doc.reload()
    doc.state = "two"
    doc.save()
    ((_subject, to),) = mails(doc)
    assert to == sorted(
        [
            "a@example.org",
            "b2@example.org",
            "two@example.org",
            "c2@example.org",
            "b@example.org",
            LEADER,
            READER,
        ]
    )


def test_nobody_to_write_to(site):
    alert("New")
    assert mails(make(contact="")) == []


def test_days_before_and_after(site):
    alert("Days Before", name="before", date_changed="due", days_in_advance=3)
    alert("Days After", name="after", date_changed="due", days_in_advance=2, condition="doc.count == 1")
    alert("Days After", name="broken", date_changed="due", days_in_advance=2, message="{{ doc.title.x() }}")
    soon, late, other = (
        make(title=title, due=add_days(nowdate(), days), count=1)
        for title, days in (("soon", 3), ("late", -2), ("other", 2))
    )
    make(due=add_days(nowdate(), -2), count=2)
    assert get_documents_for_today("before") == [soon.name]
    assert get_documents_for_today("after") == [late.name]
    trigger_daily_alerts()
    assert sorted(subject for subject, _to in mails()) == ["late is Days After", "soon is Days Before"]
    assert mails(other) == []


def test_on_the_desk(site):
    alert(
        "New",
        {"receiver_by_role": "NT Leader"},
        channel="System Notification",
        message="<p>{{ doc.title }}</p>",
    )
    doc = make()
    logs = frappe.get_all(
        "Notification Log",
        {"document_type": DOCTYPE, "document_name": doc.name},
        ["for_user", "subject", "type", "email_content", "from_user"],
        order_by="for_user asc",
    )
    assert [(log.for_user, log.subject, log.type) for log in logs] == [
        (LEADER, "Lamp is New", "Alert"),
        (LEADER_2, "Lamp is New", "Alert"),
    ]
    assert logs[0].email_content == "<p>Lamp</p>" and logs[0].from_user == "Administrator"
    assert mails(doc) == []
    frappe.db.set_value("Notification Settings", LEADER, "enabled", 0)
    doc = make()
    assert frappe.get_all("Notification Log", {"document_name": doc.name}, pluck="for_user") == [LEADER_2]


def test_a_value_is_set_once_people_are_told(site):
    alert("Submit", set_property_after_alert="told", property_value="1")
    doc = make()
    doc.submit()
    assert frappe.db.get_value(DOCTYPE, doc.name, ["told", "docstatus"]) == (1, 1)
    assert len(mails(doc)) == 1


def test_the_document_is_attached_as_printed(site):
    import email
    from email import policy

    from frappe.email.doctype.email_queue.sending import build_message

    alert("New", attach_print=1)
    doc = make()
    (name,) = frappe.get_all("Email Queue", {"reference_name": doc.name}, pluck="name")
    message = build_message(frappe.get_doc("Email Queue", name), "a@example.org")
    (attachment,) = email.message_from_bytes(message, policy=policy.default).iter_attachments()
    assert attachment.get_filename() == f"{doc.name}.pdf"
    assert attachment.get_payload(decode=True).startswith(b"%PDF")
    frappe.db.set_single_value("Print Settings", "allow_print_for_draft", 0)
    frappe.clear_document_cache("Print Settings", "Print Settings")
    assert mails(make()) == []


def test_what_fails_while_sending_is_logged_and_the_save_goes_on(site):
    alert("New", subject="{{ doc.nothing.at_all }}")
    doc = make()
    assert frappe.db.exists(DOCTYPE, doc.name) and mails(doc) == []
    assert frappe.db.exists("Error Log", {"method": "Failed to send Notification"})


def test_a_condition_that_breaks_stops_the_save(site):
    alert("New", condition="doc.count / 0 if doc.count else 1")
    with pytest.raises(frappe.ValidationError, match="division"):
        make(count=1)


@pytest.mark.parametrize(
    "values, reason",
    [
        ({"event": "Days Before"}, "date field"),
        ({"event": "Value Change"}, "value field"),
        ({"condition": "doc."}, "invalid"),
        ({"condition": "__import__('os')"}, "invalid"),
        ({"message": "{% if %}"}, "Syntax error"),
        ({"subject": "{{"}, "Syntax error"),
        ({"document_type": "Email Queue"}, "Cannot set"),
        ({"document_type": "Has Role"}, "Cannot set"),
    ],
)
def test_what_is_refused(site, values, reason):
    with pytest.raises(frappe.ValidationError, match=reason):
        alert(**{"event": "New", **values})


def test_switching_off_and_deleting_take_effect_at_once(site):
    rule_ = alert("New")
    assert len(mails(make())) == 1
    rule_.enabled = 0
    rule_.save()
    assert mails(make()) == [("Lamp is New", ["a@example.org"])][:0]
    rule_.enabled = 1
    rule_.save()
    assert len(mails(make())) == 1
    frappe.delete_doc("Notification", rule_.name)
    assert mails(make()) == []


def test_other_channels_say_that_they_are_not_answered(site):
    with pytest.raises(NotImplementedError, match="SMS"):
        alert("New", channel="SMS")


def test_who_may_see_what(site):
    alert("New", {"receiver_by_role": "NT Leader"}, channel="System Notification")
    make()
    frappe.set_user(LEADER)
    assert {row.for_user for row in frappe.get_list("Notification Log", fields=["for_user"])} == {LEADER}
    (other,) = frappe.get_all("Notification Log", {"for_user": LEADER_2}, pluck="name")
    from frappe.desk.doctype.notification_log import notification_log

    logs = notification_log.get_notification_logs()["notification_logs"]
    assert [log.for_user for log in logs] == [LEADER]
    with pytest.raises(frappe.PermissionError):
        notification_log.mark_as_read(other)
    notification_log.mark_as_read(logs[0].name)
    assert frappe.db.get_value("Notification Log", logs[0].name, "read") == 1
    notification_log.mark_all_as_read()
    assert frappe.db.get_value("Notification Log", other, "read") == 0
    with pytest.raises(frappe.PermissionError):
        get_documents_for_today("New")
    with pytest.raises(frappe.PermissionError):
        alert("Save")
