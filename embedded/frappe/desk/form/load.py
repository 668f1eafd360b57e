"""What a form loads: a DocType with its child tables, a document with everything that hangs on it."""

from urllib.parse import quote

import frappe
from frappe import _
from frappe.desk.form.docinfo import comments_by_kind, get_attachments, readable_versions
from frappe.desk.form.meta import get_meta_bundle
from frappe.desk.form.titles import set_link_titles
from frappe.model.document import Document
from frappe.model.utils.user_settings import get_user_settings
from frappe.permissions import get_doc_permissions
from frappe.request_arguments import as_list
from frappe.utils import cint, cstr

__all__ = ["get_attachments", "get_meta_bundle", "getdoc", "getdoctype"]


@frappe.whitelist()
def getdoc(doctype: str, name: str, user=None):
    """A document into `docs`, what hangs on it into `docinfo`, titles of its links into `_link_titles`.

    Answers an empty list if there is no such document. Raises PermissionError without the right to read it.
    """
    if not (doctype and name):
        frappe.throw(_("doctype and name required!"))
    try:
        doc = frappe.get_doc(doctype, name)
    except frappe.DoesNotExistError:
        # Only who may read such documents is told that this one is missing.
        frappe.clear_last_message()
        frappe.has_permission(doctype, "read", throw=True)
        return []
    doc.check_permission("read")
    run_onload(doc)
    doc.apply_fieldlevel_read_permissions()
    doc.add_viewed()
    get_docinfo(doc)
    doc.add_seen()
    set_link_titles(doc)
    frappe.response.docs.append(doc)


@frappe.whitelist()
def getdoctype(doctype: str, with_parent: bool | int | str = False, cached_timestamp: str | None = None):
    """The metas of a DocType and of its child tables into `docs`, the user's settings into `user_settings`.

    Answers "use_cache" if the DocType is still that of `cached_timestamp`.
    """
    from frappe.model.meta import get_parent_dt

    parent = get_parent_dt(doctype) if cint(with_parent) else None
    if parent:
        frappe.response["parent_dt"] = parent
    docs = get_meta_bundle(parent or doctype)
    frappe.response["user_settings"] = get_user_settings(parent or doctype)
    if cached_timestamp and cstr(docs[0].modified) == cached_timestamp:
        return "use_cache"
    frappe.response.docs.extend(docs)


@frappe.whitelist()
def get_docinfo(doc=None, doctype: str | None = None, name: str | None = None):
    """Everything that hangs on a document, into `docinfo`: comments by kind, versions, assignments,
    files, tags, …

    Fields above the reader's level are left out of the versions.
    """
    if not isinstance(doc, Document):
        doc = frappe.get_doc(doctype, name)
        doc.check_permission("read")
    docinfo = frappe._dict(user_info={}, **comments_by_kind(doc.doctype, doc.name))
    docinfo.update(
        doctype=doc.doctype,
        name=doc.name,
        attachments=get_attachments(doc.doctype, doc.name),
        communications=[],
        automated_messages=[],
        versions=readable_versions(doc),
        assignments=get_assignments(doc.doctype, doc.name),
        permissions=get_doc_permissions(doc),
        shared=frappe.share.get_users(doc.doctype, doc.name),
        views=get_view_logs(doc),
        energy_point_logs=[],
        additional_timeline_content=get_additional_timeline_content(doc.doctype, doc.name),
        milestones=[],
        is_document_followed=None,
        tags=get_tags(doc.doctype, doc.name),
        document_email=get_document_email(doc.doctype, doc.name),
    )
    update_user_info(docinfo)
    frappe.response["docinfo"] = docinfo


@frappe.whitelist()
def get_communications(doctype: str, name: str, start: int = 0, limit: int = 20) -> list:
    """E-mails about a document: this host keeps none as documents, so there are none."""
    frappe.get_doc(doctype, name).check_permission("read")
    return []


def get_assignments(doctype: str, name: str) -> list:
    """Open ToDos about a document, as {name, owner: whose, description, status}."""
    return frappe.get_all(
        "ToDo",
        fields=["name", "allocated_to as owner", "description", "status"],
        filters={
            "reference_type": doctype,
            "reference_name": name,
            "status": ("not in", ("Cancelled", "Closed")),
            "allocated_to": ("is", "set"),
        },
    )


def run_onload(doc) -> None:
    """Let the controller add what its form needs besides the fields."""
    doc.set("__onload", frappe._dict())
    doc.run_method("onload")


def get_view_logs(doc) -> list:
    """Who looked at a document, the latest first, where its DocType tracks views."""
    if not doc.meta.track_views:
        return []
    return frappe.get_all(
        "View Log",
        filters={"reference_doctype": doc.doctype, "reference_name": doc.name},
        fields=["name", "creation", "owner"],
        order_by="creation desc",
    )


def get_tags(doctype: str, name: str) -> str:
    """The tags of a document, joined by commas."""
    return ",".join(
        frappe.get_all("Tag Link", filters={"document_type": doctype, "document_name": name}, pluck="tag")
    )


def get_document_email(doctype: str, name: str) -> str | None:
    """Where an e-mail about a document would be linked to it; None without such an account."""
    address = get_automatic_email_link()
    if not address:
        return None
    user, _at, domain = address.partition("@")
    return f"{user}+{quote(doctype)}={quote(cstr(name))}@{domain}"


def get_automatic_email_link() -> str | None:
    """The address of the account that links what comes in."""
    if not frappe.get_meta("Email Account").has_field("enable_automatic_linking"):
        return None
    return frappe.db.get_value(
        "Email Account", {"enable_incoming": 1, "enable_automatic_linking": 1}, "email_id"
    )


def get_additional_timeline_content(doctype: str, docname: str) -> list:
    """What the apps' `additional_timeline_content` hooks tell of a document."""
    hooks = frappe.get_hooks("additional_timeline_content") or {}
    contents = []
    for method in [*hooks.get("*", []), *hooks.get(doctype, [])]:
        contents.extend(frappe.get_attr(method)(doctype, docname) or [])
    return contents


def update_user_info(docinfo) -> None:
    """Names and pictures of everybody who appears in a docinfo."""
    users = {row.user for row in docinfo.shared if row.get("user")}
    for key in (
        "assignments", "views", "workflow_logs", "like_logs", "info_logs", "attachment_logs",
        "assignment_logs",
        "comments",
    ):  # fmt: skip
        users.update(row.owner for row in docinfo[key])
    frappe.utils.add_user_info(users, docinfo.user_info)


@frappe.whitelist()
def get_user_info_for_viewers(users: str) -> dict:
    """Names and pictures of users, given as a JSON list."""
    frappe.has_permission("User", "select", throw=True)
    user_info: dict = {}
    frappe.utils.add_user_info([user for user in as_list(users) if isinstance(user, str)], user_info)
    return user_info
