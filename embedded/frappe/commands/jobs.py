"""Commands that run jobs and say how they stand."""

import sys

import click
import frappe
from frappe.commands import each_site, get_site, pass_context

_QUEUES = "Queues to serve, separated by commas; all of them by default"


@click.command("worker")
@click.option("--queue", help=_QUEUES)
@click.option("--quiet", is_flag=True, default=False, help="Hide what it does")
@click.option("--burst", is_flag=True, default=False, help="End when nothing waits")
@click.option("-u", "--rq-username", hidden=True)
@click.option("-p", "--rq-password", hidden=True)
@click.option("--strategy", hidden=True)
@click.pass_context
def worker(ctx, queue, quiet=False, burst=False, rq_username=None, rq_password=None, strategy=None):
    """Run background jobs of the bench's sites, or of the one named by --site."""
    from frappe.jobs.start import start_worker

    for option in ("rq_username", "rq_password", "strategy"):
        if ctx.params[option]:
            raise NotImplementedError(f"bench worker --{option.replace('_', '-')}")
    start_worker(queue, quiet=quiet, burst=burst, sites=_named_sites(ctx))


@click.command("worker-pool")
@click.option("--queue", help=_QUEUES)
@click.option("--num-workers", type=int, default=2, show_default=True)
@click.option("--quiet", is_flag=True, default=False)
@click.option("--burst", is_flag=True, default=False)
@click.pass_context
def worker_pool(ctx, queue, num_workers=2, quiet=False, burst=False):
    """Run several worker processes."""
    import multiprocessing

    from frappe.jobs.start import start_worker

    context = multiprocessing.get_context("spawn")
    arguments = {"queue": queue, "quiet": quiet, "burst": burst, "sites": _named_sites(ctx)}
    processes = [context.Process(target=start_worker, kwargs=arguments) for _number in range(num_workers)]
    for process in processes:
        process.start()
    try:
        for process in processes:
            process.join()
    except KeyboardInterrupt:  # the workers have got it too, and end after the job at hand
        for process in processes:
            process.join()


def _named_sites(ctx) -> list[str] | None:
    """The sites that --site names; None, which is all of them, where it is not given."""
    root = ctx.find_root()
    return ctx.obj["sites"] if root.params.get("site") not in (None, "all") else None


@click.command("schedule")
def schedule():
    """Enqueue the scheduled jobs of all sites as they become due. One process at a time does."""
    from frappe.utils.scheduler import start_scheduler

    try:
        start_scheduler()
    except KeyboardInterrupt:
        return
    click.echo("Scheduler already running", err=True)


@click.command("scheduler")
@click.argument("state", type=click.Choice(["pause", "resume", "disable", "enable", "status"]))
@click.option("--format", "-f", "form", default="text", type=click.Choice(["json", "text"]))
@click.option("--verbose", "-v", is_flag=True)
@pass_context
def scheduler(context, state, form, verbose=False):
    """Switch a site's scheduler, or say how it stands."""
    import json

    from frappe.installer import update_site_config
    from frappe.utils.scheduler import is_scheduler_inactive, toggle_scheduler

    for site in each_site(context):
        if state == "status":
            status = "disabled" if is_scheduler_inactive(verbose=verbose) else "enabled"
        else:
            status = f"{state}d"
        if state in ("pause", "resume"):
            update_site_config("pause_scheduler", state == "pause")
        elif state in ("enable", "disable"):
            toggle_scheduler(state == "enable")
        text = f"Scheduler is {status} for site {site}"
        print(json.dumps({"status": status, "site": site}) if form == "json" else text)


@click.command("enable-scheduler")
@pass_context
def enable_scheduler(context):
    """Switch the scheduler of sites on."""
    _toggle(context, True)


@click.command("disable-scheduler")
@pass_context
def disable_scheduler(context):
    """Switch the scheduler of sites off."""
    _toggle(context, False)


def _toggle(context, enable: bool) -> None:
    from frappe.utils.scheduler import toggle_scheduler

    for site in each_site(context):
        toggle_scheduler(enable)
        print("Enabled for" if enable else "Disabled for", site)


@click.command("trigger-scheduler-event")
@click.argument("event")
@pass_context
def trigger_scheduler_event(context, event):
    """Run a scheduled method here and now; the Scheduled Job Log says how it went."""
    missing = False
    for _site in each_site(context):
        try:
            frappe.get_doc("Scheduled Job Type", {"method": event}).execute()
        except frappe.DoesNotExistError:
            click.secho(f"Event {event} does not exist!", fg="red", err=True)
            missing = True
    sys.exit(1 if missing else 0)


@click.command("set-maintenance-mode")
@click.argument("state", type=click.Choice(["on", "off"]))
@pass_context
def set_maintenance_mode(context, state):
    """Shut a site for upgrades, or open it again."""
    from frappe.installer import update_site_config

    for _site in each_site(context):
        update_site_config("maintenance_mode", 1 if state == "on" else 0)


@click.command("doctor")
@pass_context
def doctor(context):
    """Say how scheduler, workers and jobs stand."""
    from frappe.utils import doctor

    for site in each_site(context):
        doctor.doctor(site)


@click.command("show-pending-jobs")
@pass_context
def show_pending_jobs(context):
    """List the jobs that wait."""
    from frappe.utils import doctor

    for site in each_site(context):
        doctor.pending_jobs(site)


@click.command("purge-jobs")
@click.option("--queue", help="Only of this queue")
@click.option("--event", help="Only of this event")
@pass_context
def purge_jobs(context, queue=None, event=None):
    """Forget the jobs that wait."""
    from frappe.utils.doctor import purge_pending_jobs

    for site in each_site(context):
        print(f"Purged {purge_pending_jobs(event=event, site=site, queue=queue)} jobs")


@click.command("ready-for-migration")
@pass_context
def ready_for_migration(context):
    """Exit 0 if no job waits, 1 otherwise."""
    from frappe.utils.doctor import any_job_pending

    site = get_site(context)
    with frappe.init_site(site):
        pending = any_job_pending(site)
    answer = "has pending" if pending else "does not have any"
    print(f"{'NOT READY' if pending else 'READY'} for migration: site {site} {answer} background jobs")
    sys.exit(1 if pending else 0)
