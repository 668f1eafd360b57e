"""Likes: who marked a document, kept in its `_liked_by`, with a Comment of kind Like."""

import json

import frappe
from frappe import _


@frappe.whitelist(methods=["POST", "PUT"])
def toggle_like(doctype: str, name: str, add: str | bool = False) -> None:
    """Like a document that the user may read (`add="Yes"`), or take the like back."""
    doc = frappe.get_doc(doctype, name)
    doc.check_permission("read")
    user, liked = frappe.session.user, doc.get_liked_by()
    if add == "Yes" and user not in liked:
        liked.append(user)
        doc.add_comment("Like", _("Liked"))
    elif add != "Yes" and user in liked:
        liked.remove(user)
        for comment in frappe.get_all(
            "Comment",
            filters={
                "comment_type": "Like",
                "reference_doctype": doctype,
                "reference_name": name,
                "owner": user,
            },
            pluck="name",
        ):
            frappe.delete_doc("Comment", comment, ignore_permissions=True)
    if doc.meta.issingle:
        frappe.db.set_single_value(doctype, "_liked_by", json.dumps(liked), update_modified=False)
    else:
        frappe.db.set_value(doctype, name, "_liked_by", json.dumps(liked), update_modified=False)
