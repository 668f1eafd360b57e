"""Details that clients rely on."""

import re

import pytest

from .wire import data, message, names, ok, path_of, refused, resource

STAMP = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?"


@pytest.fixture
def made(world, manager):
    return manager.post(resource(world.case), world.new_case()).json().get("data", {"name": "none"})


def test_a_trailing_slash_after_a_doctype(world, manager):
    answer = manager.get(resource(world.case) + "/", filters={"title": f"{world.prefix} alpha"})
    assert names(answer) == world.seeded("alpha")


def test_a_trailing_slash_after_a_name(world, manager):
    doc = data(manager.get(resource(world.case, f"{world.prefix} alpha") + "/"))
    assert doc["name"] == f"{world.prefix} alpha"


def test_a_trailing_slash_after_a_method(guest):
    assert message(guest.get("/api/method/ping/")) == "pong"


def test_a_trailing_slash_in_creating(world, manager):
    title = world.title("slash")
    assert data(manager.post(resource(world.case) + "/", {"title": title}))["name"] == title


@pytest.mark.parametrize(
    "odd", ["a/b", "50% of it", "a b  c", "quote'd", "里程碑 №1", "a&b=c", "x#y", "q?r", "a+b"]
)
def test_names_are_percent_encoded(world, manager, odd):
    title = world.title(odd)
    assert data(manager.post(resource(world.case), {"title": title}))["name"] == title
    path = resource(world.case, title)
    assert data(manager.get(path))["title"] == title
    assert ok(manager.delete(path), 202) == {"data": "ok"}


def test_a_slash_in_a_name_need_not_be_encoded(world, manager):
    title = data(manager.post(resource(world.case), world.new_case("a/b")))["name"]
    assert data(manager.get("/api/resource/" + path_of(world.case) + "/" + title))["name"] == title


def test_a_plus_in_a_path_is_a_plus(world, manager):
    refused(manager.get(resource(world.case) + f"/{world.prefix}+alpha"), 404, "DoesNotExistError")


def test_an_empty_json_body_is_an_empty_dict(manager):
    headers = {"Content-Type": "application/json"}
    answer = manager.request("POST", "/api/method/ping", data=b"", headers=headers)
    assert message(answer) == "pong"


def test_an_empty_json_body_in_creating(world, manager):
    headers = {"Content-Type": "application/json"}
    answer = manager.request("POST", resource(world.memo), data=b"", headers=headers)
    doc = data(answer)
    assert doc["doctype"] == world.memo and doc.get("text") is None


def test_undefined_in_a_parameter_is_ignored(world, manager):
    values = {"doctype": world.case, "fieldname": "hits", "filters": {"title": f"{world.prefix} alpha"}}
    assert message(manager.ask("frappe.client.get_value", **values, parent="undefined")) == {"hits": 1}


def test_the_browsers_cache_parameter_is_dropped(world, manager):
    answer = manager.get(resource(world.case), filters={"title": f"{world.prefix} alpha"}, _=1700000000)
    assert names(answer) == world.seeded("alpha")


def test_a_datetime(world, manager):
    doc = data(manager.get(resource(world.case, f"{world.prefix} alpha")))
    assert doc["met_at"] == "2024-05-06 07:08:09"
    assert re.fullmatch(STAMP, doc["creation"]) and re.fullmatch(STAMP, doc["modified"])


def test_a_datetime_in_a_list(world, manager):
    answer = manager.list(
        world.case, filters={"title": f"{world.prefix} alpha"}, fields=["met_at", "modified"]
    )
    (row,) = data(answer)
    assert row["met_at"] == "2024-05-06 07:08:09" and re.fullmatch(STAMP, row["modified"])


def test_modified_in_a_list_is_that_of_the_document(world, manager, made):
    (row,) = data(manager.list(world.case, filters={"title": made["name"]}, fields=["modified"]))
    assert (
        row["modified"]
        == data(manager.get(resource(world.case, made["name"])))["modified"]
        == made["modified"]
    )


def test_a_date(world, manager):
    assert data(manager.get(resource(world.case, f"{world.prefix} alpha")))["held_on"] == "2024-01-01"


def test_a_date_in_a_list(world, manager):
    answer = manager.list(world.case, filters={"title": f"{world.prefix} alpha"}, fields=["held_on"])
    assert data(answer) == [{"held_on": "2024-01-01"}]


def test_a_check_is_0_or_1(world, manager):
    answer = manager.list(world.case, filters={"title": f"{world.prefix} beta"}, fields=["done"])
    assert [type(value) for value in data(answer)[0].values()] == [int]
    assert data(manager.get(resource(world.case, f"{world.prefix} beta")))["done"] == 1


def test_a_check_from_true(world, manager):
    assert data(manager.post(resource(world.case), world.new_case(done=True)))["done"] == 1


def test_numbers_keep_their_type(world, manager):
    doc = data(manager.get(resource(world.case, f"{world.prefix} alpha")))
    assert (type(doc["amount"]), type(doc["hits"])) == (float, int)


def test_numbers_from_text(world, manager):
    doc = data(manager.post(resource(world.case), world.new_case(amount="2.5", hits="3")))
    assert (doc["amount"], doc["hits"]) == (2.5, 3)


def test_empty_values_are_left_out_of_documents(world, manager):
    doc = data(manager.get(resource(world.case, f"{world.prefix} epsilon")))
    assert doc["hits"] == 5 and not {"held_on", "unit", "note"} & set(doc)


def test_empty_values_are_null_in_methods(world, manager):
    doc = message(manager.client("get", doctype=world.case, name=f"{world.prefix} epsilon"))
    assert (doc["held_on"], doc["unit"], doc["note"]) == (None, None, None)


def test_text_in_other_scripts(world, manager):
    text = "红黑榜 📋 Ünïcode"
    name = data(manager.post(resource(world.case), world.new_case(note=text)))["name"]
    assert data(manager.get(resource(world.case, name)))["note"] == text
    assert names(manager.list(world.case, filters={"note": text, "title": name})) == {name}


def test_a_script_in_text_is_cleaned(world, manager):
    values = world.new_case(note="<b>x</b><script>alert(1)</script>")
    note = data(manager.post(resource(world.case), values))["note"]
    assert "<script" not in note and "x" in note


def test_fields_that_the_doctype_does_not_know_are_not_stored(world, manager):
    name = data(manager.post(resource(world.case), world.new_case(nonsense="x")))["name"]
    assert "nonsense" not in data(manager.get(resource(world.case, name)))


def test_a_custom_field_is_in_the_api_at_once(world, manager):
    field = {"dt": world.memo, "fieldname": "extra", "label": "Extra", "fieldtype": "Data"}
    assert data(manager.post(resource("Custom Field"), field))["dt"] == world.memo
    doc = data(manager.post(resource(world.memo), {"text": "t", "extra": "more"}))
    assert data(manager.get(resource(world.memo, doc["name"])))["extra"] == "more"
    assert data(manager.list(world.memo, filters={"extra": "more"}, fields=["extra"])) == [{"extra": "more"}]


def test_a_doctype_made_over_the_api_is_usable_at_once(world, manager):
    kind = f"{world.prefix} Late"
    definition = {
        "name": kind,
        "module": "Cadre Incentive",
        "custom": 1,
        "fields": [{"fieldname": "what", "fieldtype": "Data", "label": "What"}],
        "permissions": [{"role": "System Manager", "read": 1, "write": 1, "create": 1, "delete": 1}],
    }
    assert data(manager.post(resource("DocType"), definition))["name"] == kind
    doc = data(manager.post(resource(kind), {"what": "now"}))
    assert data(manager.get(resource(kind, doc["name"])))["what"] == "now"
    ok(manager.delete(resource(kind, doc["name"])), 202)


def test_only_a_system_manager_makes_doctypes(world, clerk):
    definition = {"name": f"{world.prefix} Bad", "module": "Cadre Incentive", "custom": 1, "fields": []}
    refused(clerk.post(resource("DocType"), definition), 403, "PermissionError")


def test_two_writers_one_of_them_late(world, manager, clerk, made):
    """Each sends what it read: the first wins, the second is told, nothing of the second is written."""
    mine, theirs = ({**made, "note": note} for note in ("first", "second"))
    assert data(manager.put(resource(world.case, made["name"]), mine))["note"] == "first"
    refused(clerk.put(resource(world.case, made["name"]), theirs), 417, "TimestampMismatchError")
    assert data(manager.get(resource(world.case, made["name"])))["note"] == "first"


def test_options_answers(world, guest):
    answer = guest.request("OPTIONS", resource(world.case))
    assert answer.status_code == 200 and answer.content == b""


def test_head_answers_without_a_body(guest):
    answer = guest.request("HEAD", "/login")
    assert answer.status_code == 200 and answer.content == b""
    assert answer.headers["Content-Type"].startswith("text/html")


def test_head_of_a_method_is_refused(guest):
    assert guest.request("HEAD", "/api/method/ping").status_code in (403, 405)
