"""Fixtures: documents that an app ships in `fixtures/*.json`, deleted and inserted again at every migrate."""

import os

import frappe


def sync_fixtures(app: str | None = None) -> None:
    """Import the fixtures of an app, or of all installed ones."""
    frappe.flags.in_fixtures = True
    try:
        for app_name in [app] if app else frappe.get_installed_apps():
            import_fixtures(app_name)
    finally:
        frappe.flags.in_fixtures = False


def import_fixtures(app: str) -> None:
    """Import the files of the app's `fixtures/` by name; one whose DocType is missing is skipped."""
    folder = frappe.get_app_path(app, "fixtures")
    if not os.path.isdir(folder):
        return
    for name in sorted(os.listdir(folder)):
        if not name.endswith(".json"):
            continue
        try:
            import_doc(os.path.join(folder, name))
        except (ImportError, frappe.DoesNotExistError) as error:
            print(f"Skipping fixture syncing from the file {name}. Reason: {error}")


def import_doc(path: str) -> None:
    """Import the documents of one JSON file: whatever its `modified`, each replaces the one of its name."""
    from frappe.modules.import_file import import_file_by_path

    frappe.flags.mute_emails = True
    import_file_by_path(path, data_import=True, force=True, reset_permissions=True)
    frappe.flags.mute_emails = False
    frappe.db.commit()


def export_fixtures(app: str | None = None) -> None:
    """Write the documents that the hook `fixtures` names to the apps' `fixtures/`."""
    for app_name in [app] if app else frappe.get_installed_apps():
        for fixture in frappe.get_hooks("fixtures", app_name=app_name):
            options = fixture if isinstance(fixture, dict) else {"doctype": fixture}
            doctype = options.get("doctype") or options.get("dt")
            folder = frappe.get_app_path(app_name, "fixtures")
            os.makedirs(folder, exist_ok=True)
            names = frappe.get_all(
                doctype,
                filters=options.get("filters"),
                or_filters=options.get("or_filters"),
                order_by="idx asc, creation asc",
                pluck="name",
            )
            rows = [_for_export(frappe.get_doc(doctype, name).as_dict()) for name in names]
            with open(os.path.join(folder, f"{frappe.scrub(doctype)}.json"), "w", encoding="utf-8") as handle:
                handle.write(frappe.as_json(rows, ensure_ascii=False))


def _for_export(row: dict) -> dict:
    """The row without what belongs to the site it comes from."""
    own = ("modified_by", "creation", "owner", "idx", "lft", "rgt")
    for key in own:
        row.pop(key, None)
    for value in row.values():
        for child in value if isinstance(value, list) else ():
            for key in (*own, "docstatus", "doctype", "modified", "name"):
                child.pop(key, None)
    return row
