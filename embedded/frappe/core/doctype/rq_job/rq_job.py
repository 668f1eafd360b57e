"""RQ Job: background jobs as documents, wherever they are kept. There is no table: lists ask the queue."""

import frappe
from frappe.model.document import Document
from frappe.utils import cint, compare, convert_utc_to_system_timezone
from frappe.utils.background_jobs import backend, get_queue_list

JOB_STATUSES = ("queued", "started", "failed", "finished", "deferred", "scheduled", "canceled")
_COLUMNS = {"queue", "status", "job_name", "job_id", "name"}


class RQJob(Document):
    """One job. Only those of the current site are seen."""

    def load_from_db(self) -> None:
        job = backend().fetch(self.name)
        if job is None:
            raise frappe.DoesNotExistError(f"RQ Job {self.name} not found")
        values = serialize_job(job)
        if job.kwargs.get("site") != frappe.local.site:
            raise frappe.PermissionError
        super(Document, self).__init__({"doctype": "RQ Job", **values})
        self.flags = frappe._dict()
        self._job = job

    @property
    def job(self):
        return self._job

    @staticmethod
    def get_list(args) -> list[frappe._dict]:
        """Jobs that meet the filters (on queue, status, name), the newest first unless asked otherwise."""
        start = cint(args.get("start") or args.get("limit_start"))
        length = cint(args.get("page_length") or args.get("limit_page_length"))
        found = _matching(args.get("filters"))
        if "desc" not in (args.get("order_by") or "desc").lower():
            found.reverse()
        return found[start : start + length if length else None]

    @staticmethod
    def get_count(args) -> int:
        return len(_matching(args.get("filters")))

    @staticmethod
    def get_stats(args) -> dict:
        return {}

    def delete(self, *args, **kwargs) -> None:
        """Forget the job; one that runs is not stopped."""
        frappe.only_for("System Manager")
        self.job.delete()

    def stop_job(self) -> None:
        raise NotImplementedError("frappe.core.doctype.rq_job.rq_job.stop_job")

    def db_insert(self, *args, **kwargs) -> None:
        """Jobs are made by `frappe.enqueue` alone."""

    def db_update(self, *args, **kwargs) -> None:
        """Jobs are changed by their workers alone."""


def _matching(filters) -> list[frappe._dict]:
    conditions = [_condition(row) for row in _rows(filters)]
    queues, statuses = get_queue_list(), list(JOB_STATUSES)
    for field, operator, value in conditions:
        if field == "queue":
            queues = [queue for queue in queues if compare(queue, operator, value)]
        elif field == "status":
            statuses = [status for status in statuses if compare(status, operator, value)]
    jobs = [serialize_job(job) for job in backend().jobs_of_site(queues, statuses)]
    return [
        job
        for job in jobs
        if all(compare(job[field], operator, value) for field, operator, value in conditions)
    ]


def _rows(filters) -> list:
    if isinstance(filters, dict):
        return [
            [field, *(value if isinstance(value, (list, tuple)) else ("=", value))]
            for field, value in filters.items()
        ]
    return list(filters or ())


def _condition(row) -> tuple:
    """(field, operator, value) of a filter in any of its forms. Raises ValidationError for other fields."""
    field, operator, value = row[-3:] if len(row) == 3 else row[1:4]
    if field not in _COLUMNS:
        frappe.throw(frappe._("Invalid filter: {0}").format(f"<b>{frappe.utils.escape_html(str(field))}</b>"))
    return field, operator, value


def serialize_job(job) -> frappe._dict:
    """A job's fields; moments in the site's time zone."""
    arguments = job.kwargs
    name = backend().name_of(job)
    modified = job.ended_at or job.started_at or job.created_at
    return frappe._dict(
        name=name,
        job_id=name,
        queue=job.origin.rpartition(":")[2],
        job_name=_readable_name(arguments),
        status=str(getattr(job.get_status(), "value", None) or job.get_status()),
        started_at=_local_moment(job.started_at),
        ended_at=_local_moment(job.ended_at),
        time_taken=(job.ended_at - job.started_at).total_seconds() if job.ended_at and job.started_at else "",
        exc_info=backend().exception_of(job),
        arguments=frappe.as_json({key: _plain(value) for key, value in arguments.items()}),
        timeout=job.timeout,
        creation=_local_moment(job.created_at),
        modified=_local_moment(modified),
        _comment_count=0,
        owner=arguments.get("user"),
        modified_by=arguments.get("user"),
    )


def _local_moment(moment):
    return convert_utc_to_system_timezone(moment).replace(tzinfo=None) if moment else ""


def _plain(value):
    return f"{value.__module__}.{value.__qualname__}" if callable(value) else value


def _readable_name(arguments: dict) -> str:
    """The scheduled method, the document's method, else what the job was called."""
    inner = arguments.get("kwargs") or {}
    name = inner.get("job_type") or str(arguments.get("job_name"))
    if (
        name == "frappe.utils.background_jobs.run_doc_method"
        and inner.get("doctype")
        and inner.get("doc_method")
    ):
        return f"{inner['doctype']}.{inner['doc_method']}"
    return name


@frappe.whitelist()
def remove_failed_jobs() -> None:
    """Forget the failed jobs of the site."""
    frappe.only_for("System Manager")
    backend().forget_failed()


@frappe.whitelist()
def stop_job(job_id: str) -> None:
    """Not answered: a job ends by itself or by its timeout."""
    frappe.only_for("System Manager")
    frappe.get_doc("RQ Job", job_id).stop_job()


def get_all_queued_jobs() -> list:
    """Jobs of the site that wait."""
    return backend().jobs_of_site(get_queue_list(), ["queued"])
