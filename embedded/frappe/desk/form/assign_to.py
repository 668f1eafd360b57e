"""Assigning documents to users: a ToDo for each, a comment, a notice, and `_assign` on the document."""

import frappe
import frappe.share
from frappe import _
from frappe.desk.doctype.notification_log.notification_log import (
    enqueue_create_notification,
    get_title,
    get_title_html,
)
from frappe.request_arguments import as_dict, as_list, check_names
from frappe.utils import escape_html, nowdate


class DuplicateToDoError(frappe.ValidationError):
    """The user has an open task about the document."""


def get(args=None) -> list[dict]:
    """Open assignments of a document (`doctype`, `name`): `owner` is the assignee, `name` the ToDo's."""
    args = args or frappe.local.form_dict
    return frappe.get_all(
        "ToDo",
        fields=["allocated_to as owner", "name"],
        filters={
            "reference_type": args.get("doctype"),
            "reference_name": args.get("name"),
            "status": ("not in", ("Cancelled", "Closed")),
        },
        limit=5,
    )


@frappe.whitelist()
def add(args=None, *, ignore_permissions: bool = False) -> list[dict]:
    """Assign a document (`doctype`, `name`) to users (`assign_to`, a list or JSON).

    Also `description`, `priority`, `date`, `assigned_by`. Needs `read` on the document. A user who may not
    read it gets it shared, unless sharing is disabled (ValidationError). Returns the open assignments.
    """
    args = frappe._dict(as_dict(args or frappe.local.form_dict))
    check_names(args)
    doctype, name = args.doctype, args.name
    if not ignore_permissions:
        frappe.get_doc(doctype, name).check_permission()
    if args.get("assignment_rule"):
        raise NotImplementedError("frappe.desk.form.assign_to.add(assignment_rule=…)")
    shared, twice = [], []
    for user in as_list(args.assign_to):
        todo = {"reference_type": doctype, "reference_name": name, "status": "Open", "allocated_to": user}
        if frappe.db.exists("ToDo", todo):
            twice.append(user)
            continue
        _assign(todo, args)
        if _share_if_needed(doctype, name, user):
            shared.append(user)
    if shared:
        frappe.msgprint(_("Shared with the following Users with Read access:{0}").format(_lines(shared)))
    if twice:
        frappe.msgprint(_("Already in the following Users ToDo list:{0}").format(_lines(twice)))
    return get(args)


def _assign(todo: dict, args) -> None:
    doctype, name, user = todo["reference_type"], todo["reference_name"], todo["allocated_to"]
    default = _("Assignment for {0} {1}").format(doctype, name)
    description = escape_html(args.get("description") or default)
    frappe.get_doc(
        {
            "doctype": "ToDo",
            **todo,
            "description": description,
            "priority": args.get("priority") or "Medium",
            "date": args.get("date") or nowdate(),
            "assigned_by": args.get("assigned_by") or frappe.session.user,
        }
    ).insert(ignore_permissions=True)
    if frappe.get_meta(doctype).get_field("assigned_to"):
        frappe.db.set_value(doctype, name, "assigned_to", user)
    notify_assignment(
        args.get("assigned_by") or frappe.session.user, user, doctype, name, "ASSIGN", description
    )


def _share_if_needed(doctype: str, name: str, user: str) -> bool:
    """Let the assignee read what he has to work on."""
    if frappe.has_permission(doc=frappe.get_doc(doctype, name), user=user):
        return False
    if frappe.get_system_settings("disable_document_sharing"):
        frappe.throw(
            _("User {0} is not permitted to access this document.").format(frappe.bold(user))
            + "<br>"
            + _(
                "As document sharing is disabled, please give them the required permissions before assigning."
            ),
            title=_("Missing Permission"),
        )
    frappe.share.add(doctype, name, user)
    return True


@frappe.whitelist()
def add_multiple(args=None) -> None:
    """Assign several documents: `name` is a list (or JSON); the rest, and the rights needed, as for `add`."""
    args = as_dict(args or frappe.local.form_dict)
    for name in as_list(args.get("name")):
        add({**args, "name": name})


@frappe.whitelist()
def remove(doctype: str, name: str, assign_to: str, ignore_permissions: bool = False) -> list[dict]:
    """Take an assignment back. Needs `read` on the document. Returns the open assignments."""
    return set_status(doctype, name, "", assign_to, "Cancelled", ignore_permissions)


@frappe.whitelist()
def remove_multiple(doctype: str, names, ignore_permissions: bool = False) -> None:
    """Take all assignments of several documents back. Needs `read` on each."""
    for name in frappe.parse_json(names):
        for assignment in get({"doctype": doctype, "name": name}):
            remove(doctype, name, assignment.owner, ignore_permissions)


@frappe.whitelist()
def close(doctype: str, name: str, assign_to: str, ignore_permissions: bool = False) -> list[dict]:
    """Complete one's own assignment; ValidationError for another user's."""
    if assign_to != frappe.session.user:
        frappe.throw(_("Only the assignee can complete this to-do."))
    return set_status(doctype, name, "", assign_to, "Closed", ignore_permissions)


def set_status(
    doctype: str,
    name: str,
    todo: str | None = None,
    assign_to: str | None = None,
    status: str = "Cancelled",
    ignore_permissions: bool = False,
) -> list[dict]:
    """Give a ToDo about a document (by name, or by its assignee) another status, and tell the assignee."""
    if not ignore_permissions:
        frappe.get_doc(doctype, name).check_permission()
    todo = todo or frappe.db.get_value(
        "ToDo",
        {
            "reference_type": doctype,
            "reference_name": name,
            "allocated_to": assign_to,
            "status": ("!=", status),
        },
    )
    if todo and frappe.db.exists("ToDo", todo):
        doc = frappe.get_doc("ToDo", todo)
        doc.status = status
        doc.save(ignore_permissions=True)
        notify_assignment(doc.assigned_by, doc.allocated_to, doc.reference_type, doc.reference_name)
    if status in ("Cancelled", "Closed") and frappe.get_meta(doctype).get_field("assigned_to"):
        frappe.db.set_value(doctype, name, "assigned_to", None)
    return get({"doctype": doctype, "name": name})


def close_all_assignments(doctype: str, name: str, ignore_permissions: bool = False) -> bool:
    """Complete every assignment of a document; False if there is none."""
    return _set_all(doctype, name, "Closed", {"status": ("!=", "Cancelled")}, ignore_permissions)


def clear(doctype: str, name: str, ignore_permissions: bool = False) -> bool:
    """Take every assignment of a document back; False if there is none."""
    return _set_all(doctype, name, "Cancelled", {}, ignore_permissions)


def _set_all(doctype, name, status, filters: dict, ignore_permissions: bool) -> bool:
    about = {"reference_type": doctype, "reference_name": name, **filters}
    todos = frappe.get_all("ToDo", filters=about, fields=["name", "allocated_to"])
    for row in todos:
        set_status(doctype, name, row.name, row.allocated_to, status, ignore_permissions)
    return bool(todos)


def notify_assignment(
    assigned_by: str | None,
    allocated_to: str | None,
    doc_type: str | None,
    doc_name: str | None,
    action: str = "CLOSE",
    description: str | None = None,
) -> None:
    """Tell the assignee, unless he has assigned himself or is disabled."""
    if not (assigned_by and allocated_to and doc_type and doc_name) or assigned_by == allocated_to:
        return
    user = frappe.db.get_value("User", allocated_to, ["language", "enabled", "email"], as_dict=True)
    if not user or not user.enabled:
        return
    me = frappe.bold(frappe.utils.get_fullname(frappe.session.user))
    kind = frappe.bold(_(doc_type, lang=user.language))
    title = get_title_html(get_title(doc_type, doc_name))
    if action == "CLOSE":
        subject = _("Your assignment on {0} {1} has been removed by {2}", lang=user.language).format(
            kind, title, me
        )
    else:
        subject = _("{0} assigned a new task {1} {2} to you", lang=user.language).format(me, kind, title)
    enqueue_create_notification(
        [user.email],
        {
            "type": "Assignment",
            "document_type": doc_type,
            "document_name": doc_name,
            "subject": subject,
            "from_user": frappe.session.user,
            "email_content": f"<div>{description}</div>" if description else None,
        },
    )


def _lines(users) -> str:
    return "<br><br>" + "<br>".join(users)
