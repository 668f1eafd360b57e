"""Tag Link: one tag on one document."""

import frappe
from frappe.model.document import Document


class TagLink(Document):
    """Made and deleted by `DocTags`."""


def on_doctype_update() -> None:
    """Asked for by document."""
    frappe.db.add_index("Tag Link", ["document_type", "document_name"])
