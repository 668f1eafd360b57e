"""The scheduler: every tick, it enqueues the Scheduled Job Types of each site that are due.

One scheduler works for a bench at a time: it holds a file lock, which ends with its process. Another that
waits takes over then. Times are the site's; runs missed while nothing was running are caught up once.
"""

import os
import random
import threading

import frappe
from frappe.utils import cint, get_sites

DEFAULT_TICK_SECONDS = 60


def start_scheduler() -> None:
    """Schedule for every site of the bench until the process ends; returns at once if another one does."""
    from frappe._site import default_sites_path
    from frappe.utils.background_jobs import set_niceness

    with frappe.init_site():
        set_niceness()
    run_scheduler(default_sites_path(), stopping=threading.Event(), wait_for_lock=False)


def run_scheduler(sites_path: str, sites=None, *, stopping: threading.Event, wait_for_lock=True) -> None:
    """Schedule for `sites` (None: all of the bench) until `stopping` is set.

    While another scheduler works this one waits, or returns (`wait_for_lock=False`).
    """
    from filelock import FileLock, Timeout

    tick = _tick_of(sites_path)
    folder = os.path.join(os.path.dirname(os.path.abspath(sites_path)), "config")
    os.makedirs(folder, exist_ok=True)
    lock = FileLock(os.path.join(folder, "scheduler_process"), thread_local=False)
    while not stopping.is_set():
        try:
            lock.acquire(timeout=0)
            break
        except Timeout:
            if not wait_for_lock:
                return
            stopping.wait(tick)
    else:
        return
    try:
        while not stopping.wait(tick):
            enqueue_events_for_all_sites(sites_path, sites)
    finally:
        lock.release()


def _tick_of(sites_path: str) -> int:
    conf = frappe.get_common_site_config(sites_path)
    return cint(conf.scheduler_tick_interval) or DEFAULT_TICK_SECONDS


def get_scheduler_tick() -> int:
    """Seconds between two looks at the clock: `scheduler_tick_interval` of the common configuration."""
    return cint(frappe.get_conf().scheduler_tick_interval) or DEFAULT_TICK_SECONDS


def enqueue_events_for_all_sites(sites_path: str | None = None, sites: list[str] | None = None) -> None:
    """Enqueue what is due, site by site in random order; a site that fails is logged and the rest goes on."""
    from frappe._site import default_sites_path

    sites_path = sites_path or default_sites_path()
    names = list(sites or get_sites(sites_path))
    random.shuffle(names)
    for site in names:
        enqueue_events_for_site(site, sites_path)


def enqueue_events_for_site(site: str, sites_path: str | None = None) -> None:
    """Enqueue what is due on a site, unless its scheduler is off. An error is logged."""
    try:
        frappe.init(site, sites_path=sites_path, force=True)
        if not os.path.exists(_database_path()):
            return
        frappe.connect()
        if not is_scheduler_inactive(verbose=False):
            enqueue_events(site)
            frappe.db.commit()
    except Exception:
        frappe.logger("scheduler").error(f"Exception in Enqueue Events for Site {site}", exc_info=True)
    finally:
        frappe.destroy()


def _database_path() -> str:
    from frappe.database import get_db

    return get_db(cur_db_name=frappe.local.conf.db_name).path


def enqueue_events(site: str) -> list[str]:
    """Enqueue the due jobs of the connected site; returns their methods. A bad cron expression is logged."""
    from croniter import CroniterBadCronError

    enqueued = []
    rows = frappe.get_all("Scheduled Job Type", filters={"stopped": 0}, fields="*")
    random.shuffle(rows)
    for row in rows:
        job_type = frappe.get_doc({"doctype": "Scheduled Job Type", **row})
        try:
            if job_type.enqueue():
                enqueued.append(job_type.method)
        except CroniterBadCronError:
            frappe.logger("scheduler").error(f"Invalid Job on {site} - {job_type.name}", exc_info=True)
    return enqueued


# --- on and off


def is_scheduler_inactive(verbose: bool = True) -> bool:
    """Whether maintenance, a pause or a switch keeps jobs from being scheduled; `verbose` says which."""
    for key, text in (
        ("maintenance_mode", "Maintenance mode is ON"),
        ("pause_scheduler", "frappe.conf.pause_scheduler is SET"),
    ):
        if frappe.local.conf.get(key):
            if verbose:
                cprint(f"{frappe.local.site}: {text}")
            return True
    return is_scheduler_disabled(verbose=verbose)


def is_scheduler_disabled(verbose: bool = True) -> bool:
    """Whether `disable_scheduler` of the configuration or System Settings say so."""
    if frappe.local.conf.disable_scheduler:
        if verbose:
            cprint(f"{frappe.local.site}: frappe.conf.disable_scheduler is SET")
        return True
    if not cint(frappe.db.get_single_value("System Settings", "enable_scheduler")):
        if verbose:
            cprint(f"{frappe.local.site}: SystemSettings.enable_scheduler is UNSET")
        return True
    return False


def cprint(*args, **kwargs) -> None:
    """Print where a person reads along."""
    if os.isatty(1):
        print(*args, **kwargs)


def toggle_scheduler(enable: bool) -> None:
    frappe.db.set_single_value("System Settings", "enable_scheduler", int(enable))


def enable_scheduler() -> None:
    toggle_scheduler(True)


def disable_scheduler() -> None:
    toggle_scheduler(False)


@frappe.whitelist()
def activate_scheduler() -> None:
    """Switch the scheduler on. Refused in maintenance mode."""
    frappe.only_for("Administrator")
    from frappe.installer import update_site_config

    if frappe.local.conf.maintenance_mode:
        frappe.throw(frappe._("Scheduler can not be re-enabled when maintenance mode is active."))
    if is_scheduler_disabled():
        enable_scheduler()
    if frappe.conf.pause_scheduler:
        update_site_config("pause_scheduler", 0)


@frappe.whitelist()
def get_scheduler_status() -> dict:
    """`{"status": "active"}` or `"inactive"`."""
    return {"status": "inactive" if is_scheduler_inactive() else "active"}
