"""What forms load and save: metas, documents with what hangs on them, comments, links, tags, settings."""

import json

import pytest
from desk_data import EDITOR, READER, STRANGER, call, make_doc, make_world


@pytest.fixture
def frappe(frappe_site):
    make_world()
    return frappe_site


def test_getdoctype_brings_child_tables_and_assets(frappe):
    from frappe.desk.form.load import getdoctype
    from frappe.model.utils import user_settings

    user_settings.save("DK Doc", '{"List": {"limit": 20}}')
    _returned, answer = call(getdoctype, "DK Doc")
    assert [doc["name"] for doc in answer.docs] == ["DK Doc", "DK Row"]
    assert json.loads(answer.user_settings) == {"List": {"limit": 20}}
    meta = answer.docs[0]
    assert meta["doctype"] == "DocType" and meta["__assets_loaded"] is True
    assert {"__js", "__print_formats", "__workflow_docs", "__dashboard", "__custom_js"} <= set(meta)
    unit = next(df for df in meta["fields"] if df["fieldname"] == "unit")
    assert unit["search_fields"] == ["title"] and unit["doctype"] == "DocField"
    returned, answer = call(getdoctype, "DK Doc", cached_timestamp=str(frappe.get_meta("DK Doc").modified))
    assert returned == "use_cache" and answer.docs == []
    _returned, answer = call(getdoctype, "DK Row", with_parent=1)
    assert answer.parent_dt == "DK Doc" and answer.docs[0]["name"] == "DK Doc"


def test_dashboards_show_links(frappe):
    from frappe.desk.form.meta import get_meta

    doc = frappe.get_doc("DocType", "DK Unit")
    doc.append("links", {"link_doctype": "DK Doc", "link_fieldname": "unit", "group": "Work"})
    doc.save()
    data = get_meta("DK Unit").as_dict()["__dashboard"]
    assert data["transactions"] == [{"label": "Work", "items": ["DK Doc"]}]
    assert data["non_standard_fieldnames"] == {"DK Doc": "unit"} and data["fieldname"] == "unit"
    doc.set("links", [])
    doc.save()


def test_getdoc_brings_what_hangs_on_a_document(frappe):
    from frappe.desk.doctype.tag.tag import add_tag
    from frappe.desk.form.load import getdoc
    from frappe.desk.form.utils import add_comment
    from frappe.desk.like import toggle_like

    frappe.flags.in_test = False  # versions are not written in tests
    doc = make_doc("f1", unit="u1", secret="hidden")
    doc.subject = "Anew"
    doc.save()
    frappe.flags.in_test = True
    add_comment("DK Doc", "f1", "well<script>x</script> done", "someone@else.example", "Someone Else")
    add_tag("urgent", "DK Doc", "f1")
    toggle_like("DK Doc", "f1", "Yes")
    doc.add_comment("Info", "noted")
    frappe.get_doc(doctype="ToDo", description="do", reference_type="DK Doc", reference_name="f1",
                   allocated_to=EDITOR).insert()  # fmt: skip
    _returned, answer = call(getdoc, "DK Doc", "f1")
    info = answer.docinfo
    assert answer.docs[0]["subject"] == "Anew"
    assert answer._link_titles == {"DK Unit::u1": "One"}
    assert [c["content"] for c in info["comments"]] == ["<p>well done</p>\n"]
    assert info["comments"][0]["owner"] == "Administrator"
    assert [c["content"] for c in info["info_logs"]] == ["noted"] and len(info["like_logs"]) == 1
    assert info["tags"] == "urgent" and info["assignments"][0]["owner"] == EDITOR
    assert "Anew" in info["versions"][0]["data"]
    assert info["permissions"]["write"] == 1 and info["permissions"]["submit"] == 1
    assert "Administrator" in info["user_info"]
    assert call(getdoc, "DK Doc", "no such")[0] == []


def test_nothing_above_the_readers_level_is_told(frappe):
    from frappe.desk.form.load import getdoc

    frappe.flags.in_test = False
    doc = make_doc("f2", secret="hidden one", rows=[{"what": "a", "hush": "hidden two"}])
    doc.secret, doc.rows[0].hush = "hidden three", "hidden four"
    doc.save()
    doc.append("rows", {"what": "b", "hush": "hidden five"})
    doc.subject = "seen"
    doc.save()
    frappe.flags.in_test = True
    frappe.set_user(READER)
    _returned, answer = call(getdoc, "DK Doc", "f2")
    assert "hidden" not in json.dumps(answer) and "seen" in json.dumps(answer.docinfo["versions"])
    frappe.set_user(EDITOR)
    assert "hidden five" in json.dumps(call(getdoc, "DK Doc", "f2")[1].docinfo["versions"])


def test_strangers_get_nothing(frappe):
    from frappe.desk.doctype.tag.tag import add_tag, get_documents_for_tag, get_tagged_docs
    from frappe.desk.form import linked_with, load, utils
    from frappe.desk.like import toggle_like
    from frappe.desk.search import get_link_title, search_link

    make_doc("f3", unit="u1")
    add_tag("mine", "DK Doc", "f3")
    frappe.set_user(STRANGER)
    for method, args in (
        (load.getdoc, ("DK Doc", "f3")),
        (load.getdoc, ("DK Doc", "no such")),
        (load.get_docinfo, (None, "DK Doc", "f3")),
        (load.get_communications, ("DK Doc", "f3")),
        (utils.add_comment, ("DK Doc", "f3", "x", "", "")),
        (utils.get_next, ("DK Doc", "f3", 0)),
        (linked_with.get, ("DK Unit", "u1")),
        (linked_with.get_linked_doctypes, ("DK Unit",)),
        (linked_with.get_submitted_linked_docs, ("DK Unit", "u1")),
        (toggle_like, ("DK Doc", "f3", "Yes")),
        (add_tag, ("x", "DK Doc", "f3")),
        (get_tagged_docs, ("DK Doc", "mine")),
        (search_link, ("DK Doc", "")),
        (get_link_title, ("DK Unit", "u1")),
    ):
        with pytest.raises(frappe.PermissionError):
            call(method, *args)
    assert get_documents_for_tag("#mine") == []


def test_savedocs_saves_submits_and_cancels(frappe):
    from frappe.desk.form.save import cancel, savedocs

    new = frappe.new_doc("DK Doc", subject="From a form").as_dict()
    new.update(name="new-dk-doc-1", __islocal=1, __newname="f4")
    _returned, answer = call(savedocs, frappe.as_json(new), "Save")
    assert answer.docs[0]["name"] == "f4" and answer.docs[0]["localname"] == "new-dk-doc-1"
    assert answer.docinfo["name"] == "f4"
    assert frappe.local.message_log[-1].indicator == "green"
    _returned, answer = call(savedocs, json.dumps(answer.docs[0]), "Submit")
    assert answer.docs[0]["docstatus"] == 1
    _returned, answer = call(cancel, "DK Doc", "f4")
    assert answer.docs[0]["docstatus"] == 2
    with pytest.raises(frappe.ValidationError):
        call(savedocs, frappe.as_json(new), "Destroy")
    frappe.set_user(READER)
    for action in ("Save", "Submit"):
        with pytest.raises(frappe.PermissionError):
            call(savedocs, frappe.as_json({**new, "__newname": "f5"}), action)


def test_a_stale_form_is_refused(frappe):
    from frappe.desk.form.save import savedocs

    old = make_doc("f6").as_dict()
    fresh = frappe.get_doc("DK Doc", "f6")
    fresh.subject = "First"
    fresh.save()
    with pytest.raises(frappe.TimestampMismatchError):
        call(savedocs, frappe.as_json({**old, "subject": "Second"}), "Save")


def test_comments_are_mirrored_and_only_their_owners_change_them(frappe):
    from frappe.desk.form.utils import add_comment, update_comment

    make_doc("f7")
    frappe.set_user(READER)
    comment = add_comment("DK Doc", "f7", "one", "", "")
    assert (comment.comment_email, comment.owner) == (READER, READER)
    mirrored = json.loads(frappe.db.get_value("DK Doc", "f7", "_comments"))
    assert mirrored == [{"comment": "one", "by": READER, "name": comment.name}]
    update_comment(comment.name, "two")
    assert "two" in frappe.db.get_value("DK Doc", "f7", "_comments")
    frappe.set_user(EDITOR)
    with pytest.raises(frappe.PermissionError):
        update_comment(comment.name, "three")
    frappe.set_user("Administrator")
    frappe.delete_doc("Comment", comment.name)
    assert frappe.db.get_value("DK Doc", "f7", "_comments") == "[]"


def test_get_next_walks_through_the_list(frappe):
    from frappe.desk.form.utils import get_next

    for i, name in enumerate(("n1", "n2", "n3")):
        make_doc(name, n=i)
    filters = [["DK Doc", "name", "like", "n%"]]
    assert get_next("DK Doc", "n2", 0, filters, "asc", "n") == "n3"
    assert get_next("DK Doc", "n2", 1, filters, "asc", "n") == "n1"
    assert get_next("DK Doc", "n3", 0, json.dumps(filters), "asc", "n") is None
    with pytest.raises(frappe.DataError):
        get_next("DK Doc", "n2", 0, filters, "asc", "(select 1)")


def test_linked_documents(frappe):
    from frappe.desk.form import linked_with

    make_doc("l1", unit="u1")
    make_doc("l2", unit="u2")
    frappe.set_user(READER)
    links = linked_with.get_linked_doctypes("DK Unit")
    assert links["DK Doc"] == {"fieldname": ["unit"]}
    found = linked_with.get("DK Unit", "u1")["DK Doc"]
    assert [row.name for row in found] == ["l1"] and found[0].docstatus == 0
    # what a User Permission hides is not linked
    frappe.set_user("Administrator")
    frappe.get_doc(doctype="User Permission", user=READER, allow="DK Unit", for_value="u2").insert()
    frappe.set_user(READER)
    with pytest.raises(frappe.PermissionError):
        linked_with.get("DK Unit", "u1")


def test_submitted_documents_that_hang_on_one(frappe):
    from frappe.desk.form import linked_with

    make_doc("s1").submit()
    frappe.get_doc(doctype="DK After", name="a1", doc="s1").insert().submit()
    frappe.get_doc(doctype="DK After", name="a2", doc="s1").insert()
    answer = linked_with.get_submitted_linked_docs("DK Doc", "s1")
    assert answer == {"docs": [{"doctype": "DK After", "name": "a1", "docstatus": 1}], "count": 1}
    linked_with.cancel_all_linked_docs(json.dumps(answer["docs"]))
    assert frappe.db.get_value("DK After", "a1", "docstatus") == 2
    assert linked_with.get_submitted_linked_docs("DK Doc", "s1")["count"] == 0


def test_tags(frappe):
    from frappe.desk.doctype.tag import tag

    make_doc("t1")
    make_doc("t2")
    tag.add_tags('["red", "blue"]', "DK Doc", '["t1", "t2"]')
    tag.remove_tag("red", "DK Doc", "t2")
    frappe.get_doc("DK Doc", "t2").add_tag("green")
    assert frappe.get_doc("DK Doc", "t2").get_tags() == ["blue", "green"]
    frappe.get_doc("DK Doc", "t2").remove_tag("green")
    frappe.set_user(READER)
    assert tag.get_tagged_docs("DK Doc", "red") == [["t1"]]
    assert sorted(tag.get_tagged_docs("DK Doc", "%blue%")) == [["t1"], ["t2"]]
    assert {row["name"] for row in tag.get_documents_for_tag("#blue")} == {"t1", "t2"}
    with pytest.raises(frappe.PermissionError):
        tag.add_tag("green", "DK Doc", "t1")
    with pytest.raises(frappe.PermissionError):
        tag.remove_tag("blue", "DK Doc", "t1")
    frappe.set_user("Administrator")
    with pytest.raises(frappe.ValidationError):
        tag.add_tag("a,b", "DK Doc", "t1")


def test_likes(frappe):
    from frappe.desk.like import toggle_like

    make_doc("k1")
    frappe.set_user(READER)
    toggle_like("DK Doc", "k1", "Yes")
    toggle_like("DK Doc", "k1", "Yes")
    assert frappe.get_doc("DK Doc", "k1").get_liked_by() == [READER]
    assert frappe.db.count("Comment", {"comment_type": "Like", "reference_name": "k1"}) == 1
    toggle_like("DK Doc", "k1", "No")
    assert frappe.get_doc("DK Doc", "k1").get_liked_by() == []


def test_user_settings_are_each_users_own(frappe):
    from frappe.model.utils import user_settings

    frappe.set_user(READER)
    user_settings.save("DK Doc", '{"List": {"a": 1}}')
    user_settings.save("DK Doc", '{"Report": {"b": 2}}')
    assert json.loads(user_settings.get("DK Doc")) == {"List": {"a": 1}, "Report": {"b": 2}}
    frappe.set_user(EDITOR)
    assert user_settings.get("DK Doc") == "{}"
    with pytest.raises(frappe.DoesNotExistError):
        user_settings.save("No Such DocType", "{}")


def test_views_are_logged_where_the_doctype_says_so(frappe):
    doc = make_doc("v1")
    assert doc.add_viewed() is None
    doc.add_viewed(force=True, unique_views=True)
    doc.add_viewed(force=True, unique_views=True)
    assert frappe.db.count("View Log", {"reference_name": "v1"}) == 1


def test_connections_are_counted(frappe):
    from frappe.desk.notifications import get_open_count

    doc = frappe.get_doc("DocType", "DK Unit")
    doc.append("links", {"link_doctype": "DK Doc", "link_fieldname": "unit"})
    doc.save()
    make_doc("o1", unit="u1")
    make_doc("o2", unit="u1")

    def external(user):
        frappe.set_user(user)
        return get_open_count("DK Unit", "u1")["count"]["external_links_found"]

    assert external("Administrator") == [{"doctype": "DK Doc", "count": 2, "open_count": 0}]
    assert external(READER)[0]["count"] == 2
    with pytest.raises(frappe.PermissionError):
        external(STRANGER)
    frappe.set_user("Administrator")
    for name in ("o1", "o2"):
        frappe.delete_doc("DK Doc", name)
    doc.set("links", [])
    doc.save()


def test_forms_know_workflows_and_formats(frappe):
    from frappe.desk.form.load import getdoctype

    for state in ("DK Open", "DK Closed"):
        frappe.get_doc(doctype="Workflow State", workflow_state_name=state).insert(ignore_if_duplicate=True)
    frappe.get_doc(doctype="Workflow Action Master", workflow_action_name="DK Close").insert()
    frappe.get_doc(
        doctype="Workflow",
        workflow_name="DK Flow",
        document_type="DK Doc",
        is_active=1,
        workflow_state_field="kind",
        states=[
            {"state": "DK Open", "doc_status": "0", "allow_edit": "Desk Editor"},
            {"state": "DK Closed", "doc_status": "0", "allow_edit": "Desk Editor"},
        ],
        transitions=[
            {"state": "DK Open", "action": "DK Close", "next_state": "DK Closed", "allowed": "Desk Editor"}
        ],
    ).insert()
    frappe.get_doc(
        doctype="Print Format", name="DK Form", doc_type="DK Doc", custom_format=1, html="x", standard="No"
    ).insert()
    meta = call(getdoctype, "DK Doc")[1].docs[0]
    kinds = [doc["doctype"] for doc in meta["__workflow_docs"]]
    assert kinds == ["Workflow", "Workflow State", "Workflow State"]
    assert [row["name"] for row in meta["__print_formats"]] == ["DK Form"]
    frappe.db.rollback()
    frappe.clear_cache(doctype="DK Doc")


def test_who_shares_a_document_is_told(frappe):
    from frappe.desk.form.load import get_docinfo

    make_doc("h1")
    frappe.share.add("DK Doc", "h1", STRANGER)
    frappe.set_user(STRANGER)
    info = call(get_docinfo, None, "DK Doc", "h1")[1].docinfo
    assert [(row["user"], row["read"], row["write"]) for row in info["shared"]] == [(STRANGER, 1, 0)]
    assert STRANGER in info["user_info"] and not info["permissions"].get("write")
