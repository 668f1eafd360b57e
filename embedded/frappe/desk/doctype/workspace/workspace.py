"""Workspace: a page of the desk with links, cards and charts; public ones are kept by Workspace Managers."""

import json

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import strip_html


class Workspace(Document):
    """One Workspace; `content` is a JSON list of blocks."""

    def validate(self) -> None:
        self.title = strip_html(self.title or "")
        if self.public:
            self._check_manager(_("You need to be Workspace Manager to edit this document"))
        try:
            is_list = isinstance(json.loads(self.content or "[]"), list)
        except ValueError:
            is_list = False
        if not is_list:
            frappe.throw(_("Content data shoud be a list"))

    def on_trash(self) -> None:
        if self.public:
            self._check_manager(_("You need to be Workspace Manager to delete a public workspace."))

    def _check_manager(self, refusal: str) -> None:
        if (
            frappe.flags.in_install
            or frappe.flags.in_uninstall
            or frappe.flags.in_patch
            or frappe.flags.in_import
        ):
            return
        if "Workspace Manager" not in frappe.get_roles():
            frappe.throw(refusal)
