"""Documents: reading, child rows, defaults, states, stale copies, values of every type."""

import datetime

import frappe
import pytest
from doctypes import field, make_doctype


@pytest.fixture
def types(frappe_site):
    make_doctype("Row Test", [field("item", reqd=1), field("qty", "Int", default="1")], istable=1)
    return make_doctype(
        "Type Test",
        [
            field("title"),
            field("count", "Int"),
            field("rate", "Float"),
            field("share", "Percent", precision="9"),
            field("done", "Check", default="1"),
            field("day", "Date"),
            field("moment", "Datetime"),
            field("clock", "Time"),
            field("body", "Text Editor"),
            field("settings", "JSON"),
            field("state", "Select", options="Open\nClosed"),
            field("rows", "Table", options="Row Test"),
        ],
    )


def test_get_doc_forms(types):
    by_dict = frappe.get_doc({"doctype": types, "title": "a"}).insert()
    by_keywords = frappe.get_doc(doctype=types, title="b").insert()
    assert frappe.get_doc(types, by_dict.name).title == "a"
    assert frappe.get_doc(types, {"title": "b"}).name == by_keywords.name
    assert frappe.get_doc(by_dict) is by_dict
    assert frappe.get_doc(types, by_dict.name, for_update=True).title == "a"
    with pytest.raises(frappe.DoesNotExistError):
        frappe.get_doc(types, "nothing")
    with pytest.raises(ValueError, match="doctype"):
        frappe.get_doc({"title": "c"})


def test_values_come_back_typed(types):
    doc = frappe.get_doc(
        doctype=types,
        title="a",
        count="7",
        rate="1.23456789012",
        share=33.3333333333,
        day="2024-02-29",
        moment="2024-02-29 10:11:12",
        clock="10:11:12",
        settings={"a": [1]},
    ).insert()
    doc.reload()
    assert doc.count == 7
    assert doc.rate == 1.23456789
    assert doc.share == 33.333333333
    assert doc.day == datetime.date(2024, 2, 29)
    assert doc.moment == datetime.datetime(2024, 2, 29, 10, 11, 12)
    assert doc.clock == datetime.timedelta(hours=10, minutes=11, seconds=12)
    assert doc.settings == '{"a":[1]}'
    assert doc.done == 1
    assert frappe.get_doc(doctype=types).insert().reload().count == 0


def test_impossible_date_is_refused(types):
    with pytest.raises(frappe.ValidationError):
        frappe.get_doc(doctype=types, day="2024-02-30").insert()
    with pytest.raises(frappe.ValidationError):
        frappe.get_doc(doctype=types, moment="yesterday").insert()


def test_defaults(types):
    doc = frappe.new_doc(types)
    assert (doc.done, doc.state, doc.is_new()) == (1, "Open", 1)
    doc.append("rows", {"item": "x"})
    doc.insert()
    assert doc.rows[0].qty == 1


def test_child_rows(types):
    doc = frappe.get_doc(doctype=types, rows=[{"item": "a"}, {"item": "b"}, {"item": "c"}]).insert()
    assert [(row.idx, row.parentfield, row.parenttype) for row in doc.rows] == [
        (1, "rows", types),
        (2, "rows", types),
        (3, "rows", types),
    ]
    kept = doc.rows[2].name
    doc.remove(doc.rows[0])
    doc.append("rows", {"item": "d"})
    doc.rows[0].item = "B"
    doc.save()
    doc.reload()
    assert [(row.idx, row.item) for row in doc.rows] == [(1, "B"), (2, "c"), (3, "d")]
    assert doc.rows[1].name == kept
    assert doc.get("rows", {"item": "d"})[0].idx == 3
    assert frappe.db.count("Row Test", {"parent": doc.name}) == 3
    assert doc.rows[0].parent_doc is doc


def test_mandatory_in_child_rows(types):
    with pytest.raises(frappe.MandatoryError):
        frappe.get_doc(doctype=types, rows=[{"qty": 2}]).insert()


def test_as_dict_and_valid_dict(types):
    doc = frappe.get_doc(doctype=types, title="a", day="2024-01-01", rows=[{"item": "a"}]).insert()
    doc.reload()
    values = doc.as_dict()
    assert list(values)[:7] == [
        "name",
        "owner",
        "creation",
        "modified",
        "modified_by",
        "docstatus",
        "idx",
    ]
    assert values["doctype"] == types
    assert values["rows"][0]["item"] == "a"
    assert doc.as_dict(convert_dates_to_str=True)["day"] == "2024-01-01"
    assert "moment" not in doc.as_dict(no_nulls=True)
    assert "owner" not in doc.as_dict(no_default_fields=True)
    assert "rows" not in doc.get_valid_dict()


def test_stale_copy_is_refused(types):
    doc = frappe.get_doc(doctype=types, title="a").insert()
    stale = frappe.get_doc(types, doc.name)
    doc.title = "b"
    doc.save()
    stale.title = "c"
    with pytest.raises(frappe.TimestampMismatchError):
        stale.save()


def test_has_value_changed(types):
    doc = frappe.get_doc(doctype=types, title="a", day="2024-01-01").insert()
    doc.day = "2024-01-01"
    doc.title = "b"
    doc.save()
    assert doc.has_value_changed("title")
    assert not doc.has_value_changed("day")
    assert doc.get_doc_before_save().title == "a"


def test_db_set_and_reload(types):
    doc = frappe.get_doc(doctype=types, title="a").insert()
    before = doc.modified
    doc.db_set({"title": "b", "count": 3})
    assert str(doc.modified) > str(before)
    doc.reload()
    assert (doc.title, doc.count) == ("b", 3)
    doc.db_set("title", "c", update_modified=False)
    assert doc.db_get("title") == "c"


def test_xss_is_taken_out(types):
    doc = frappe.get_doc(doctype=types, title="<script>alert(1)</script>x", body="<b onclick='x()'>y</b>")
    doc.insert()
    assert "script" not in doc.title
    assert "onclick" not in doc.body
    assert "<b>y</b>" in doc.body


def test_single(frappe_site):
    make_doctype(
        "Single Test",
        [field("limit", "Int", default="5"), field("rate", "Float"), field("day", "Date")],
        issingle=1,
    )
    single = frappe.get_doc("Single Test")
    assert single.limit == 5
    single.limit, single.rate, single.day = 7, 1.5, "2024-01-01"
    single.save()
    assert frappe.get_doc("Single Test").limit == 7
    assert frappe.db.get_single_value("Single Test", "limit") == 7
    assert frappe.db.get_single_value("Single Test", "day") == datetime.date(2024, 1, 1)
    single.reload()
    single.save()


@pytest.fixture
def submittable(frappe_site):
    return make_doctype(
        "Submit Test",
        [field("title"), field("note", allow_on_submit=1), field("other", "Link", options="Submit Test")],
        is_submittable=1,
        permissions=[
            {"role": "System Manager", "read": 1, "write": 1, "create": 1, "submit": 1, "cancel": 1}
        ],
    )


def test_states(submittable):
    doc = frappe.get_doc(doctype=submittable, title="a").insert()
    doc.docstatus = 2
    with pytest.raises(frappe.DocstatusTransitionError):
        doc.save()
    doc = frappe.get_doc(submittable, doc.name)
    doc.submit()
    assert doc.docstatus.is_submitted()
    doc.note = "may change"
    doc.save()
    doc.title = "may not"
    with pytest.raises(frappe.UpdateAfterSubmitError):
        doc.save()
    doc.reload()
    doc.docstatus = 0
    with pytest.raises(frappe.DocstatusTransitionError):
        doc.save()
    doc.reload()
    with pytest.raises(frappe.ValidationError):
        doc.delete()
    doc.cancel()
    doc.reload()
    with pytest.raises(frappe.ValidationError):
        doc.save()


def test_amendment(submittable):
    doc = frappe.get_doc(doctype=submittable, title="a").insert()
    amended = frappe.copy_doc(doc)
    amended.amended_from = doc.name
    frappe.db.savepoint("amendment")
    with pytest.raises(frappe.ValidationError):
        amended.insert()
    frappe.db.rollback(save_point="amendment")
    doc.submit()
    doc.cancel()
    amended = frappe.copy_doc(doc)
    amended.amended_from = doc.name
    amended.docstatus = 0
    amended.insert()
    assert amended.name == f"{doc.name}-1"
    amended.submit()
    amended.cancel()
    again = frappe.copy_doc(amended)
    again.docstatus, again.amended_from = 0, amended.name
    assert again.insert().name == f"{doc.name}-2"


def test_cancelled_documents_take_no_links(submittable):
    doc = frappe.get_doc(doctype=submittable, title="a").insert().submit()
    doc.cancel()
    with pytest.raises(frappe.CancelledLinkError):
        frappe.get_doc(doctype=submittable, other=doc.name).insert()


def test_a_linked_document_is_not_cancelled(submittable):
    doc = frappe.get_doc(doctype=submittable, title="a").insert().submit()
    frappe.get_doc(doctype=submittable, other=doc.name).insert().submit()
    with pytest.raises(frappe.LinkExistsError):
        doc.cancel()


def test_lock(types):
    doc = frappe.get_doc(doctype=types, title="a").insert()
    doc.lock()
    try:
        assert doc.is_locked
        with pytest.raises(frappe.DocumentLockedError):
            frappe.get_doc(types, doc.name).save()
    finally:
        doc.unlock()
    doc.save()


def test_unanswered_calls_say_so(types):
    doc = frappe.new_doc(types)
    with pytest.raises(NotImplementedError, match="deferred_insert"):
        doc.deferred_insert()


def test_bulk_insert(types):
    from frappe.model.document import bulk_insert

    docs = []
    for i in range(20):
        doc = frappe.new_doc(types, title=f"bulk {i}")
        doc.name = f"bulk-{i}"
        docs.append(doc)
    bulk_insert(types, docs)
    assert frappe.db.count(types, {"title": ("like", "bulk %")}) == 20
