"""Server Script: an administrator's Python for a document event, an API method, the scheduler or a list."""

from functools import partial

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.model.observers import forget_observers
from frappe.utils.safe_exec import is_safe_exec_enabled, safe_exec


class ServerScript(Document):
    """One script. It runs only where the site's configuration allows scripts."""

    def validate(self) -> None:
        frappe.only_for("Script Manager", True)
        self._sync_stopped_jobs()
        self._drop_outdated_jobs()
        self._warn_of_what_does_not_compile()

    def on_update(self) -> None:
        forget_observers()
        if not self.disabled and self.event_frequency and self.script_type == "Scheduler Event":
            cron_format = self.cron_format if self.event_frequency == "Cron" else None
            setup_scheduler_events(self.name, self.event_frequency, cron_format)

    def on_trash(self) -> None:
        forget_observers()
        for job in self.scheduled_jobs:
            frappe.delete_doc("Scheduled Job Type", job.name)

    def after_rename(self, old: str, new: str, merge: bool = False) -> None:
        forget_observers()

    def get_code_fields(self) -> dict[str, str]:
        """The script's text may lie in a file of its own."""
        return {"script": "py"}

    @property
    def scheduled_jobs(self) -> list:
        """The scheduler's entries for this script."""
        return frappe.get_all(
            "Scheduled Job Type", filters={"server_script": self.name}, fields=["name", "stopped"]
        )

    def _sync_stopped_jobs(self) -> None:
        if self.script_type != "Scheduler Event" or not self.has_value_changed("disabled"):
            return
        for row in self.scheduled_jobs:
            if bool(row.stopped) != bool(self.disabled):
                job = frappe.get_doc("Scheduled Job Type", row.name)
                job.stopped = self.disabled
                job.save()

    def _drop_outdated_jobs(self) -> None:
        changed = self.has_value_changed
        scheduled = self.script_type == "Scheduler Event"
        if (scheduled and (changed("event_frequency") or changed("cron_format"))) or (
            not scheduled and changed("script_type")
        ):
            for job in self.scheduled_jobs:
                frappe.delete_doc("Scheduled Job Type", job.name, delete_permanently=1)

    def _warn_of_what_does_not_compile(self) -> None:
        from frappe.utils.safe_exec import _policy
        from RestrictedPython import compile_restricted

        try:
            compile_restricted(self.script, policy=_policy())
        except Exception as error:
            frappe.msgprint(str(error), title=_("Compilation warning"))

    def execute_method(self) -> dict:
        """Run a script of type API and return the flags that it set.

        Raises DoesNotExistError for another type, PermissionError for a guest that is not allowed, and
        RateLimitExceededError.
        """
        run = partial(_execute_api_script, self)
        if not self.enable_rate_limit:
            return run()
        from frappe.rate_limiter import rate_limit

        limit, seconds = self.rate_limit_count or 5, self.rate_limit_seconds or 24 * 60 * 60
        return rate_limit(limit=limit, seconds=seconds)(run)()

    def execute_doc(self, doc) -> None:
        """Run it for an event of a document; it cannot end the transaction."""
        safe_exec(self.script, _locals={"doc": doc}, restrict_commit_rollback=True, script_filename=self.name)

    def execute_scheduled_method(self) -> None:
        """Run it for the scheduler. Raises DoesNotExistError for another type."""
        if self.script_type != "Scheduler Event":
            raise frappe.DoesNotExistError
        safe_exec(self.script, script_filename=self.name)

    def get_permission_query_conditions(self, user: str) -> str | None:
        """The SQL condition that it sets as `conditions`."""
        values = {"user": user, "conditions": ""}
        safe_exec(self.script, None, values, script_filename=self.name)
        return values["conditions"] or None


def _execute_api_script(script: ServerScript, *_args, **_kwargs) -> dict:
    if script.script_type != "API" or script.disabled:
        raise frappe.DoesNotExistError
    if frappe.session.user == "Guest" and not script.allow_guest:
        raise frappe.PermissionError
    scope, _locals = safe_exec(script.script, script_filename=script.name)
    return scope.frappe.flags


def setup_scheduler_events(script_name: str, frequency: str, cron_format: str | None = None) -> None:
    """Make, or change, the scheduler's entry for a script."""
    method = frappe.scrub(f"{script_name}-{frequency}")
    existing = frappe.db.get_value("Scheduled Job Type", {"method": method})
    if not existing:
        frappe.get_doc(
            {
                "doctype": "Scheduled Job Type",
                "method": method,
                "frequency": frequency,
                "server_script": script_name,
                "cron_format": cron_format,
            }
        ).insert()
        frappe.msgprint(_("Enabled scheduled execution for script {0}").format(script_name))
        return
    job = frappe.get_doc("Scheduled Job Type", existing)
    if (job.frequency, job.cron_format or None) != (frequency, cron_format or None):
        job.frequency, job.cron_format = frequency, cron_format
        job.save()
        frappe.msgprint(_("Scheduled execution for script {0} has updated").format(script_name))


@frappe.whitelist()
def enabled() -> bool | None:
    """Whether scripts run here, for those who may see scripts."""
    if frappe.has_permission("Server Script"):
        return is_safe_exec_enabled()
    return None
