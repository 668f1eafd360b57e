"""Error Log: a traceback with what was being done."""

import frappe
from frappe.model.document import Document
from frappe.utils import add_days, now_datetime


class ErrorLog(Document):
    """One error; opening it marks it as seen."""

    def onload(self) -> None:
        if not self.seen and not frappe.flags.read_only:
            self.db_set("seen", 1, update_modified=False)
            frappe.db.commit()

    @staticmethod
    def clear_old_logs(days: int = 30) -> None:
        delete_older_than("Error Log", days)


def delete_older_than(doctype: str, days: int) -> None:
    """Delete the records of a log that have not changed for `days` days, by the site's clock."""
    frappe.db.delete(doctype, {"modified": ["<", add_days(now_datetime(), -days)]})


@frappe.whitelist()
def clear_error_logs() -> None:
    """Delete every Error Log."""
    frappe.only_for("System Manager")
    frappe.db.truncate("Error Log")
