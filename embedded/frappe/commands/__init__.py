"""Commands of `bench` by name, imported when they run; helpers for the apps' own commands."""

import sys
from functools import wraps

import click
import frappe

COMMANDS = {
    "new-site": "frappe.commands.site:new_site",
    "install-app": "frappe.commands.site:install_app",
    "uninstall-app": "frappe.commands.site:uninstall_app",
    "list-apps": "frappe.commands.site:list_apps",
    "migrate": "frappe.commands.site:migrate",
    "use": "frappe.commands.site:use",
    "backup": "frappe.commands.backup:backup",
    "restore": "frappe.commands.backup:restore",
    "add-user": "frappe.commands.users:add_user",
    "add-system-manager": "frappe.commands.users:add_system_manager",
    "disable-user": "frappe.commands.users:disable_user",
    "set-password": "frappe.commands.users:set_password",
    "set-admin-password": "frappe.commands.users:set_admin_password",
    "set-config": "frappe.commands.config:set_config",
    "show-config": "frappe.commands.config:show_config",
    "clear-cache": "frappe.commands.site:clear_cache",
    "execute": "frappe.commands.utils:execute",
    "console": "frappe.commands.utils:console",
    "export-fixtures": "frappe.commands.utils:export_fixtures",
    "run-tests": "frappe.commands.utils:run_tests",
    "serve": "frappe.commands.serve:serve",
    "worker": "frappe.commands.jobs:worker",
    "worker-pool": "frappe.commands.jobs:worker_pool",
    "schedule": "frappe.commands.jobs:schedule",
    "scheduler": "frappe.commands.jobs:scheduler",
    "enable-scheduler": "frappe.commands.jobs:enable_scheduler",
    "disable-scheduler": "frappe.commands.jobs:disable_scheduler",
    "trigger-scheduler-event": "frappe.commands.jobs:trigger_scheduler_event",
    "set-maintenance-mode": "frappe.commands.jobs:set_maintenance_mode",
    "doctor": "frappe.commands.jobs:doctor",
    "show-pending-jobs": "frappe.commands.jobs:show_pending_jobs",
    "purge-jobs": "frappe.commands.jobs:purge_jobs",
    "ready-for-migration": "frappe.commands.jobs:ready_for_migration",
    "version": "frappe.commands.utils:version",
}


def pass_context(f):
    """Pass the options of `bench` as first argument: a dict with `sites`, `verbose`, `force`."""

    @wraps(f)
    def command(ctx, *args, **kwargs):
        profiler = None
        if ctx.obj["profile"]:
            import cProfile

            profiler = cProfile.Profile()
            profiler.enable()
        try:
            return f(frappe._dict(ctx.obj), *args, **kwargs)
        except frappe.SiteNotSpecifiedError as error:
            click.secho(str(error), fg="yellow", err=True)
            sys.exit(1)
        except frappe.IncorrectSitePath as error:
            click.secho(f"Site {error}", fg="yellow", err=True)
            sys.exit(1)
        finally:
            if profiler:
                import pstats

                profiler.disable()
                pstats.Stats(profiler, stream=sys.stderr).sort_stats("cumtime").print_stats(100)

    return click.pass_context(command)


def get_site(context, raise_err: bool = True) -> str | None:
    """The first site asked for. Raises SiteNotSpecifiedError if there is none."""
    sites = context.sites if context else None
    if sites:
        return sites[0]
    if raise_err:
        raise frappe.SiteNotSpecifiedError
    return None


class connected:
    """Context manager: a connected site; commits at the end, or rolls back if the block raised."""

    def __init__(self, site: str):
        self.site = site

    def __enter__(self):
        frappe.init(self.site)
        frappe.connect()
        return frappe.local

    def __exit__(self, kind, error, traceback):
        try:
            if frappe.local.get("db"):
                if kind is None:
                    frappe.db.commit()
                else:
                    frappe.db.rollback()
        finally:
            frappe.destroy()


def each_site(context):
    """Yields every site asked for, connected. Raises SiteNotSpecifiedError if there is none."""
    get_site(context)
    for site in context.sites:
        with connected(site):
            yield site


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    raise NotImplementedError(f"frappe.commands.{name}")
