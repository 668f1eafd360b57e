"""Comment: what people say about a document, and what is noted of it; the last hundred are kept beside it."""

import json

import frappe
from frappe.model.document import Document
from frappe.utils import sanitize_html

_SHOWN_CHARACTERS = 97
_KEPT = 100


class Comment(Document):
    """One remark; those of people (`Comment`) are mirrored in the document's `_comments`."""

    def validate(self) -> None:
        self.comment_email = self.comment_email or frappe.session.user
        self.content = sanitize_html(self.content or "", always_sanitize=True)

    def on_update(self) -> None:
        if self.comment_type != "Comment" or not self.content:
            return
        text = self.content
        if len(text) > 100:
            text = text[:_SHOWN_CHARACTERS] + "..."
        entries = self._mirrored()
        for entry in entries:
            if entry.get("name") == self.name:
                entry["comment"] = text
                break
        else:
            entries.append({"comment": text, "by": self.comment_email, "name": self.name})
        self._mirror(entries)

    def on_trash(self) -> None:
        if self.comment_type == "Comment":
            self._mirror([entry for entry in self._mirrored() if entry.get("name") != self.name])

    def _has_mirror(self) -> bool:
        return bool(
            self.reference_doctype
            and self.reference_name
            and not frappe.get_meta(self.reference_doctype).issingle
        )

    def _mirrored(self) -> list[dict]:
        if not self._has_mirror():
            return []
        kept = frappe.db.get_value(self.reference_doctype, self.reference_name, "_comments")
        return json.loads(kept or "[]")

    def _mirror(self, entries: list[dict]) -> None:
        if self._has_mirror():
            frappe.db.set_value(
                self.reference_doctype,
                self.reference_name,
                "_comments",
                json.dumps(entries[-_KEPT:]),
                update_modified=False,
            )


def on_doctype_update() -> None:
    """Comments are asked for by document."""
    frappe.db.add_index("Comment", ["reference_doctype", "reference_name"])
