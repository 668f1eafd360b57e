"""Log Settings: logs are cleared every night of what is older than these days."""

import frappe
from frappe import _
from frappe.model.base_document import get_controller
from frappe.model.document import Document
from frappe.utils import cint


def _supports_log_clearing(doctype: str) -> bool:
    """Whether the DocType's controller has a `clear_old_logs(days)`."""
    try:
        return callable(getattr(get_controller(doctype), "clear_old_logs", None))
    except Exception:
        return False


class LogSettings(Document):
    """The logs with their days; those of the hook `default_log_clearing_doctypes` are always among them."""

    def validate(self) -> None:
        self.remove_unsupported_doctypes()
        self._deduplicate_entries()
        self.add_default_logtypes()

    def remove_unsupported_doctypes(self) -> None:
        for entry in list(self.logs_to_clear):
            if not _supports_log_clearing(entry.ref_doctype):
                frappe.msgprint(
                    _("{} does not support automated log clearing.").format(frappe.bold(entry.ref_doctype)),
                    title=_("DocType not supported by Log Settings."),
                )
                self.remove(entry)

    def _deduplicate_entries(self) -> None:
        seen = set()
        for entry in list(self.logs_to_clear):
            if entry.ref_doctype in seen:
                self.remove(entry)
            seen.add(entry.ref_doctype)

    def add_default_logtypes(self) -> None:
        there = {entry.ref_doctype for entry in self.logs_to_clear}
        for doctype, days in frappe.get_hooks("default_log_clearing_doctypes", {}).items():
            if doctype in there or not frappe.db.exists("DocType", doctype):
                continue
            if _supports_log_clearing(doctype):
                self.append("logs_to_clear", {"ref_doctype": doctype, "days": cint(days[-1])})

    def clear_logs(self) -> None:
        """Delete what is too old, log by log, each in a transaction of its own."""
        for entry in self.logs_to_clear:
            clear = get_controller(entry.ref_doctype).clear_old_logs
            clear(**frappe.get_newargs(clear, {"days": entry.days}))
            frappe.db.commit()

    def register_doctype(self, doctype: str, days: int = 30) -> None:
        """Add a log, or change its days."""
        for entry in self.logs_to_clear:
            if entry.ref_doctype == doctype:
                entry.days = days
                return
        if _supports_log_clearing(doctype):
            self.append("logs_to_clear", {"ref_doctype": doctype, "days": cint(days)})


def run_log_clean_up() -> None:
    """What the scheduler calls every night."""
    doc = frappe.get_doc("Log Settings")
    doc.remove_unsupported_doctypes()
    doc.add_default_logtypes()
    doc.save()
    doc.clear_logs()


@frappe.whitelist()
def has_unseen_error_log():
    """A message for System Managers if there is an Error Log that nobody has opened."""
    if not frappe.has_permission("Error Log"):
        return None
    if frappe.get_all("Error Log", filters={"seen": 0}, limit=1):
        return {"show_alert": True, "message": _("You have unseen {0}").format(_("Error Logs"))}
    return None
