"""Which Server Scripts there are for an event, an API name or a list."""

import frappe

EVENT_MAP = {
    "before_insert": "Before Insert",
    "after_insert": "After Insert",
    "before_validate": "Before Validate",
    "validate": "Before Save",
    "on_update": "After Save",
    "before_rename": "Before Rename",
    "after_rename": "After Rename",
    "before_submit": "Before Submit",
    "on_submit": "After Submit",
    "before_cancel": "Before Cancel",
    "on_cancel": "After Cancel",
    "on_trash": "Before Delete",
    "after_delete": "After Delete",
    "before_update_after_submit": "Before Save (Submitted Document)",
    "on_update_after_submit": "After Save (Submitted Document)",
    "before_print": "Before Print",
    "on_payment_authorized": "On Payment Authorization",
}


def run_server_script_for_doc_event(doc, event: str) -> None:
    """Run the DocType's scripts of this event; none while installing or migrating."""
    if event not in EVENT_MAP or frappe.flags.in_install or frappe.flags.in_migrate:
        return
    for name in get_server_script_map().get(doc.doctype, {}).get(EVENT_MAP[event], ()):
        frappe.get_doc("Server Script", name).execute_doc(doc)


def get_server_script_map() -> dict:
    """Names of the enabled scripts: `{DocType: {event: [names]}, "_api": {method: name},
    "permission_query": {DocType: name}}`; cached."""
    scripts = frappe.cache.get_value("server_script_map")
    if scripts is None:
        flags = frappe.flags
        if flags.in_install or ((flags.in_patch or flags.in_migrate) and not _table_exists()):
            return {}
        scripts = _read()
        frappe.cache.set_value("server_script_map", scripts)
    return scripts


def _table_exists() -> bool:
    return frappe.db.table_exists("Server Script")


def _read() -> dict:
    scripts: dict = {"_api": {}, "permission_query": {}}
    for row in frappe.get_all(
        "Server Script",
        fields=["name", "reference_doctype", "doctype_event", "api_method", "script_type"],
        filters={"disabled": 0},
        order_by="creation asc",
    ):
        if row.script_type == "DocType Event":
            events = scripts.setdefault(row.reference_doctype, {})
            events.setdefault(row.doctype_event, []).append(row.name)
        elif row.script_type == "Permission Query":
            scripts["permission_query"][row.reference_doctype] = row.name
        elif row.script_type == "API":
            scripts["_api"][row.api_method] = row.name
    return scripts


def scripted_condition(doctype: str, user: str) -> str | None:
    """The SQL condition that a script puts on the lists of a DocType."""
    name = get_server_script_map().get("permission_query", {}).get(doctype)
    if not name:
        return None
    return frappe.get_doc("Server Script", name).get_permission_query_conditions(user)
