"""Custom DocPerm: the rules of a DocType as an administrator has changed them; they replace its own."""

import frappe
from frappe.model.document import Document


class CustomDocPerm(Document):
    """One rule."""

    def on_update(self) -> None:
        self._forget()

    def on_trash(self) -> None:
        self._forget()

    def after_delete(self) -> None:
        self._forget()

    def _forget(self) -> None:
        frappe.clear_cache(doctype=self.parent)
        frappe.local.role_permissions.clear()
