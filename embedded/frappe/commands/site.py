"""Commands that make, change and describe sites."""

import os
import sys

import click
import frappe
from frappe.commands import connected, each_site, get_site, pass_context


@click.command("new-site")
@click.argument("site")
@click.option("--admin-password", help="Password of Administrator; without one nobody can log in by password")
@click.option("--db-name", help="Name of the database file")
@click.option("--install-app", "install_apps", multiple=True, help="Apps to install at once")
@click.option("--language", help="Language of the site, such as zh")
@click.option("--time-zone", help="Time zone of the site, such as Asia/Shanghai")
@click.option("--set-default", is_flag=True, default=False, help="Make it the bench's default site")
@click.option("--force", is_flag=True, default=False, help="Replace a site of that name")
@pass_context
def new_site(
    context, site, admin_password, db_name, install_apps, language, time_zone, set_default, force=False
):
    """Make a new site."""
    from frappe.installer import SiteExistsError
    from frappe.installer import new_site as make
    from frappe.utils.bench_helper import make_bench

    sites_path = make_bench()
    for app in install_apps:
        _add_to_bench(app, sites_path)
    try:
        make(
            site,
            admin_password=admin_password,
            db_name=db_name,
            install_apps=install_apps,
            force=force or context.force,
            language=language,
            time_zone=time_zone,
        )
    except SiteExistsError as error:
        click.secho(str(error), fg="red", err=True)
        sys.exit(1)
    finally:
        frappe.destroy()
    if set_default:
        _set_default(site, sites_path)


@click.command("install-app")
@click.argument("apps", nargs=-1, required=True)
@click.option("--force", is_flag=True, default=False)
@pass_context
def install_app(context, apps, force=False):
    """Install apps on sites; an app that can be imported is added to the bench."""
    from frappe.installer import install_app as install
    from frappe.utils.bench_helper import make_bench

    get_site(context)
    sites_path = make_bench()
    for app in apps:
        _add_to_bench(app, sites_path)
    for _site in each_site(context):
        for app in apps:
            install(app, verbose=context.verbose, force=force or context.force)


def _add_to_bench(app: str, sites_path: str) -> None:
    import importlib.util

    path = os.path.join(sites_path, "apps.txt")
    apps = frappe.get_file_items(path)
    if app in apps:
        return
    if importlib.util.find_spec(app) is None:
        click.secho(f"App {app} cannot be imported", fg="red", err=True)
        sys.exit(1)
    with open(path, "w", encoding="utf-8") as handle:
        handle.write("\n".join([*(apps or ["frappe"]), app]) + "\n")


@click.command("uninstall-app")
@click.argument("app")
@click.option("--yes", "-y", is_flag=True, default=False, help="Do not ask")
@click.option(
    "--no-backup", is_flag=True, default=False, help="Accepted as in Frappe; no backup is made here"
)
@click.option("--force", is_flag=True, default=False)
@pass_context
def uninstall_app(context, app, yes, no_backup, force):
    """Remove an app and all its data from sites."""
    from frappe.installer import remove_app

    for site in each_site(context):
        if not yes:
            click.confirm(f"All DocTypes and data of {app} on {site} will be deleted. Continue?", abort=True)
        remove_app(app, force=force)


@click.command("list-apps")
@pass_context
def list_apps(context):
    """List the apps of sites."""
    for site in each_site(context):
        if len(context.sites) > 1:
            print(site)
        for app in frappe.get_installed_apps():
            version = getattr(frappe.get_module(app), "__version__", "")
            print(f"{app} {version}".rstrip())


@click.command("migrate")
@click.option("--skip-failing", is_flag=True, default=False, help="Log patches that fail and go on")
@click.option("--skip-search-index", is_flag=True, default=False, help="Accepted as in Frappe")
@pass_context
def migrate(context, skip_failing=False, skip_search_index=False):
    """Run patches, sync DocTypes, fixtures and hooks."""
    from frappe.migrate import SiteMigration

    get_site(context)
    for site in context.sites:
        click.secho(f"Migrating {site}", fg="green")
        SiteMigration(skip_failing=skip_failing).run(site)


@click.command("use")
@click.argument("site")
def use(site):
    """Make a site the bench's default."""
    from frappe.utils.bench_helper import make_bench

    sites_path = make_bench()
    if not os.path.exists(os.path.join(sites_path, site, "site_config.json")):
        click.secho(f"Site {site} does not exist", fg="red", err=True)
        sys.exit(1)
    _set_default(site, sites_path)


def _set_default(site: str, sites_path: str) -> None:
    from frappe.installer import update_site_config

    path = os.path.join(sites_path, "common_site_config.json")
    with frappe.init_site(site):
        update_site_config("default_site", site, site_config_path=path)
    print(f"Current Site set to {site}")


@click.command("clear-cache")
@pass_context
def clear_cache(context):
    """Forget what is cached of sites, in running processes too."""
    get_site(context)
    for site in context.sites:
        with connected(site):
            frappe.clear_cache()
