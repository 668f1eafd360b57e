"""The scheduler: what hooks ask for becomes documents, what is due becomes jobs, once, by the site's time."""

import datetime
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from host_site import SITE

BENCH = Path(sys.executable).parent / "bench"
PING = "frappe.ping"


@pytest.fixture
def scheduled(frappe_site):
    """The site without scheduled jobs, waiting jobs and logs; afterwards it has its own again."""
    from frappe.core.doctype.scheduled_job_type.scheduled_job_type import sync_jobs
    from frappe.jobs.table import JobTable

    def clear():
        for doctype in ("Scheduled Job Type", "Scheduled Job Log", "Error Log"):
            frappe_site.db.delete(doctype)
        JobTable.of_site().delete("1")

    clear()
    yield frappe_site
    frappe_site.db.rollback()
    clear()
    sync_jobs()
    frappe_site.db.commit()


def job_type(frappe, frequency="Daily", last=None, **values):
    doc = frappe.get_doc(
        doctype="Scheduled Job Type", method=values.pop("method", PING), frequency=frequency, **values
    ).insert()
    if last:
        doc.db_set("last_execution", last, update_modified=False)
    return doc


def refused(frappe, function, **arguments):
    """Assert that a user without roles may not call it (`only_for` lets everybody pass in tests)."""
    frappe.set_user("Guest")
    frappe.flags.in_test = False
    try:
        with pytest.raises(frappe.PermissionError):
            function(**arguments)
    finally:
        frappe.flags.in_test = True
        frappe.set_user("Administrator")


def types(frappe):
    rows = frappe.get_all(
        "Scheduled Job Type", fields=["name", "method", "frequency", "cron_format", "stopped"]
    )
    return {row.pop("name"): tuple(row.values()) for row in rows}


def waiting(frappe):
    from frappe.jobs.table import JobTable

    return [row["job_id"] for row in JobTable.of_site().rows("status = 'queued'")]


def test_hooks_become_documents(scheduled):
    from frappe.core.doctype.scheduled_job_type.scheduled_job_type import sync_jobs

    hooks = {
        "all": [PING],
        "daily_long": ["frappe.utils.now"],
        "hourly_maintenance": ["frappe.utils.today"],
        "cron": {"0/10 * * * *": ["frappe.clear_cache"], "30 3 * * 1": ["frappe.utils.nowdate"]},
    }
    sync_jobs(hooks)
    assert types(scheduled) == {
        "frappe.ping": (PING, "All", None, 0),
        "utils.now": ("frappe.utils.now", "Daily Long", None, 0),
        "utils.today": ("frappe.utils.today", "Hourly Maintenance", None, 0),
        "frappe.clear_cache": ("frappe.clear_cache", "Cron", "0/10 * * * *", 0),
        "utils.nowdate": ("frappe.utils.nowdate", "Cron", "30 3 * * 1", 0),
    }
    logged = {
        name: scheduled.db.get_value("Scheduled Job Type", name, "create_log") for name in types(scheduled)
    }
    assert logged.pop("frappe.ping") == 0 and set(logged.values()) == {1}

    scheduled.db.set_value("Scheduled Job Type", "utils.now", "stopped", 1)
    before = scheduled.db.get_value("Scheduled Job Type", "frappe.ping", "creation")
    sync_jobs({"all": [PING], "daily_long": ["frappe.utils.now"], "weekly": ["frappe.utils.today"]})
    assert types(scheduled) == {
        "frappe.ping": (PING, "All", None, 0),
        "utils.now": ("frappe.utils.now", "Daily Long", None, 1),
        "utils.today": ("frappe.utils.today", "Weekly", None, 0),
    }
    assert scheduled.db.get_value("Scheduled Job Type", "frappe.ping", "creation") == before


def test_a_method_that_is_not_there_is_said_and_kept(scheduled, capsys):
    from frappe.core.doctype.scheduled_job_type.scheduled_job_type import sync_jobs

    sync_jobs({"daily": ["frappe.utils.no_such_method"]})
    assert "frappe.utils.no_such_method is not a valid method" in capsys.readouterr().out
    assert list(types(scheduled)) == ["utils.no_such_method"]


def test_cron_expressions_are_checked(scheduled):
    with pytest.raises(scheduled.ValidationError, match="Cron format is required"):
        job_type(scheduled, "Cron")
    with pytest.raises(scheduled.ValidationError, match="not a valid Cron expression"):
        job_type(scheduled, "Cron", cron_format="61 * * * *")
    assert job_type(scheduled, "Cron", cron_format="*/5 * * * *").name == "frappe.ping"


@pytest.mark.parametrize(
    ("frequency", "cron", "last", "next_run"),
    [
        ("All", None, "2024-02-28 23:58:00", "2024-02-29 00:00:00"),
        ("Hourly", None, "2024-02-28 23:58:00", "2024-02-29 00:00:00"),
        ("Daily", None, "2024-02-28 00:00:00", "2024-02-29 00:00:00"),
        ("Weekly", None, "2024-02-28 12:00:00", "2024-03-03 00:00:00"),
        ("Monthly", None, "2024-02-01 00:00:00", "2024-03-01 00:00:00"),
        ("Yearly", None, "2024-02-28 12:00:00", "2025-01-01 00:00:00"),
        ("Annual", None, "2024-02-28 12:00:00", "2025-01-01 00:00:00"),
        ("Cron", "30 9 3 * *", "2024-02-28 12:00:00", "2024-03-03 09:30:00"),
    ],
)
def test_the_next_moment(scheduled, frequency, cron, last, next_run):
    doc = job_type(scheduled, frequency, last, cron_format=cron)
    moment = datetime.datetime.fromisoformat(next_run)
    assert doc.get_next_execution() == doc.next_execution == moment
    assert doc.is_event_due(moment) and not doc.is_event_due(moment - datetime.timedelta(seconds=1))
    # Runs missed for a month are due as one: after it, the next is the first that is still to come.
    late = moment + datetime.timedelta(days=31)
    assert doc.is_event_due(late)
    doc.last_execution = late
    assert not doc.is_event_due(late)


def test_long_jobs_are_spread_and_maintenance_has_a_minute_of_its_own(scheduled):
    doc = job_type(scheduled, "Daily Long", "2024-02-28 00:00:00")
    moments = {doc.get_next_execution() for _ in range(20)}
    first = datetime.datetime(2024, 2, 29)
    assert len(moments) > 1 and all(
        first < moment <= first + datetime.timedelta(minutes=10) for moment in moments
    )
    assert doc.get_queue_name() == "long"
    doc.frequency = "Hourly Maintenance"
    assert doc.get_queue_name() == "long"
    hourly = doc.get_next_execution()
    doc.frequency = "Daily Maintenance"
    daily = doc.get_next_execution()
    assert hourly == doc.get_next_execution().replace(minute=hourly.minute, hour=hourly.hour, day=hourly.day)
    assert (daily.minute - hourly.minute) % 60 == 30 and daily.hour == 0


def test_what_is_due_is_enqueued_once(scheduled):
    from frappe.utils.scheduler import enqueue_events

    job_type(scheduled, last="2024-01-01 00:00:00")
    job_type(scheduled, method="frappe.utils.now", last=scheduled.utils.now_datetime())
    job_type(scheduled, method="frappe.utils.today", last="2024-01-01 00:00:00", stopped=1)
    scheduled.db.commit()
    assert enqueue_events(SITE) == [PING]
    assert enqueue_events(SITE) == [], "it waits already"
    assert waiting(scheduled) == [f"{SITE}::scheduled_job::frappe.ping"]


def test_by_the_clock_of_the_site(scheduled):
    """Midnight is the site's: at 17:00 UTC it is the next day in Shanghai."""
    from frappe.tests.utils import change_settings
    from frappe.utils.scheduler import enqueue_events

    job_type(scheduled, last="2024-05-06 08:00:00")
    for zone, due in (("Asia/Kolkata", []), ("Asia/Shanghai", [PING])):
        with change_settings("System Settings", time_zone=zone):
            scheduled.local.frozen_utc = datetime.datetime(2024, 5, 6, 17, tzinfo=datetime.timezone.utc)
            try:
                assert enqueue_events(SITE) == due
            finally:
                del scheduled.local.frozen_utc


def test_a_bad_expression_does_not_stop_the_others(scheduled):
    from frappe.utils.scheduler import enqueue_events

    bad = job_type(scheduled, "Cron", last="2024-01-01 00:00:00", cron_format="* * * * *")
    bad.db_set("cron_format", "nonsense")
    job_type(scheduled, method="frappe.utils.now", last="2024-01-01 00:00:00")
    assert enqueue_events(SITE) == ["frappe.utils.now"]


def test_a_run_is_logged(scheduled):
    from frappe.core.doctype.scheduled_job_type import scheduled_job_type as module

    good, quiet = job_type(scheduled), job_type(scheduled, "All", method="frappe.utils.now")
    bad = job_type(scheduled, method="frappe.utils.no_such_method")
    before = scheduled.utils.now_datetime()
    for doc in (good, quiet, bad):
        module.run_scheduled_job(doc.method)
        doc.reload()
        assert doc.last_execution >= before
    logs = scheduled.get_all(
        "Scheduled Job Log", fields=["scheduled_job_type", "status", "details"], order_by="creation"
    )
    assert [(log.scheduled_job_type, log.status) for log in logs] == [
        (good.name, "Complete"),
        (bad.name, "Failed"),
    ]
    assert "no_such_method" in logs[1].details
    good.delete()
    assert [log.scheduled_job_type for log in scheduled.get_all("Scheduled Job Log", fields="*")] == [
        bad.name
    ]


def test_execute_event_is_for_system_managers(scheduled):
    from frappe.core.doctype.scheduled_job_type.scheduled_job_type import execute_event

    doc = job_type(scheduled, last=scheduled.utils.now_datetime())
    execute_event(doc=scheduled.as_json({"name": doc.name}))
    scheduled.db.commit()
    assert len(waiting(scheduled)) == 1
    refused(scheduled, execute_event, doc=scheduled.as_json({"name": doc.name}))


def test_switches(scheduled):
    from frappe.utils import scheduler

    assert scheduler.get_scheduler_status() == {"status": "active"}, "a new site has it on"
    for key in ("maintenance_mode", "pause_scheduler", "disable_scheduler"):
        scheduled.local.conf[key] = 1
        assert scheduler.is_scheduler_inactive()
        del scheduled.local.conf[key]
    scheduler.disable_scheduler()
    assert scheduler.is_scheduler_disabled() and scheduler.is_scheduler_inactive()
    refused(scheduled, scheduler.activate_scheduler)
    scheduler.activate_scheduler()
    assert not scheduler.is_scheduler_inactive()


def test_one_scheduler_at_a_time_and_the_next_takes_over(scheduled, site, monkeypatch):
    from frappe.utils import scheduler

    monkeypatch.setattr(scheduler, "_tick_of", lambda sites_path: 0.05)
    ticks = []
    monkeypatch.setattr(
        scheduler,
        "enqueue_events_for_all_sites",
        lambda *args: ticks.append(threading.current_thread().name),
    )
    stops = {name: threading.Event() for name in "ab"}
    threads = {
        name: threading.Thread(
            target=scheduler.run_scheduler, args=(str(site),), kwargs={"stopping": stops[name]}, name=name
        )
        for name in "ab"
    }
    for thread in threads.values():
        thread.start()
    time.sleep(0.4)
    scheduler.run_scheduler(str(site), stopping=threading.Event(), wait_for_lock=False)
    first = set(ticks)
    assert len(first) == 1
    (holder,) = first
    stops[holder].set()
    threads[holder].join(5)
    ticks.clear()
    time.sleep(0.4)
    assert set(ticks) == {"a", "b"} - first
    for name in "ab":
        stops[name].set()
        threads[name].join(5)


def test_the_scheduler_works_beside_a_server(scheduled, site, monkeypatch):
    from frappe.jobs.start import Background
    from frappe.utils import scheduler

    monkeypatch.setattr(scheduler, "_tick_of", lambda sites_path: 0.1)
    job_type(scheduled, last="2024-01-01 00:00:00")
    scheduled.db.commit()
    background = Background(str(site), [SITE]).start()
    try:
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            scheduled.db.rollback()
            if scheduled.get_all("Scheduled Job Log", filters={"status": "Complete"}):
                break
            time.sleep(0.05)
        time.sleep(0.5)
    finally:
        background.stop()
    scheduled.db.rollback()
    assert scheduled.db.count("Scheduled Job Log") == 1, "missed for years, run once"


def test_commands(scheduled, site):
    def bench(*args, code=0):
        environment = {**os.environ, "SITES_PATH": str(site)}
        done = subprocess.run(
            [str(BENCH), "--site", SITE, *args], env=environment, capture_output=True, text=True
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout

    job_type(scheduled, last="2024-01-01 00:00:00")
    scheduled.enqueue(PING, queue="long", x=1)
    scheduled.db.commit()
    assert bench("scheduler", "status") == f"Scheduler is enabled for site {SITE}\n"
    for state in ("pause", "resume", "disable", "enable"):
        assert bench("scheduler", state) == f"Scheduler is {state}d for site {SITE}\n"
        status = "enabled" if state in ("resume", "enable") else "disabled"
        assert bench("scheduler", "status", "-f", "json") == f'{{"status": "{status}", "site": "{SITE}"}}\n'
    assert bench("disable-scheduler") == f"Disabled for {SITE}\n"
    assert bench("enable-scheduler") == f"Enabled for {SITE}\n"
    assert "Queue: long\nNumber of Jobs:  1\nMethods:\nfrappe.ping : 1" in bench("doctor")
    assert "-----Queue :long-----\nfrappe.ping {'x': 1}" in bench("show-pending-jobs")
    assert bench("ready-for-migration", code=1).startswith("NOT READY")
    assert bench("purge-jobs", "--event", "hourly") == "Purged 0 jobs\n"
    assert bench("purge-jobs") == "Purged 1 jobs\n"
    assert bench("ready-for-migration").startswith("READY")
    bench("trigger-scheduler-event", PING)
    bench("trigger-scheduler-event", "frappe.nothing", code=1)
    scheduled.db.rollback()
    assert scheduled.get_all("Scheduled Job Log", pluck="status") == ["Complete"]


def test_logs_are_cleared_by_night(scheduled):
    from frappe.core.doctype.error_log.error_log import clear_error_logs
    from frappe.core.doctype.log_settings.log_settings import has_unseen_error_log, run_log_clean_up

    old = scheduled.utils.add_days(scheduled.utils.now_datetime(), -15)
    kept, gone = (scheduled.log_error(title=title, message="x") for title in ("new", "old"))
    gone.db_set("modified", old, update_modified=False)
    run_log_clean_up()
    assert scheduled.get_all("Error Log", pluck="name") == [kept.name]
    days = {row.ref_doctype: row.days for row in scheduled.get_doc("Log Settings").logs_to_clear}
    assert days["Error Log"] == 14 and days["Scheduled Job Log"] == 7
    assert has_unseen_error_log()["show_alert"]
    kept.run_method("onload")
    assert has_unseen_error_log() is None
    refused(scheduled, clear_error_logs)
    scheduled.set_user("Guest")
    assert has_unseen_error_log() is None
    scheduled.set_user("Administrator")
    scheduled.db.commit()
    clear_error_logs()
    assert scheduled.db.count("Error Log") == 0
