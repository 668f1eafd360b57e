"""The order of events around insert, save, submit, change after submit, cancel, delete and rename."""

import frappe
import pytest
from doctypes import field, make_doctype, use_controller, use_doc_events
from frappe.model.document import Document

EVENTS = (
    "before_insert",
    "before_naming",
    "autoname",
    "before_validate",
    "validate",
    "before_save",
    "after_insert",
    "on_update",
    "before_submit",
    "on_submit",
    "before_cancel",
    "on_cancel",
    "before_update_after_submit",
    "on_update_after_submit",
    "before_change",
    "on_change",
    "on_trash",
    "after_delete",
    "before_rename",
    "after_rename",
)


@pytest.fixture
def seen(frappe_site, monkeypatch):
    """Events of documents of `Event Test`, as they happen."""
    make_doctype(
        "Event Test",
        [field("title"), field("note", allow_on_submit=1)],
        is_submittable=1,
        allow_rename=1,
        permissions=[
            {"role": "System Manager", "read": 1, "write": 1, "create": 1, "submit": 1, "cancel": 1}
        ],
    )
    seen: list[str] = []

    def recorder(event):
        return lambda self, *args: seen.append(event)

    controller = type("EventTest", (Document,), {event: recorder(event) for event in EVENTS})
    use_controller(monkeypatch, "Event Test", controller)
    return seen


@pytest.fixture
def handlers(frappe_site, monkeypatch):
    """`here.<name>` in hooks stands for a function of this file."""
    monkeypatch.setattr(
        frappe,
        "get_attr",
        lambda path, _real=frappe.get_attr: globals()[path[5:]] if path.startswith("here.") else _real(path),
    )


def new():
    return frappe.get_doc(doctype="Event Test", title="a").insert()


def test_insert(seen):
    new()
    assert seen == [
        "before_insert",
        "before_naming",
        "autoname",
        "before_validate",
        "validate",
        "before_save",
        "after_insert",
        "on_update",
        "on_change",
    ]


def test_save_submit_change_cancel(seen):
    doc = new()
    seen.clear()
    doc.save()
    assert seen == ["before_validate", "validate", "before_save", "on_update", "on_change"]
    seen.clear()
    doc.submit()
    assert seen == ["before_validate", "validate", "before_submit", "on_update", "on_submit", "on_change"]
    seen.clear()
    doc.note = "later"
    doc.save()
    assert seen == ["before_update_after_submit", "on_update_after_submit", "on_change"]
    seen.clear()
    doc.cancel()
    assert seen == ["before_cancel", "on_cancel", "on_change"]
    assert doc.docstatus.is_cancelled()


def test_delete_and_rename(seen):
    doc = new()
    seen.clear()
    doc.rename("Another")
    assert seen == ["before_rename", "after_rename"]
    assert doc.name == "Another"
    seen.clear()
    doc.delete()
    assert seen == ["on_trash", "on_change", "after_delete"]


def test_db_set(seen):
    doc = new()
    seen.clear()
    doc.db_set("title", "b")
    assert seen == ["before_change", "on_change"]
    assert frappe.db.get_value("Event Test", doc.name, "title") == "b"


def test_doc_events_come_after_the_controller_and_stars_last(seen, handlers):
    calls = []
    frappe.flags.test_calls = calls
    use_doc_events(
        {
            "Event Test": {"validate": ["here.hooked"]},
            "*": {"validate": ["here.hooked_for_all"]},
        }
    )
    new()
    assert calls == [("one", "validate"), ("all", "validate")]


def hooked(doc, method):
    frappe.flags.test_calls.append(("one", method))


def hooked_for_all(doc, method):
    frappe.flags.test_calls.append(("all", method))


def test_results_of_hooks_are_merged(frappe_site, handlers):
    make_doctype("Plain Test", [field("title")])
    use_doc_events({"Plain Test": {"ask": ["here.one", "here.two"]}})
    assert frappe.new_doc("Plain Test").run_method("ask") == {"a": 1, "b": 2}


def one(doc, method):
    return {"a": 1}


def two(doc, method):
    return {"b": 2}


def test_ignored_validation_still_runs_before_validate(seen):
    doc = frappe.get_doc(doctype="Event Test", title="a")
    doc.flags.ignore_validate = True
    doc.insert()
    assert "before_validate" in seen
    assert "validate" not in seen
