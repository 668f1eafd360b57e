"""Error Log: a traceback with what was being done."""

import frappe
from frappe.model.document import Document


class ErrorLog(Document):
    """One error; opening it marks it as seen."""

    def onload(self) -> None:
        if not self.seen and not frappe.flags.read_only:
            self.db_set("seen", 1, update_modified=False)
