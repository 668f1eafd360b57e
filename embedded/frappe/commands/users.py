"""Commands on users: adding, disabling, passwords."""

import secrets
import sys
from functools import wraps

import click
import frappe
from frappe.commands import each_site, get_site, pass_context

_NAMES = (click.option("--first-name"), click.option("--last-name"))
_PASSWORD = click.option("--password", help="Without one the user cannot sign in by password")
_WELCOME = click.option("--send-welcome-email", is_flag=True, default=False)


def _refusals(command):
    """A refusal is one line on stderr and exit code 1."""

    @wraps(command)
    def inner(*args, **kwargs):
        from frappe.utils import strip_html

        try:
            return command(*args, **kwargs)
        except frappe.ValidationError as error:
            click.secho(strip_html(str(error)) or type(error).__name__, fg="red", err=True)
            sys.exit(1)

    return inner


def _person(command):
    for option in (_WELCOME, _PASSWORD, *reversed(_NAMES), click.argument("email")):
        command = option(command)
    return command


@click.command("add-user")
@_person
@click.option("--user-type", help="Follows from the roles; accepted as in Frappe")
@click.option("--add-role", multiple=True, help="Roles, which must exist")
@pass_context
@_refusals
def add_user(context, email, first_name, last_name, password, send_welcome_email, user_type, add_role):
    """Add a user with roles to sites."""
    for _site in each_site(context):
        _add(email, first_name, last_name, password, send_welcome_email, add_role)


@click.command("add-system-manager")
@_person
@pass_context
@_refusals
def add_system_manager(context, email, first_name, last_name, password, send_welcome_email):
    """Add a user with every role of a System Manager to sites."""
    for _site in each_site(context):
        roles = frappe.get_all(
            "Role", filters={"name": ["not in", ["Administrator", "Guest", "All", "Desk User"]]}, pluck="name"
        )
        _add(email, first_name, last_name, password, send_welcome_email, roles)


@click.command("disable-user")
@click.argument("email")
@pass_context
@_refusals
def disable_user(context, email):
    """Disable a user; what he is signed in to ends."""
    for _site in each_site(context):
        user = frappe.get_doc("User", email)
        user.enabled = 0
        user.save(ignore_permissions=True)
        from frappe.sessions import clear_sessions

        clear_sessions(user=user.name, force=True)


@click.command("set-password")
@click.argument("user")
@click.argument("password", required=False)
@click.option("--logout-all-sessions", is_flag=True, default=False, help="End the user's sessions")
@pass_context
@_refusals
def set_password(context, user, password, logout_all_sessions):
    """Set the password of a user; asked for if it is not given."""
    _set_password(context, user, password, logout_all_sessions)


@click.command("set-admin-password")
@click.argument("admin-password", required=False)
@click.option("--random", "make_one", is_flag=True, default=False, help="Make a random one and show it once")
@click.option("--logout-all-sessions", is_flag=True, default=False, help="End Administrator's sessions")
@pass_context
@_refusals
def set_admin_password(context, admin_password, make_one, logout_all_sessions):
    """Set the password of Administrator; asked for if it is not given."""
    if make_one and admin_password:
        raise click.UsageError("give a password or --random, not both")
    if make_one:
        admin_password = secrets.token_urlsafe(12)
    _set_password(context, "Administrator", admin_password, logout_all_sessions)
    if make_one:
        click.echo(admin_password)


def _set_password(context, user, password, logout_all_sessions) -> None:
    from frappe.utils.password import update_password

    get_site(context)
    if not password:
        password = click.prompt(f"Password of {user}", hide_input=True, confirmation_prompt=True, err=True)
    for _site in each_site(context):
        if not frappe.db.exists("User", user):
            frappe.throw(f"User {user} does not exist", frappe.DoesNotExistError)
        update_password(user, password, logout_all_sessions=logout_all_sessions)


def _add(email, first_name, last_name, password, send_welcome_email, roles) -> None:
    if frappe.db.exists("User", email):
        frappe.throw(f"User {email} already exists", frappe.DuplicateEntryError)
    missing = [role for role in roles if not frappe.db.exists("Role", role)]
    if missing:
        frappe.throw(f"Role {', '.join(missing)} does not exist", frappe.DoesNotExistError)
    user = frappe.new_doc("User")
    user.update(
        {
            "email": email,
            "first_name": first_name or email,
            "last_name": last_name,
            "enabled": 1,
            "new_password": password,
            "send_welcome_email": int(send_welcome_email),
        }
    )
    user.append_roles(*roles)
    user.insert(ignore_permissions=True)
    click.echo(user.name)
