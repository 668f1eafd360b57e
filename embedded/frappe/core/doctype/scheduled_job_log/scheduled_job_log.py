"""Scheduled Job Log: one run of a scheduled job."""

from frappe.core.doctype.error_log.error_log import delete_older_than
from frappe.model.document import Document


class ScheduledJobLog(Document):
    """Its status is Start, then Complete or Failed, which keeps the traceback."""

    @staticmethod
    def clear_old_logs(days: int = 90) -> None:
        delete_older_than("Scheduled Job Log", days)
