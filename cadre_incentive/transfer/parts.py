"""What a stream carries, and in which order.

First what changes the schema and the rights (a bench commits at each of these), then people, then the records
of the app, then what was said about them. DocTypes of the framework are carried with the fields named here,
which both hosts know; those of the app with every column.
"""

from collections.abc import Callable
from dataclasses import dataclass

import frappe

APP = "cadre_incentive"
STAMPS = ("owner", "creation", "modified", "modified_by", "docstatus", "idx")
RIGHTS = (
    "select", "read", "write", "create", "delete", "submit", "cancel", "amend", "print", "email", "report",
    "import", "export", "share",
)  # fmt: skip
# Roles that every host makes by itself.
OWN_ROLES = ("Administrator", "All", "Desk User", "Guest", "System Manager")
OWN_USERS = ("Administrator", "Guest")
# Columns beside the fields of a DocType that hold what users did to a document.
MARKS = ("_user_tags", "_comments", "_assign", "_liked_by")


@dataclass(frozen=True)
class Part:
    """One DocType of a stream. `fields` None: every column; `tables`: table fields, fields of their rows.

    `how`: "keep" (what stands on the target stays), "save" (through the controller, since the schema or
    rights follow), "user" (new ones through the controller), "row" (the rows as they are).
    """

    doctype: str
    filters: Callable[[], dict] | None = None
    fields: tuple[str, ...] | None = None
    tables: tuple[tuple[str, tuple[str, ...] | None], ...] | None = None
    how: str = "row"


def doctypes() -> list[str]:
    """DocTypes of the app that have documents of their own, by name."""
    rows = frappe.get_all(
        "DocType",
        filters={"module": ("in", _modules()), "istable": 0, "is_virtual": 0},
        fields=["name"],
    )
    return sorted(row.name for row in rows)


def _modules() -> list[str]:
    return frappe.get_all("Module Def", filters={"app_name": APP}, pluck="name")


def of_app_and_tables() -> list[str]:
    """DocTypes of the app, child tables included."""
    return sorted(frappe.get_all("DocType", filters={"module": ("in", _modules())}, pluck="name"))


def parts() -> list[Part]:
    """The parts of a stream of this site, in order."""
    own, all_own = doctypes(), of_app_and_tables()
    return [*schema_parts(all_own), *people_parts(own), *own_parts(own), *about_parts(own)]


# What a field says, in a DocType and as a Custom Field.
_FIELD = (
    "label", "fieldname", "fieldtype", "options", "length", "precision", "default", "depends_on",
    "mandatory_depends_on", "read_only_depends_on", "fetch_from", "fetch_if_empty", "non_negative", "reqd",
    "unique", "read_only", "ignore_user_permissions", "hidden", "print_hide", "no_copy", "allow_on_submit",
    "in_list_view", "in_standard_filter", "bold", "search_index", "translatable", "permlevel", "description",
)  # fmt: skip


def schema_parts(all_own: list[str]) -> list[Part]:
    return [
        Part("Role", _roles, ("role_name", "desk_access"), how="keep"),
        # DocTypes that an administrator has made in the app's module
        Part(
            "DocType",
            lambda: {"module": ("in", _modules()), "custom": 1},
            (
                "module", "custom", "issingle", "istable", "is_tree", "is_submittable", "autoname",
                "naming_rule", "title_field", "search_fields", "sort_field", "sort_order", "track_changes",
                "allow_rename",
                "allow_import", "editable_grid", "quick_entry", "nsm_parent_field",
                "show_title_field_in_link", "description",
            ),
            (
                ("fields", (*_FIELD, "set_only_once", "collapsible")),
                ("permissions", ("role", "permlevel", "if_owner", *RIGHTS)),
            ),
            how="save",
        ),
        Part(
            "Custom Field",
            lambda: {"dt": ("in", all_own)},
            ("dt", "insert_after", *_FIELD),
            how="save",
        ),
        Part(
            "Property Setter",
            lambda: {"doc_type": ("in", all_own)},
            ("doctype_or_field", "doc_type", "field_name", "row_name", "property", "property_type", "value"),
            how="save",
        ),
        Part(
            "Custom DocPerm",
            lambda: {"parent": ("in", all_own)},
            ("parent", "role", "permlevel", "if_owner", *RIGHTS),
            how="save",
        ),
        Part(
            "Workflow State",
            _of_workflows("Workflow Document State", "state"),
            ("workflow_state_name", "style", "icon"),
            how="keep",
        ),
        Part(
            "Workflow Action Master",
            _of_workflows("Workflow Transition", "action"),
            ("workflow_action_name",),
            how="keep",
        ),
        Part(
            "Workflow",
            lambda: {"document_type": ("in", all_own)},
            (
                "workflow_name", "document_type", "is_active", "override_status", "send_email_alert",
                "workflow_state_field",
            ),
            (
                ("states", ("state", "doc_status", "update_field", "update_value", "is_optional_state",
                            "avoid_status_override", "allow_edit", "message")),
                ("transitions", ("state", "action", "next_state", "allowed", "allow_self_approval",
                                 "condition")),
            ),
            how="save",
        ),
    ]  # fmt: skip


def people_parts(own: list[str]) -> list[Part]:
    return [
        Part(
            "User",
            lambda: {"name": ("not in", OWN_USERS)},
            (
                "email", "username", "first_name", "middle_name", "last_name", "full_name", "enabled",
                "language", "time_zone", "phone", "mobile_no", "location",
            ),
            (("roles", ("role",)),),
            how="user",
        ),
        Part(
            "User Permission",
            lambda: {"allow": ("in", own), "user": ("not in", OWN_USERS)},
            (
                "user", "allow", "for_value", "is_default", "apply_to_all_doctypes", "applicable_for",
                "hide_descendants",
            ),
        ),
    ]  # fmt: skip


def own_parts(own: list[str]) -> list[Part]:
    return [Part(doctype) for doctype in own]


def about_parts(own: list[str]) -> list[Part]:
    def about(field: str):
        return lambda: {field: ("in", own)}

    return [
        Part(
            "DocShare",
            about("share_doctype"),
            ("user", "share_doctype", "share_name", "read", "write", "share", "submit", "everyone"),
        ),
        Part(
            "Comment",
            about("reference_doctype"),
            (
                "comment_type", "comment_email", "comment_by", "subject", "published", "seen",
                "reference_doctype", "reference_name", "content",
            ),
        ),
        Part("Version", about("ref_doctype"), ("ref_doctype", "docname", "data")),
        Part(
            "ToDo",
            about("reference_type"),
            (
                "status", "priority", "color", "date", "allocated_to", "description", "reference_type",
                "reference_name", "role", "assigned_by",
            ),
        ),
    ]  # fmt: skip


def _roles() -> dict:
    """Roles that rules of the app or its people name."""
    own = of_app_and_tables()
    named = set()
    for rules in ("DocPerm", "Custom DocPerm"):
        named.update(frappe.get_all(rules, filters={"parent": ("in", own)}, pluck="role"))
    named.update(
        frappe.get_all(
            "Has Role", filters={"parenttype": "User", "parent": ("not in", OWN_USERS)}, pluck="role"
        )
    )
    return {"name": ("in", sorted(named - set(OWN_ROLES)) or [""])}


def _of_workflows(table: str, field: str) -> Callable[[], dict]:
    def filters() -> dict:
        workflows = frappe.get_all(
            "Workflow", filters={"document_type": ("in", of_app_and_tables())}, pluck="name"
        )
        names = frappe.get_all(
            table, filters={"parent": ("in", workflows or [""]), "parenttype": "Workflow"}, pluck=field
        )
        return {"name": ("in", sorted({name for name in names if name}) or [""])}

    return filters


def series_prefixes(own: list[str]) -> list[str]:
    """What the names of numbered DocTypes begin with, before the first part that is filled in."""
    found = set()
    for doctype in own:
        meta = frappe.get_meta(doctype)
        if not (meta.autoname or "").startswith("naming_series"):
            continue
        field = meta.get_field("naming_series")
        found.update(series.split(".")[0] for series in (field.options or "").split("\n") if series)
    return sorted(prefix for prefix in found if prefix)
