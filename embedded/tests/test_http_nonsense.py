"""Arguments that make no sense are the client's mistake: each of these once was answered with 500."""

import pytest

TEXT, NUMBERS = "x", [1, 2]
CALLS = [
    ("frappe.client.get_count", {"doctype": {"": None}}),
    ("frappe.client.is_document_amended", {"doctype": {"a": 1}, "docname": {"b": 2}}),
    ("frappe.client.get_count", {"doctype": "ToDo", "filters": [{}]}),
    ("frappe.client.cancel", {"doctype": [], "name": TEXT}),
    ("frappe.client.cancel", {"doctype": "User", "name": [TEXT]}),
    ("frappe.model.workflow.apply_workflow", {"doc": {}, "action": "Submit"}),
    ("frappe.model.workflow.apply_workflow", {"doc": None, "action": "Submit"}),
    ("frappe.model.workflow.bulk_workflow_approval", {"docnames": 5, "doctype": "ToDo", "action": TEXT}),
    ("frappe.model.workflow.get_common_transition_actions", {"docs": [TEXT], "doctype": "ToDo"}),
    ("frappe.desk.treeview.add_node", {"parent": TEXT}),
    (
        "frappe.desk.listview.get_group_by_count",
        {"doctype": "ToDo", "current_filters": TEXT, "field": "name"},
    ),
    ("frappe.desk.form.assign_to.add", {"name": TEXT}),
    ("frappe.desk.form.assign_to.add", {"args": True}),
    ("frappe.desk.form.assign_to.add", {"args": NUMBERS}),
    ("frappe.desk.form.assign_to.add_multiple", {"doctype": "ToDo"}),
    ("frappe.desk.doctype.dashboard_chart.dashboard_chart.get", {"chart": None}),
    (
        "frappe.desk.doctype.number_card.number_card.get_percentage_difference",
        {"doc": {}, "filters": None, "result": 1},
    ),
    ("frappe.desk.query_report.export_query", {"report_name": "no such report"}),
    ("frappe.client.get_list.__init__", {}),
    ("upload_file", {"method": "frappe.client.get_single_value"}),
    ("upload_file", {"library_file_name": "no such file"}),
    ("upload_file", {"doctype": "__Auth", "docname": TEXT, "file_url": "/files/a.txt"}),
]


@pytest.mark.parametrize(("method", "arguments"), CALLS)
def test_nonsense_is_refused(client, method, arguments):
    answer = client("Administrator").call(method, **arguments)
    assert 400 <= answer.status_code < 500, answer.text[:2000]
    assert answer.json["exc_type"]


def test_methods_of_a_module_that_are_no_functions(client):
    answer = client("Administrator").open("POST", "/api/v2/method/ToDo/__init__")
    assert 400 <= answer.status_code < 500, answer.text[:2000]


def test_an_answer_that_cannot_be_written_is_a_refusal(client):
    answer = client("Administrator").post("/api/resource/RQ Job", json={"job_id": "x", "arguments": [5]})
    assert (answer.status_code, answer.json["exc_type"]) == (417, "ValidationError"), answer.text[:2000]


def test_a_dict_is_no_value_of_a_plain_field(client):
    for field in ("description", "date", "reference_type", "allocated_to"):
        values = {"description": "x", field: {"a": 1}}
        answer = client("Administrator").post("/api/resource/ToDo", json=values)
        assert (answer.status_code, answer.json["exc_type"]) == (417, "ValidationError"), answer.text[:2000]


def test_administrator_stays_enabled(client):
    for value in (0, "garbage", "0"):
        answer = client("Administrator").put("/api/resource/User/Administrator", json={"enabled": value})
        assert answer.status_code == 417, answer.text[:2000]


def test_a_session_expiry_that_would_end_every_session_is_refused(client):
    for value in ("garbage", "00:00", "1", [5]):
        answer = client("Administrator").put(
            "/api/resource/System Settings/System Settings",
            json={"session_expiry": value, "language": "en", "time_zone": "Asia/Shanghai"},
        )
        assert answer.status_code == 417, answer.text[:2000]
    assert client("Administrator").get("/api/resource/System Settings/System Settings").status_code == 200
