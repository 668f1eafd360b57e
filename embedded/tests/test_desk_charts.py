"""Number cards, charts, workspaces and the boot info, as far as each user may see them."""

import json

import pytest
from desk_data import EDITOR, READER, STRANGER, make_doc, make_world


@pytest.fixture
def frappe(frappe_site):
    make_world()
    for i, (unit, kind, day) in enumerate(
        (("u1", "A", "2024-01-15"), ("u1", "B", "2024-01-20"), ("u2", "A", "2024-03-01"))
    ):
        make_doc(f"c{i}", unit=unit, kind=kind, n=i + 1, day=day)
    return frappe_site


def card(**values):
    import frappe

    return frappe.get_doc(
        {"doctype": "Number Card", "label": "DK Card", "type": "Document Type", "document_type": "DK Doc",
         "is_public": 1, **values}
    )  # fmt: skip


def only_u2(frappe, user):
    frappe.get_doc(doctype="User Permission", user=user, allow="DK Unit", for_value="u2").insert()


def test_number_cards(frappe):
    from frappe.desk.doctype.number_card.number_card import get_result

    doc = {"document_type": "DK Doc", "function": "Count"}
    assert get_result(json.dumps(doc), "[]") == 3.0
    assert get_result(json.dumps(doc), '[["DK Doc", "kind", "=", "A"]]') == 2.0
    for function, number in (("Sum", 6), ("Average", 2), ("Minimum", 1), ("Maximum", 3)):
        doc.update(function=function, aggregate_function_based_on="n")
        assert get_result(doc, None) == number
    with pytest.raises(frappe.DataError):
        get_result({**doc, "aggregate_function_based_on": "(select 1)"}, None)
    only_u2(frappe, READER)
    frappe.set_user(READER)
    assert get_result({"document_type": "DK Doc", "function": "Count"}, None) == 1.0
    frappe.set_user(STRANGER)
    with pytest.raises(frappe.PermissionError):
        get_result({"document_type": "DK Doc", "function": "Count"}, None)


def test_percentage_of_growth(frappe):
    from frappe.desk.doctype.number_card.number_card import get_percentage_difference

    doc = card(function="Count", show_percentage_stats=1, stats_time_interval="Monthly").insert()
    frappe.db.set_value("DK Doc", "c0", "creation", "2020-01-01 00:00:00", update_modified=False)
    assert get_percentage_difference(doc.as_json(), None, "3") == 200.0
    doc.db_set("show_percentage_stats", 0)
    assert get_percentage_difference(doc.as_json(), None, "3") is None
    frappe.set_user(STRANGER)
    with pytest.raises(frappe.PermissionError):
        get_percentage_difference(doc.as_json(), None, "3")


def test_cards_and_charts_are_checked(frappe):
    for values in ({"document_type": None}, {"function": "Sum"}, {"type": "Custom"}, {"type": "Report"}):
        with pytest.raises(frappe.ValidationError):
            card(**values).insert()
    chart = {"doctype": "Dashboard Chart", "chart_name": "DK Chart", "type": "Line"}
    for values in ({"chart_type": "Count"}, {"chart_type": "Count", "document_type": "DK Doc"},
                   {"chart_type": "Group By", "document_type": "DK Doc"}, {"chart_type": "Report"},
    ):  # fmt: skip
        with pytest.raises(frappe.ValidationError):
            frappe.get_doc({**chart, **values}).insert()


CHART = {
    "name": "DK Chart",
    "document_type": "DK Doc",
    "based_on": "day",
    "timespan": "Select Date Range",
    "time_interval": "Monthly",
    "from_date": "2024-01-01",
    "to_date": "2024-03-31",
    "type": "Line",
    "filters_json": "[]",
}


def chart(**values):
    from frappe.desk.doctype.dashboard_chart.dashboard_chart import get

    return get(chart=json.dumps({**CHART, **values}))


def test_charts_over_time(frappe):
    count = chart(chart_type="Count")
    assert count["labels"] == ["Jan 2024", "Feb 2024", "Mar 2024"]
    assert count["datasets"] == [{"name": "DK Chart", "values": [2, 0, 1]}]
    assert chart(chart_type="Sum", value_based_on="n")["datasets"][0]["values"] == [3, 0, 3]
    assert chart(chart_type="Average", value_based_on="n")["datasets"][0]["values"] == [1.5, 0, 3]
    quarters = chart(chart_type="Count", time_interval="Quarterly")
    assert (quarters["labels"], quarters["datasets"][0]["values"]) == (["Quarter 1 2024"], [3])
    weeks = chart(chart_type="Count", time_interval="Weekly", to_date="2024-01-20")
    assert weeks["datasets"][0]["values"][-1] == 2
    with pytest.raises(frappe.DataError):
        chart(chart_type="Count", based_on="(select 1)")


def test_charts_by_group_and_heatmaps(frappe):
    groups = chart(chart_type="Group By", group_by_type="Count", group_by_based_on="kind")
    assert groups == {"labels": ["A", "B"], "datasets": [{"name": "DK Chart", "values": [2, 1]}]}
    heat = chart(chart_type="Count", type="Heatmap", timespan="Last Year", heatmap_year=2024)
    assert heat == {"labels": [], "dataPoints": {1705276800: 1, 1705708800: 1, 1709251200: 1}}


def test_charts_keep_to_permissions(frappe):
    from frappe.desk.doctype.dashboard_chart.dashboard_chart import get

    only_u2(frappe, READER)
    values = {key: value for key, value in CHART.items() if key != "name"}
    doc = frappe.get_doc(
        {"doctype": "Dashboard Chart", "chart_name": "DK C", "chart_type": "Count", **values}
    )
    name = doc.insert(ignore_permissions=True).name
    frappe.set_user(READER)
    assert chart(chart_type="Count")["datasets"][0]["values"] == [0, 0, 1]
    frappe.set_user(STRANGER)
    for ask in (lambda: chart(chart_type="Count"), lambda: get(chart_name=name)):
        with pytest.raises(frappe.PermissionError):
            ask()


@pytest.fixture
def workspace(frappe):
    doc = frappe.get_doc(
        doctype="Workspace", name="DK Space", label="DK Space", title="DK Space", public=1, module="Core",
        content="[]", sequence_id=1,
    )  # fmt: skip
    doc.append("links", {"type": "Card Break", "label": "Records"})
    doc.append("links", {"type": "Link", "link_type": "DocType", "link_to": "DK Doc", "label": "Docs"})
    doc.append(
        "links", {"type": "Link", "link_type": "DocType", "link_to": "Data Import", "label": "Imports"}
    )
    doc.append("shortcuts", {"type": "DocType", "link_to": "DK Doc", "label": "Docs"})
    doc.append("number_cards", {"number_card_name": card(function="Count").insert().name, "label": "Number"})
    return doc.insert()


def labels(page, part):
    return [item["label"] for item in page[part]["items"]]


def test_workspaces_show_what_may_be_opened(frappe, workspace):
    from frappe.desk.desktop import get_desktop_page, get_workspace_sidebar_items

    page = get_desktop_page(json.dumps({"name": "DK Space"}))
    cards = {card["label"]: [link["label"] for link in card["links"]] for card in page["cards"]["items"]}
    assert cards["Records"] == ["Docs", "Imports"]
    assert labels(page, "shortcuts") == ["Docs"] and labels(page, "number_cards") == ["Number"]
    assert "DK Space" in [p.name for p in get_workspace_sidebar_items()["pages"]]
    assert get_desktop_page('{"name": "No Such Space"}') == {}

    frappe.set_user(READER)
    page = get_desktop_page({"name": "DK Space"})
    assert [link["label"] for link in page["cards"]["items"][0]["links"]] == ["Docs"]
    answer = get_workspace_sidebar_items()
    assert "DK Space" in [p.name for p in answer["pages"]]
    assert not answer["has_access"]


def test_workspaces_of_roles_and_persons(frappe, workspace):
    from frappe.desk.desktop import get_desktop_page, get_workspace_sidebar_items

    workspace.append("roles", {"role": "Desk Editor"})
    workspace.save()
    frappe.get_doc(
        doctype="Workspace", name="DK Own", label="DK Own", title="DK Own", for_user=EDITOR, content="[]"
    ).insert()
    frappe.set_user(EDITOR)
    assert {"DK Space", "DK Own"} <= {p.name for p in get_workspace_sidebar_items()["pages"]}
    frappe.set_user(READER)
    assert not {"DK Space", "DK Own"} & {p.name for p in get_workspace_sidebar_items()["pages"]}
    for name in ("DK Space", "DK Own"):
        with pytest.raises(frappe.PermissionError):
            get_desktop_page({"name": name})
    with pytest.raises((frappe.PermissionError, frappe.ValidationError)):
        frappe.get_doc("Workspace", "DK Space").save()


def test_boot_tells_each_user_his_own(frappe):
    from frappe import sessions
    from frappe.boot import get_bootinfo

    boot = get_bootinfo()
    assert boot.user.name == "Administrator" and "DK Doc" in boot.user.can_create
    assert boot.versions["frappe"] and boot.nested_set_doctypes is not None
    json.dumps(json.loads(frappe.as_json(boot)))

    frappe.set_user(READER)
    boot = get_bootinfo()
    assert "DK Doc" in boot.user.can_read and "DK Doc" in boot.user.can_get_report
    assert "DK Doc" not in boot.user.can_write and "DocType" not in boot.user.can_read
    assert "date_format" in boot.sysdefaults and "backup_limit" not in boot.sysdefaults
    assert list(boot.user_info) == [READER]
    assert sessions.get().user.name == READER

    frappe.set_user("Guest")
    boot = get_bootinfo()
    assert boot.user.can_write == [] and "allowed_workspaces" not in boot and "user_info" not in boot
