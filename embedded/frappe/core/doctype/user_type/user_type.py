"""User Type: users of the desk and users of web pages."""

import frappe
from frappe.model.document import Document


class UserType(Document):
    """One type."""


def after_doctype_insert() -> None:
    """The two types that every site has."""
    for name in ("System User", "Website User"):
        if not frappe.db.exists("User Type", name):
            frappe.get_doc(doctype="User Type", name=name, is_standard=1).db_insert()
