"""Module Def: a module of an app, under which DocTypes and reports lie."""

import frappe
from frappe.model.document import Document


class ModuleDef(Document):
    """Its name is the line in `modules.txt`."""

    def on_update(self) -> None:
        frappe.clear_cache()
