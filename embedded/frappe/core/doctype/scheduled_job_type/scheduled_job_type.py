"""Scheduled Job Type: a method that the scheduler enqueues time and again."""

import hashlib
import json
from datetime import datetime, timedelta
from random import randint

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, get_datetime, now_datetime
from frappe.utils.background_jobs import enqueue, is_job_enqueued

_CRON = {
    "Yearly": "0 0 1 1 *",
    "Annual": "0 0 1 1 *",
    "Monthly": "0 0 1 * *",
    "Monthly Long": "0 0 1 * *",
    "Weekly": "0 0 * * 0",
    "Weekly Long": "0 0 * * 0",
    "Daily": "0 0 * * *",
    "Daily Long": "0 0 * * *",
    "Hourly": "0 * * * *",
    "Hourly Long": "0 * * * *",
}
_LONGEST_DELAY_SECONDS = 600  # by which long jobs are spread


class ScheduledJobType(Document):
    """One method with its frequency. Moments are those of the site's clock."""

    def autoname(self) -> None:
        self.name = ".".join(self.method.split(".")[-2:])

    def validate(self) -> None:
        if self.frequency != "All":
            self.create_log = 1
        if self.frequency == "Cron":
            self._check_cron_format()

    def _check_cron_format(self) -> None:
        from croniter import CroniterBadCronError, croniter

        if not self.cron_format:
            frappe.throw(_("Cron format is required for job types with Cron frequency."))
        try:
            croniter(self.cron_format)
        except CroniterBadCronError:
            frappe.throw(
                _("{0} is not a valid Cron expression.").format(f"<code>{self.cron_format}</code>"),
                title=_("Bad Cron Expression"),
            )

    def enqueue(self, force: bool = False) -> bool:
        """Enqueue it if it is due (or `force`) and not in a queue already; whether it was."""
        if not (force or self.is_event_due()):
            return False
        if self.is_job_in_queue():
            frappe.logger("scheduler").error(
                f"Skipped queueing {self.method} because it was found in queue for {frappe.local.site}"
            )
            return False
        enqueue(
            "frappe.core.doctype.scheduled_job_type.scheduled_job_type.run_scheduled_job",
            queue=self.get_queue_name(),
            job_type=self.method,
            job_id=self.rq_job_id,
            deduplicate=True,
        )
        return True

    def is_event_due(self, current_time: datetime | None = None) -> bool:
        """Whether its moment has come. Runs that were missed meanwhile count as one."""
        return self.get_next_execution() <= (current_time or now_datetime())

    def is_job_in_queue(self) -> bool:
        return is_job_enqueued(self.rq_job_id)

    @property
    def rq_job_id(self) -> str:
        return f"scheduled_job::{self.method}"

    @property
    def next_execution(self) -> datetime:
        return self.get_next_execution()

    def get_next_execution(self) -> datetime:
        """The first moment of its kind after the last run (or, before the first run, after it was made)."""
        from croniter import croniter

        last = get_datetime(self.last_execution or self.creation)
        moment = croniter(self.cron_format or self._cron_of_frequency(), last).get_next(datetime)
        if "Long" in self.frequency:
            moment += timedelta(seconds=randint(1, _LONGEST_DELAY_SECONDS))
        return moment

    def _cron_of_frequency(self) -> str:
        if self.frequency == "All":
            return f"*/{(cint(frappe.get_conf().scheduler_interval) or 240) // 60 or 1} * * * *"
        if "Maintenance" in self.frequency:
            # A minute of the site's own, so that the sites of a server do not all begin at once.
            minute = int(hashlib.sha1(frappe.local.site.encode(), usedforsecurity=False).hexdigest(), 16) % 60
            return (
                f"{minute} * * * *"
                if self.frequency.startswith("Hourly")
                else f"{(minute + 30) % 60} 0 * * *"
            )
        return _CRON[self.frequency]

    def execute(self) -> None:
        """Run it here, with a log; an error is kept in the log and goes no further."""
        self.scheduler_log = None
        try:
            self.log_status("Start")
            if self.server_script:
                frappe.get_doc("Server Script", self.server_script).execute_scheduled_method()
            else:
                frappe.get_attr(self.method)()
            frappe.db.commit()
            self.log_status("Complete")
        except Exception:
            frappe.db.rollback()
            self.log_status("Failed")

    def log_status(self, status: str) -> None:
        frappe.logger("scheduler").info(f"Scheduled Job {status}: {self.method} for {frappe.local.site}")
        self.update_scheduler_log(status)

    def update_scheduler_log(self, status: str) -> None:
        """Write down when it began and how it ended, and commit."""
        if not self.create_log:
            self.db_set("last_execution", now_datetime(), update_modified=False)
            frappe.db.commit()
            return
        if not self.scheduler_log:
            self.scheduler_log = frappe.get_doc(
                doctype="Scheduled Job Log", scheduled_job_type=self.name
            ).insert(ignore_permissions=True)
        self.scheduler_log.db_set("status", status)
        if frappe.debug_log:
            self.scheduler_log.db_set("debug_log", "\n".join(map(str, frappe.debug_log)))
        if status == "Failed":
            self.scheduler_log.db_set("details", frappe.get_traceback(with_context=True))
        if status == "Start":
            self.db_set("last_execution", now_datetime(), update_modified=False)
        frappe.db.commit()

    def get_queue_name(self) -> str:
        return "long" if "Long" in self.frequency or "Maintenance" in self.frequency else "default"

    def on_trash(self) -> None:
        frappe.db.delete("Scheduled Job Log", {"scheduled_job_type": self.name})


@frappe.whitelist()
def execute_event(doc: str) -> dict:
    """Enqueue a Scheduled Job Type now, due or not."""
    frappe.only_for("System Manager")
    values = json.loads(doc)
    frappe.get_doc("Scheduled Job Type", values.get("name")).enqueue(force=True)
    return values


def run_scheduled_job(job_type: str) -> None:
    """What a worker calls: `job_type` is the method of a Scheduled Job Type."""
    try:
        frappe.get_doc("Scheduled Job Type", {"method": job_type}).execute()
    except Exception:
        print(frappe.get_traceback())


# --- from hooks to documents


def sync_jobs(hooks: dict | None = None) -> None:
    """Make the Scheduled Job Types what the apps' `scheduler_events` say; stopped ones stay stopped."""
    events = list(_events_of(frappe.get_hooks("scheduler_events", {}) if hooks is None else hooks))
    for frequency, method, cron_format in events:
        insert_single_event(frequency, method, cron_format)
    clear_events([method for _frequency, method, _cron in events])


def _events_of(hooks: dict):
    """Yields (frequency, method, cron format or None) of `scheduler_events`."""
    for kind, events in hooks.items():
        if isinstance(events, dict):
            for cron_format, methods in events.items():
                yield from (("Cron", method, cron_format) for method in methods)
        else:
            yield from ((kind.replace("_", " ").title(), method, None) for method in events)


def insert_single_event(frequency: str, event: str, cron_format: str | None = None) -> None:
    """Insert a Scheduled Job Type if there is none like it, in place of one of its name but another time."""
    try:
        frappe.get_attr(event)
    except Exception as error:
        print(f"{event} is not a valid method: {error}")
    wanted = {
        "method": event,
        "frequency": frequency,
        **({"cron_format": cron_format} if cron_format else {}),
    }
    if frappe.db.exists("Scheduled Job Type", wanted):
        return
    doc = frappe.get_doc({"doctype": "Scheduled Job Type", **wanted})
    frappe.db.savepoint("scheduled_job_type")
    try:
        doc.insert()
    except frappe.DuplicateEntryError:
        frappe.db.rollback(save_point="scheduled_job_type")
        frappe.clear_messages()
        doc.delete()
        doc.insert()


def clear_events(all_events: list[str]) -> None:
    """Delete Scheduled Job Types that no hook names and no Server Script made."""
    for row in frappe.get_all("Scheduled Job Type", fields=["name", "method", "server_script"]):
        if row.method not in all_events and not row.server_script:
            frappe.delete_doc("Scheduled Job Type", row.name)
