"""Small calls of a form: comments, the next document, files."""

import json

import frappe
from frappe import _


@frappe.whitelist(methods=["DELETE", "POST"])
def remove_attach():
    """Delete the File `form_dict.fid`, which takes the right to delete it."""
    frappe.delete_doc("File", frappe.form_dict.get("fid"))


@frappe.whitelist(methods=["POST", "PUT"])
def add_comment(
    reference_doctype: str, reference_name: str, content: str, comment_email: str = "", comment_by: str = ""
):
    """Add a Comment to a document that the user may read; it is signed by the session's user."""
    frappe.get_doc(reference_doctype, reference_name).check_permission("read")
    comment = frappe.get_doc(
        doctype="Comment",
        comment_type="Comment",
        reference_doctype=reference_doctype,
        reference_name=reference_name,
        # Frappe stores the names that the client sends; here a comment is by who is signed in.
        comment_email=frappe.session.user,
        comment_by=frappe.utils.get_fullname(frappe.session.user),
        content=content,
    )
    return comment.insert(ignore_permissions=True)


@frappe.whitelist(methods=["POST", "PUT"])
def update_comment(name: str, content: str):
    """Change the text of an own Comment, on a document that may still be read."""
    doc = frappe.get_doc("Comment", name)
    if frappe.session.user not in ("Administrator", doc.owner):
        frappe.throw(_("Comment can only be edited by the owner"), frappe.PermissionError)
    if doc.reference_doctype and doc.reference_name:
        frappe.get_doc(doc.reference_doctype, doc.reference_name).check_permission("read")
    doc.content = content
    doc.save(ignore_permissions=True)


@frappe.whitelist()
def get_next(
    doctype: str,
    value: str,
    prev: int | str,
    filters: str | list | dict | None = None,
    sort_order: str = "desc",
    sort_field: str = "modified",
) -> str | None:
    """The name of the document after (`prev`: before) `value` in a sorted, filtered list; None at its end."""
    meta = frappe.get_meta(doctype)
    current = frappe.get_doc(doctype, value)
    current.check_permission("read")
    if sort_field not in meta.get_valid_columns() or sort_order.lower() not in ("asc", "desc"):
        frappe.throw(_("Invalid sort field or order"), frappe.DataError)
    filters = json.loads(filters) if isinstance(filters, str) else filters or []
    if isinstance(filters, dict):
        filters = [[doctype, key, "=", condition] for key, condition in filters.items()]
    ascending = (sort_order.lower() == "asc") != bool(int(prev))
    found = frappe.get_list(
        doctype,
        filters=[*filters, [doctype, sort_field, ">" if ascending else "<", current.get(sort_field)]],
        order_by=f"`tab{doctype}`.`{sort_field}` {'asc' if ascending else 'desc'}",
        limit_page_length=1,
        pluck="name",
    )
    if not found:
        frappe.msgprint(_("No further records"))
        return None
    return found[0]


def get_pdf_link(doctype: str, docname: str, print_format: str = "Standard", no_letterhead: int = 0) -> str:
    """Where the PDF of a document is."""
    return (
        f"/api/method/frappe.utils.print_format.download_pdf?doctype={doctype}&name={docname}"
        f"&format={print_format}&no_letterhead={no_letterhead}"
    )
