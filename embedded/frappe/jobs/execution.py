"""Running one job: as its user, in one transaction, with what belongs before and after it."""

import os
import time
from collections.abc import Callable

import frappe
from frappe.jobs.table import ClaimLostError
from frappe.utils import CallbackManager

MAX_RETRIES = 5


def execute_job(site, method, event, job_name, kwargs, user=None, is_async=True, retry=0, claim=None):
    """Run a job: connect as its user, call its method, commit; on an error roll back, log it and raise.

    A deadlock, a lock that could not be had and RetryBackgroundJobError let it run again, up to five times,
    after 1, 2, … 5 seconds. `claim` marks the job's row in the method's own transaction and lets the row
    wait; without one (RQ) the waiting happens here. `is_async=False` runs on the present connection.
    """
    while True:
        try:
            return _attempt(site, method, job_name, kwargs, user, is_async, retry, claim)
        except _RunAgain:
            time.sleep(retry + 1)
            retry += 1


class _RunAgain(Exception):
    """This attempt came to nothing for a reason that passes."""


def _attempt(site, method, job_name, kwargs, user, is_async, retry, claim):
    if is_async:
        _connect(site, user, claim.sites_path if claim else None)
    if claim:
        claim.watch(frappe.local.db)
    name = name_of_method(method)
    result = None
    frappe.local.job = frappe._dict(
        site=site, method=name, job_name=job_name, kwargs=kwargs, user=user, after_job=CallbackManager()
    )
    try:
        for task in frappe.get_hooks("before_job"):
            frappe.call(task, method=name, kwargs=kwargs, transaction_type="job")
        result = (frappe.get_attr(method) if isinstance(method, str) else method)(**kwargs)
        if claim:
            claim.succeed(result)
        frappe.db.commit()
        return result
    except ClaimLostError:
        frappe.db.rollback()
        frappe.logger("jobs").warning(f"{name} runs elsewhere: what was done here is undone")
    except (Exception, SystemExit) as error:
        if claim:
            claim.stop_clock()
        frappe.db.rollback()
        if retry >= MAX_RETRIES or not _may_be_retried(error, claim):
            _log_failure(name, claim)
            raise
        frappe.local.job.after_job.reset()
        if not claim:
            raise _RunAgain from error
        claim.retry(retry + 1)
        frappe.db.commit()
    finally:
        try:
            for task in frappe.get_hooks("after_job"):
                frappe.call(task, method=name, kwargs=kwargs, result=result)
            frappe.local.job.after_job.run()
        finally:
            if is_async:
                frappe.destroy()


def _connect(site: str, user: str | None, sites_path: str | None) -> None:
    frappe.init(site, sites_path=sites_path, force=True)
    frappe.connect()
    if os.environ.get("CI"):
        frappe.flags.in_test = True
    if user:
        frappe.set_user(user)


def _may_be_retried(error: Exception, claim) -> bool:
    if claim and claim.timed_out:
        return False
    if isinstance(
        error, (frappe.RetryBackgroundJobError, frappe.QueryDeadlockError, frappe.QueryTimeoutError)
    ):
        return True
    return bool(frappe.db.is_deadlocked(error) or frappe.db.is_timedout(error))


def _log_failure(name: str, claim) -> None:
    """Write Error Log and the job's end in one transaction; the end alone if there can be no log."""
    traceback = frappe.get_traceback()
    try:
        frappe.log_error(title=name)
        if claim:
            claim.fail(traceback)
        elif frappe.local.conf.redis_queue:
            from frappe.jobs.redis_queue import fail_for_good

            fail_for_good()
        frappe.db.commit()
    except Exception:
        frappe.db.rollback()
        frappe.logger("jobs").error(f"{name} failed, and that could not be logged", exc_info=True)
        if claim:
            claim.fail(traceback)
            frappe.db.commit()
    if not frappe.flags.in_test:
        print(traceback)


def name_of_method(method: str | Callable) -> str:
    return method if isinstance(method, str) else f"{method.__module__}.{method.__qualname__}"
