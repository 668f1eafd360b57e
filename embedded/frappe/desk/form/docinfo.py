"""Parts of a document's timeline: comments, versions, files."""

import json

import frappe
from frappe.utils import cstr, is_html

_KINDS = {
    "comments": ("Comment",),
    "shared": ("Shared", "Unshared"),
    "assignment_logs": ("Assigned", "Assignment Completed"),
    "attachment_logs": ("Attachment", "Attachment Removed"),
    "info_logs": ("Info", "Edit", "Label"),
    "like_logs": ("Like",),
    "workflow_logs": ("Workflow",),
}


def comments_by_kind(doctype: str, name: str) -> dict[str, list]:
    """{"comments": […], "assignment_logs": […], …}; those of people come as HTML."""
    out: dict[str, list] = {key: [] for key in _KINDS}
    key_of = {kind: key for key, kinds in _KINDS.items() for kind in kinds}
    rows = frappe.get_all(
        "Comment",
        fields=["name", "creation", "content", "owner", "comment_type"],
        filters={"reference_doctype": doctype, "reference_name": name},
    )
    for row in rows:
        if row.comment_type == "Comment":
            row.content = as_html(row.content)
        if key := key_of.get(row.comment_type):
            out[key].append(row)
    return out


def as_html(text) -> str:
    """A comment as HTML: what is HTML stays, plain text becomes paragraphs (Frappe reads it as Markdown)."""
    text = cstr(text)
    if is_html(text):
        return text
    paragraphs = (part.strip() for part in text.split("\n\n"))
    return "".join(f"<p>{part}</p>\n" for part in paragraphs if part)


def get_attachments(doctype: str, name: str) -> list:
    """Files attached to a document."""
    return frappe.get_all(
        "File",
        fields=["name", "file_name", "file_url", "is_private"],
        filters={"attached_to_name": name, "attached_to_doctype": doctype},
    )


def readable_versions(doc, limit: int = 10) -> list:
    """The latest versions of a document, without what changed above the reader's level."""
    if not doc.meta.track_changes:
        return []
    rows = frappe.get_all(
        "Version",
        filters={"ref_doctype": doc.doctype, "docname": doc.name},
        fields=["name", "owner", "creation", "data"],
        limit=limit,
        order_by="creation desc",
    )
    hidden = _hidden_fields(doc)
    if any(hidden.values()):
        for row in rows:
            row.data = _without(hidden, row.data)
    return rows


def _hidden_fields(doc) -> dict:
    """{table field, None for the document itself: names of the fields that the user may not read}."""
    if frappe.session.user == "Administrator":
        return {}
    levels = set(doc.get_permlevel_access("read"))

    def above(meta):
        return {df.fieldname for df in meta.get_high_permlevel_fields() if df.permlevel not in levels}

    hidden = {None: above(doc.meta)}
    for table in doc.meta.get_table_fields():
        hidden[table.fieldname] = above(frappe.get_meta(table.options))
    return hidden


def _without(hidden: dict, data: str) -> str:
    version = json.loads(data or "{}")
    own = hidden[None]
    if "changed" in version:
        version["changed"] = [change for change in version["changed"] if change[0] not in own]
    for key in ("added", "removed"):
        kept = []
        for table, row in version.get(key) or ():
            if table not in own:
                secret = hidden.get(table, ())
                kept.append([table, {k: v for k, v in row.items() if k not in secret}])
        if key in version:
            version[key] = kept
    if "row_changed" in version:
        version["row_changed"] = [
            [table, index, name, [c for c in changes if c[0] not in hidden.get(table, ())]]
            for table, index, name, changes in version["row_changed"]
            if table not in own
        ]
    return frappe.as_json(version, indent=None, separators=(",", ":"))
