"""Tag: a word that groups documents of any DocType. They lie in `_user_tags` and in Tag Link."""

import frappe
from frappe.model.document import Document
from frappe.request_arguments import as_list
from frappe.utils import cstr, unique


class Tag(Document):
    """One Tag."""


@frappe.whitelist(methods=["POST", "PUT"])
def add_tag(tag: str, dt: str, dn: str, color: str | None = None) -> str:
    """Tag a document that the user may write; makes the Tag."""
    DocTags(dt).add(dn, tag)
    return tag


@frappe.whitelist(methods=["POST", "PUT"])
def add_tags(tags: str | list, dt: str, docs: str | list, color: str | None = None) -> None:
    """Tag several documents."""
    for name in as_list(docs):
        for tag in map(cstr, as_list(tags)):
            DocTags(dt).add(name, tag)


@frappe.whitelist(methods=["POST", "PUT", "DELETE"])
def remove_tag(tag: str, dt: str, dn: str) -> None:
    """Take a tag from a document that the user may write."""
    DocTags(dt).remove(dn, tag)


@frappe.whitelist()
def get_tagged_docs(doctype: str, tag: str) -> list:
    """Documents with this tag (or pattern with %) that the user may read, as [[name]]."""
    frappe.has_permission(doctype, throw=True)
    rows = frappe.get_list(
        doctype,
        fields=["name", "_user_tags"],
        filters={"_user_tags": ("like", tag if "%" in tag else f"%{tag}%")},
        limit_page_length=0,
    )
    return [[row.name] for row in rows if "%" in tag or tag in (row._user_tags or "").split(",")]


@frappe.whitelist()
def get_tags(doctype: str, txt: str) -> list[str]:
    """Tags whose name contains the text."""
    names = frappe.get_list("Tag", filters=[["name", "like", f"%{txt}%"]], pluck="name", limit_page_length=0)
    return sorted(names)


@frappe.whitelist()
def get_documents_for_tag(tag: str) -> list[dict]:
    """[{doctype, name, content}] of documents with a tag (`#tag`) that the user may read."""
    rows = frappe.get_list(
        "Tag Link",
        filters={"tag": tag.removeprefix("#")},
        fields=["document_type", "document_name", "title"],
        limit_page_length=0,
    )
    return [
        {"doctype": row.document_type, "name": row.document_name, "content": row.title}
        for row in rows
        if frappe.has_permission(row.document_type, "read", doc=row.document_name)
    ]


@frappe.whitelist()
def get_tags_list_for_awesomebar() -> list[str]:
    """All tags that the user may read."""
    return frappe.get_list("Tag", pluck="name", order_by="name", limit_page_length=0)


class DocTags:
    """The tags of a DocType's documents. Changing them takes the right to write the document."""

    def __init__(self, dt: str):
        self.dt = dt

    def get_tags(self, dn: str) -> str:
        """`,a,b`, or "" where there are none."""
        return (frappe.db.get_value(self.dt, dn, "_user_tags") or "").strip()

    def add(self, dn: str, tag: str) -> None:
        """Add a tag, making it where it is new. Raises ValidationError for a comma or an empty tag."""
        tag = (tag or "").strip()
        if not tag or "," in tag:
            frappe.throw(frappe._("{0} is not a valid tag").format(frappe.bold(tag)))
        doc = frappe.get_doc(self.dt, dn)
        doc.check_permission("write")
        if not frappe.db.exists("Tag", tag):
            frappe.get_doc(doctype="Tag", name=tag).insert(ignore_permissions=True)
        self._update(doc, [*self.get_tags(dn).split(","), tag])

    def remove(self, dn: str, tag: str) -> None:
        """Take a tag away, whatever its case."""
        doc = frappe.get_doc(self.dt, dn)
        doc.check_permission("write")
        self._update(doc, [t for t in self.get_tags(dn).split(",") if t.lower() != tag.lower()])

    def remove_all(self, dn: str) -> None:
        """Take all tags away."""
        doc = frappe.get_doc(self.dt, dn)
        doc.check_permission("write")
        self._update(doc, [])

    def _update(self, doc, tags: list[str]) -> None:
        tags = unique(tag for tag in tags if tag)
        text = "," + ",".join(tags) if tags else ""
        frappe.db.set_value(self.dt, doc.name, "_user_tags", text, update_modified=False)
        where = {"document_type": doc.doctype, "document_name": doc.name}
        linked = frappe.get_all("Tag Link", filters=where, pluck="tag")
        for tag in tags:
            if tag not in linked:
                link = frappe.get_doc(
                    {"doctype": "Tag Link", **where, "tag": tag, "title": doc.get_title() or ""}
                )
                link.insert(ignore_permissions=True)
        if gone := [tag for tag in linked if tag not in tags]:
            frappe.db.delete("Tag Link", {**where, "tag": ("in", gone)})


def delete_tags_for_document(doc) -> None:
    """Forget the tags of a deleted document."""
    frappe.db.delete("Tag Link", {"document_type": doc.doctype, "document_name": doc.name})
