"""Sharing single documents: rights on one document for one user, or for everyone who is signed in."""

import frappe
from frappe import _
from frappe.utils import cint


@frappe.whitelist()
def add(doctype, name, user=None, read=1, write=0, submit=0, share=0, everyone=0, notify=0):
    """Share a document (reading always included); returns the DocShare. Raises PermissionError."""
    return add_docshare(
        doctype,
        name,
        user=user,
        read=read,
        write=write,
        submit=submit,
        share=share,
        everyone=everyone,
        notify=notify,
    )


def add_docshare(
    doctype, name, user=None, read=1, write=0, submit=0, share=0, everyone=0, flags=None, notify=0
):
    """The same for code, which may pass `flags={"ignore_share_permission": True}`."""
    user = user or frappe.session.user
    if not (flags or {}).get("ignore_share_permission"):
        check_share_permission(doctype, name)
    found = get_share_name(doctype, name, user, everyone)
    if found:
        doc = frappe.get_doc("DocShare", found)
    else:
        doc = frappe.new_doc("DocShare")
        doc.update({"user": user, "share_doctype": doctype, "share_name": name, "everyone": cint(everyone)})
    doc.flags.update(flags or {})
    doc.update({"read": 1, "write": cint(write), "submit": cint(submit), "share": cint(share)})
    doc.save(ignore_permissions=True)
    if cint(notify) and not cint(everyone):
        _notify(user, doctype, name)
    return doc


def remove(doctype, name, user, flags=None) -> None:
    """Take back what was shared with a user. Raises PermissionError."""
    found = frappe.db.get_value("DocShare", {"user": user, "share_name": name, "share_doctype": doctype})
    if found:
        frappe.delete_doc("DocShare", found, flags=flags)


@frappe.whitelist()
def set_permission(doctype, name, user, permission_to, value=1, everyone=0):
    """Give or take one right (`read`, `write`, `submit`, `share`); return the DocShare, None if none is left.

    Raises PermissionError, ValidationError for any other right.
    """
    return set_docshare_permission(doctype, name, user, permission_to, value=value, everyone=everyone)


def set_docshare_permission(doctype, name, user, permission_to, value=1, everyone=0, flags=None):
    """The same for code, which may pass flags."""
    if permission_to not in ("read", "write", "submit", "share"):
        frappe.throw(_("{0} cannot be shared").format(frappe.bold(permission_to)))
    if not (flags or {}).get("ignore_share_permission"):
        check_share_permission(doctype, name)
    found, value = get_share_name(doctype, name, user, everyone), cint(value)
    if not found:
        if not value:
            return None
        return add_docshare(doctype, name, user, everyone=everyone, **{permission_to: 1}, flags=flags)
    doc = frappe.get_doc("DocShare", found)
    doc.flags.update(flags or {})
    doc.flags.ignore_permissions = True
    doc.set(permission_to, value)
    if not value and permission_to == "read":
        doc.update({"write": 0, "submit": 0, "share": 0})
    doc.save()
    if not (doc.read or doc.write or doc.submit or doc.share):
        doc.delete()
        return None
    return doc


@frappe.whitelist()
def get_users(doctype: str, name: str) -> list:
    """With whom a document is shared, and with which rights; nothing for whoever may not read it."""
    return _get_users(frappe.get_doc(doctype, name))


def _get_users(doc) -> list:
    if not frappe.has_permission(doc.doctype, "read", doc):
        return []
    return frappe.get_all(
        "DocShare",
        fields=["name", "user", "read", "write", "submit", "share", "everyone", "owner", "creation"],
        filters={"share_doctype": doc.doctype, "share_name": doc.name},
    )


def get_shared(doctype, user=None, rights=None, *, filters=None, limit=None) -> list[str]:
    """Names of documents shared with the user with all these rights (reading, by default)."""
    user = user or frappe.session.user
    with_whom = [["user", "=", user]]
    if user != "Guest":
        with_whom.append(["everyone", "=", 1])
    return frappe.get_all(
        "DocShare",
        filters=[
            *([right, "=", 1] for right in rights or ["read"]),
            ["share_doctype", "=", doctype],
            *(filters or []),
        ],
        or_filters=with_whom,
        pluck="share_name",
        order_by=None,
        limit_page_length=limit,
    )


def get_shared_doctypes(user=None) -> list[str]:
    """DocTypes of which something is shared with the user."""
    user = user or frappe.session.user
    table = frappe.qb.DocType("DocShare")
    mine = (table.user == user) | (table.everyone == 1)
    return frappe.qb.from_(table).where(mine).select(table.share_doctype).distinct().run(pluck=True)


def get_share_name(doctype, name, user, everyone) -> str | None:
    """The DocShare of a document and a user, or of everyone."""
    whom = {"everyone": 1} if cint(everyone) else {"user": user}
    return frappe.db.get_value("DocShare", {**whom, "share_name": name, "share_doctype": doctype})


def check_share_permission(doctype, name) -> None:
    """Raise PermissionError unless the session's user may share the document."""
    if not frappe.has_permission(doctype, ptype="share", doc=name):
        frappe.throw(
            _("No permission to {0} {1} {2}").format("share", _(doctype), name), frappe.PermissionError
        )


def _notify(user: str, doctype: str, name: str) -> None:
    """Tell the user, in the desk and by mail as he has chosen."""
    from frappe.desk.doctype.notification_log.notification_log import (
        enqueue_create_notification,
        get_title,
        get_title_html,
    )
    from frappe.utils import get_fullname

    subject = _("{0} shared a document {1} {2} with you").format(
        frappe.bold(get_fullname(frappe.session.user)),
        frappe.bold(_(doctype)),
        get_title_html(get_title(doctype, name)),
    )
    enqueue_create_notification(
        user,
        {
            "type": "Share",
            "document_type": doctype,
            "subject": subject,
            "document_name": name,
            "from_user": frappe.session.user,
        },
    )
