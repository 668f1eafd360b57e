"""Commands that back up and restore sites."""

import sys

import click
import frappe
from frappe.commands import each_site, get_site, pass_context


@click.command("backup")
@click.option(
    "--backup-path", type=click.Path(file_okay=False), help="Folder; else the site's private/backups"
)
@click.option(
    "--with-files", is_flag=True, default=False, help="Accepted as in Frappe; files are always included"
)
@click.option("--compress", is_flag=True, default=False, help="Accepted as in Frappe; it always is")
@click.option("--verbose", is_flag=True, default=False, help="Accepted as in Frappe")
@pass_context
def backup(context, backup_path, with_files, compress, verbose):
    """Back up sites, running or not, each into one archive; prints its path."""
    from frappe.utils.backups import make_backup

    for _site in each_site(context):
        click.echo(make_backup(backup_path))


@click.command("restore")
@click.argument("archive", type=click.Path(exists=True, dir_okay=False))
@click.option("--admin-password", help="New password of Administrator")
@click.option("--force", is_flag=True, default=False, help="Accepted as in Frappe")
@pass_context
def restore(context, archive, admin_password, force):
    """Restore a backup in the place of a site, or as a new one. A damaged archive changes nothing."""
    from frappe.utils.password import update_password
    from frappe.utils.restoring import restore

    site = get_site(context)
    try:
        done = restore(site, archive)
    except frappe.ValidationError as error:
        click.secho(str(error), fg="red", err=True)
        sys.exit(1)
    finally:
        frappe.destroy()
    if admin_password:
        for _site in each_site(context):
            update_password("Administrator", admin_password)
    if done["kept"]:
        click.echo(f"The site as it was: {done['kept']}")
    click.echo(f"Site {site} is restored as of {done['manifest']['made_on']}")
