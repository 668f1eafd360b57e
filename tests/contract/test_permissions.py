"""Who sees what: one unit's people, owners, levels of fields, guests."""

import pytest

from .wire import data, document, message, names, ok, path_of, refused, resource

OPEN_TO_STAFF = ("alpha", "beta", "epsilon")  # of A, of A1 below it, and the one without a unit


@pytest.fixture(scope="module")
def tickets(world, manager):
    """One ticket of each unit, by the unit's key."""
    made = {}
    for key, unit in world.units.items():
        values = {"subject": f"hole in {key}", "category": world.category, "unit": unit}
        made[key] = manager.post(resource("Issue Ticket"), values).json().get("data", {}).get("name", "none")
    return made


@pytest.fixture
def ours(world):
    return [["title", "like", f"{world.prefix} %"]]


@pytest.fixture
def of_ours(world):
    return [["unit", "like", f"{world.prefix}%"], ["source", "is", "not set"]]


# a user of one unit


def test_unit_list(world, staff, ours):
    assert names(staff.list(world.case, filters=ours)) == world.seeded(*OPEN_TO_STAFF)


def test_unit_list_of_all_pages(world, staff):
    rows = data(staff.list(world.case, fields=["unit"], limit_page_length=0))
    assert {row["unit"] for row in rows} <= {world.units["A"], world.units["A1"], None} and rows


def test_unit_list_by_client(world, staff, ours):
    answer = staff.client("get_list", doctype=world.case, filters=ours)
    assert names(answer, "message") == world.seeded(*OPEN_TO_STAFF)


def test_unit_list_by_v2(world, staff, ours):
    assert names(staff.get(document(world.case), filters=ours)) == world.seeded(*OPEN_TO_STAFF)


def test_unit_list_by_reportview(world, staff, ours):
    answer = staff.ask("frappe.desk.reportview.get", doctype=world.case, fields=["name"], filters=ours)
    assert {row[0] for row in message(answer)["values"]} == world.seeded(*OPEN_TO_STAFF)


def test_unit_count(world, staff, ours):
    answer = staff.ask("frappe.desk.reportview.get_count", doctype=world.case, filters=ours)
    assert message(answer) == len(OPEN_TO_STAFF)


def test_unit_count_by_v2(world, staff, ours):
    answer = staff.get(f"/api/v2/doctype/{path_of(world.case)}/count", filters=ours)
    assert data(answer) == len(OPEN_TO_STAFF)


def test_unit_sum(world, staff, ours):
    (row,) = data(staff.list(world.case, filters=ours, fields=["sum(hits) as total"]))
    assert float(row["total"]) == 1 + 2 + 5


def test_unit_search(world, staff):
    rows = message(
        staff.ask(
            "frappe.desk.search.search_link", doctype=world.case, txt=f"{world.prefix} ", page_length=100
        )
    )
    assert {row["value"] for row in rows} & world.seeded("gamma", "delta") == set()
    assert f"{world.prefix} alpha" in {row["value"] for row in rows}


def test_unit_document_inside(world, staff):
    assert data(staff.get(resource(world.case, f"{world.prefix} beta")))["unit"] == world.units["A1"]


def test_unit_document_outside(world, staff):
    refused(staff.get(resource(world.case, f"{world.prefix} gamma")), 403, "PermissionError")


def test_unit_document_of_the_unit_above(world, staff):
    refused(staff.get(resource(world.case, f"{world.prefix} delta")), 403, "PermissionError")


def test_unit_get_value_outside(world, staff):
    for key, expected in (("alpha", {"hits": 1}), ("gamma", {})):
        name = f"{world.prefix} {key}"
        answer = staff.client("get_value", doctype=world.case, fieldname="hits", filters=name)
        assert message(answer) == expected


def test_unit_client_get_outside(world, staff):
    refused(staff.client("get", doctype=world.case, name=f"{world.prefix} gamma"), 403, "PermissionError")


def test_unit_update_outside(world, staff, manager):
    refused(
        staff.put(resource(world.case, f"{world.prefix} gamma"), {"note": "mine"}), 403, "PermissionError"
    )
    assert data(manager.get(resource(world.case, f"{world.prefix} gamma"))).get("note") is None


def test_unit_create_outside(world, staff):
    answer = staff.post(resource(world.case), world.new_case(unit=world.units["B"]))
    refused(answer, 403, "PermissionError")


def test_unit_create_inside(world, staff):
    answer = staff.post(resource(world.case), world.new_case(unit=world.units["A1"]))
    assert data(answer)["unit"] == world.units["A1"]


def test_unit_tree_itself(world, staff):
    answer = staff.list("Government Unit", limit_page_length=0)
    assert names(answer) == {world.units["A"], world.units["A1"]}


def test_unit_has_permission(world, staff):
    for key, expected in (("alpha", True), ("gamma", False)):
        answer = staff.client("has_permission", doctype=world.case, docname=f"{world.prefix} {key}")
        assert bool(message(answer)["has_permission"]) is expected


def test_unit_linked_field_outside(world, staff):
    refused(staff.get(resource("Government Unit", world.units["B"])), 403, "PermissionError")


# tickets, on which the app's own conditions bear


def test_tickets_list(world, staff, tickets, of_ours):
    answer = staff.list("Issue Ticket", filters=of_ours, limit_page_length=0)
    assert names(answer) == {tickets["A"], tickets["A1"]}


def test_tickets_are_all_there_for_the_officer(world, officer, tickets, of_ours):
    assert names(officer.list("Issue Ticket", filters=of_ours, limit_page_length=0)) == set(tickets.values())


def test_tickets_count(world, staff, tickets, of_ours):
    answer = staff.ask("frappe.desk.reportview.get_count", doctype="Issue Ticket", filters=of_ours)
    assert message(answer) == 2


def test_ticket_inside(world, staff, tickets):
    assert data(staff.get(resource("Issue Ticket", tickets["A1"])))["unit"] == world.units["A1"]


def test_ticket_outside(world, staff, tickets):
    refused(staff.get(resource("Issue Ticket", tickets["B"])), 403, "PermissionError")


def test_ticket_outside_update(world, staff, manager, tickets):
    refused(staff.put(resource("Issue Ticket", tickets["B"]), {"place": "x"}), 403, "PermissionError")
    assert data(manager.get(resource("Issue Ticket", tickets["B"]))).get("place") is None


def test_ticket_taken_over_by_a_write(world, staff, manager, tickets):
    answer = staff.put(resource("Issue Ticket", tickets["B"]), {"unit": world.units["A"]})
    refused(answer, 403, "PermissionError")
    assert data(manager.get(resource("Issue Ticket", tickets["B"])))["unit"] == world.units["B"]


def test_ticket_created_inside(world, staff):
    values = {"subject": "new", "category": world.category, "unit": world.units["A"], "source": "staff"}
    assert data(staff.post(resource("Issue Ticket"), values))["unit"] == world.units["A"]


def test_ticket_not_readable_without_the_role(world, nobody, tickets):
    refused(nobody.get(resource("Issue Ticket", tickets["A"])), 403, "PermissionError")


def test_ticket_search(world, staff, tickets):
    rows = message(
        staff.ask("frappe.desk.search.search_link", doctype="Issue Ticket", txt="hole in", page_length=100)
    )
    values = {row["value"] for row in rows}
    assert tickets["A"] in values and not {tickets["B"], tickets["R"]} & values


# owners


def test_if_owner(world, clerk, officer, manager):
    memo = data(clerk.post(resource(world.memo), {"text": "mine"}))["name"]
    assert data(clerk.get(resource(world.memo, memo)))["owner"] == world.people["clerk"]
    refused(officer.get(resource(world.memo, memo)), 403, "PermissionError")
    assert data(manager.get(resource(world.memo, memo)))["name"] == memo


def test_if_owner_in_lists(world, clerk, officer):
    mine = data(clerk.post(resource(world.memo), {"text": "listed"}))["name"]
    theirs = data(officer.post(resource(world.memo), {"text": "listed"}))["name"]
    seen = names(clerk.list(world.memo, limit_page_length=0))
    assert mine in seen and theirs not in seen


def test_if_owner_in_writing(world, clerk, officer, manager):
    memo = data(clerk.post(resource(world.memo), {"text": "mine"}))["name"]
    refused(officer.put(resource(world.memo, memo), {"text": "theirs"}), 403, "PermissionError")
    refused(officer.delete(resource(world.memo, memo)), 403, "PermissionError")
    assert data(manager.get(resource(world.memo, memo)))["text"] == "mine"


# levels of fields


def test_level_in_a_document(world, clerk, manager):
    name = f"{world.prefix} alpha"
    assert data(manager.get(resource(world.case, name)))["secret"] == "secret of alpha"
    doc = data(clerk.get(resource(world.case, name)))
    assert doc.get("secret") is None and doc["hits"] == 1


def test_level_in_a_list(world, clerk, ours):
    rows = data(clerk.list(world.case, filters=ours, fields=["name", "secret"]))
    assert len(rows) == 5 and all(row.get("secret") is None for row in rows)


def test_level_in_star(world, clerk, ours):
    rows = data(clerk.list(world.case, filters=ours, fields=["*"]))
    assert len(rows) == 5 and all(row.get("secret") is None for row in rows)


def test_level_in_client_get(world, clerk):
    doc = message(clerk.client("get", doctype=world.case, name=f"{world.prefix} alpha"))
    assert doc["hits"] == 1 and doc.get("secret") is None


def test_level_in_v2(world, clerk):
    doc = data(clerk.get(document(world.case, f"{world.prefix} alpha")))
    assert doc["hits"] == 1 and doc.get("secret") is None


def test_level_in_writing(world, clerk, manager):
    name = data(manager.post(resource(world.case), world.new_case(secret="kept")))["name"]
    assert data(clerk.put(resource(world.case, name), {"secret": "taken", "note": "ok"}))["note"] == "ok"
    assert data(manager.get(resource(world.case, name)))["secret"] == "kept"


def test_level_in_creating(world, clerk, manager):
    name = data(clerk.post(resource(world.case), world.new_case(secret="smuggled")))["name"]
    assert data(manager.get(resource(world.case, name))).get("secret") is None


# sharing


def test_share_lets_one_document_be_read(world, manager, neighbour):
    name = data(manager.post(resource(world.case), world.new_case()))["name"]
    refused(neighbour.get(resource(world.case, name)), 403, "PermissionError")
    share = {"doctype": world.case, "name": name, "user": world.people["neighbour"], "read": 1}
    assert message(manager.call("frappe.share.add", **share))["user"] == world.people["neighbour"]
    assert data(neighbour.get(resource(world.case, name)))["name"] == name
    assert names(neighbour.list(world.case, filters={"title": name})) == {name}
    refused(neighbour.put(resource(world.case, name), {"note": "x"}), 403, "PermissionError")


# users and roles


def test_roles_are_not_given_to_oneself(world, clerk, manager):
    answer = clerk.put(resource("User", world.people["clerk"]), {"roles": [{"role": "System Manager"}]})
    roles = {row["role"] for row in data(manager.get(resource("User", world.people["clerk"])))["roles"]}
    assert "System Manager" not in roles and world.clerk_role in roles
    assert answer.status_code in (200, 403)


def test_users_are_not_made_by_clerks(world, clerk):
    refused(
        clerk.post(resource("User"), {"email": "x@example.com", "first_name": "X"}), 403, "PermissionError"
    )


def test_a_role_taken_away_is_gone_at_once(world, manager):
    email = f"{world.prefix}-brief@example.com"
    user = {"email": email, "first_name": "Brief", "send_welcome_email": 0, "new_password": world.secret_word}
    data(manager.post(resource("User"), {**user, "roles": [{"role": world.clerk_role}]}))
    client = world.anonymous()
    client.login(email, world.secret_word)
    assert len(data(client.list(world.case, limit=1))) == 1
    data(manager.put(resource("User", email), {"roles": []}))
    refused(client.list(world.case, limit=1), 403, "PermissionError")


# guests

GUEST_CALLS = {
    "list": lambda world: ("GET", resource(world.case)),
    "document": lambda world: ("GET", resource(world.case, f"{world.prefix} alpha")),
    "create": lambda world: ("POST", resource(world.case)),
    "update": lambda world: ("PUT", resource(world.case, f"{world.prefix} alpha")),
    "delete": lambda world: ("DELETE", resource(world.case, f"{world.prefix} alpha")),
    "units": lambda world: ("GET", resource("Government Unit")),
    "tickets": lambda world: ("GET", resource("Issue Ticket")),
    "users": lambda world: ("GET", resource("User")),
    "settings": lambda world: ("GET", resource("System Settings", "System Settings")),
    "lists": lambda world: ("GET", resource("Red Black List")),
    "errors": lambda world: ("GET", resource("Error Log")),
    "files": lambda world: ("GET", resource("File")),
}


@pytest.mark.parametrize("call", GUEST_CALLS)
def test_a_guest_sees_nothing(world, guest, call):
    verb, path = GUEST_CALLS[call](world)
    answer = guest.request(verb, path, json={} if verb in ("POST", "PUT") else None)
    refused(answer, 403, "PermissionError")


@pytest.mark.parametrize(
    "method",
    [
        "frappe.client.get_list",
        "frappe.client.get",
        "frappe.client.get_value",
        "frappe.desk.search.search_link",
        "frappe.desk.reportview.get",
        "frappe.desk.reportview.get_count",
        "frappe.desk.form.load.getdoctype",
        "frappe.auth.get_logged_user",
        "cadre_incentive.api.lists.rebuild",
    ],
)
def test_a_guest_calls_nothing(world, guest, method):
    refused(guest.call(method, doctype=world.case, txt=""), 403, "PermissionError")


def test_a_guest_sees_no_v2_list(world, guest):
    answer = guest.get(document(world.case))
    assert ok(answer, 403)["errors"][0]["type"] == "PermissionError"
