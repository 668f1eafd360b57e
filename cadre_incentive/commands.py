"""Commands of `bench --site SITE`: JSON or a short text on stdout, progress and errors on stderr.

Every `bench` start imports this module, so what a command needs is imported where it runs.
"""

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import click
import frappe
from frappe.commands import get_site, pass_context


@click.command("cadre-rebuild")
@click.option("--period", required=True, help="month of the lists, YYYY-MM")
@click.option("--board", help="one List Board; without it every enabled board")
@click.option("--cutoff", help="date or time as of which records count; default: third working day after")
@click.option("--json", "as_json", is_flag=True, help="one JSON object on a line for each board")
@pass_context
def cadre_rebuild(context, period, board, cutoff, as_json):
    """Draft the red/black lists of a month; unchanged records change nothing."""
    with _connected(context):
        from cadre_incentive.cadre_incentive.doctype.red_black_list import cutoffs, rebuild, versions

        month = cutoffs.parse_period(period)
        if cutoff:
            cutoffs.parse_cutoff(cutoff, month)
        boards = [versions.check_board(board, period)] if board else _boards()
        failed = 0
        outcomes = rebuild.rebuild_boards(boards, period, cutoff, commit=True)
        for outcome in _progress(outcomes, len(boards), "Rebuilding"):
            if outcome.error:
                failed += 1
                click.echo(f"{outcome.board}: {_plain(outcome.error)}", err=True)
            else:
                _show(outcome.name, as_json)
        if failed:
            sys.exit(1)


@click.command("cadre-publish")
@click.option("--period", required=True, help="month of the lists, YYYY-MM")
@click.option("--board", help="one List Board; without it every enabled board")
@pass_context
def cadre_publish(context, period, board):
    """Publish the drafts of a month; strikes are posted with them."""
    with _connected(context):
        from cadre_incentive.cadre_incentive.doctype.red_black_list import cutoffs, rebuild, versions

        cutoffs.parse_period(period)
        boards = [versions.check_board(board, period)] if board else _boards()
        failed = 0
        outcomes = rebuild.publish_boards(boards, period)
        for outcome in _progress(outcomes, len(boards), "Publishing"):
            if outcome.name:
                _show(outcome.name, as_json=False)
            else:
                failed += 1
                click.echo(f"{outcome.board}: {_plain(outcome.error)}", err=True)
        if failed:
            sys.exit(1)


@click.command("cadre-import-tickets")
@click.argument("file")
@click.option("--map", "map_path", required=True, help="JSON file that maps the columns")
@click.option("--dry-run", is_flag=True, help="say what would happen, change nothing")
@pass_context
def cadre_import_tickets(context, file, map_path, dry_run):
    """Import tickets from CSV, CSV.gz or XLSX; bad rows go to FILE.rejected.csv."""
    with _connected(context):
        from cadre_incentive.imports.tickets import import_file

        with _bar("Importing") as progress:
            result = import_file(_path(file), _path(map_path), dry_run=dry_run, progress=progress)
        click.echo("\n".join(result.lines()))


@click.command("cadre-workbook")
@click.option("--period", required=True, help="month of the lists, YYYY-MM")
@click.option("--out", required=True, help="the .xlsx file to write")
@pass_context
def cadre_workbook(context, period, out):
    """Write the leaders' Excel workbook of a month."""
    with _connected(context):
        from cadre_incentive.workbooks import write_workbook

        with _bar("Writing") as progress:
            path = write_workbook(period, _path(out), progress=progress)
        click.echo(path)


@click.command("cadre-demo")
@click.option("--clear", is_flag=True, help="remove the demo data again")
@pass_context
def cadre_demo(context, clear):
    """Load the demo data, the same on every run; what is there stays."""
    with _connected(context):
        from cadre_incentive.setup import demo

        with _bar("Clearing" if clear else "Loading") as progress:
            lines = demo.clear(progress=progress) if clear else demo.load(progress=progress)
        click.echo("\n".join(lines))


@click.command("cadre-demo-users")
@click.option("--json", "as_json", is_flag=True, help="one JSON object on a line for each user")
@pass_context
def cadre_demo_users(context, as_json):
    """Make a user for each role of the demo county and print how they sign in; the same on every run."""
    with _connected(context):
        import json

        from cadre_incentive.setup import demo_users

        for user in demo_users.load():
            if as_json:
                click.echo(json.dumps(user))
            else:
                click.echo("  {user:28} {password:14} {role} {unit}".format(**user).rstrip())


@click.command("cadre-export")
@click.argument("file")
@pass_context
def cadre_export(context, file):
    """Write all records of the app, with people and rights, to FILE as JSON lines (.gz: compressed)."""
    with _connected(context):
        from cadre_incentive.transfer.export import export_records

        with _bar("Exporting") as progress:
            count = export_records(_path(file), progress=progress)
        click.echo(f"exported: {count}")


@click.command("cadre-import")
@click.argument("file")
@click.option("--dry-run", is_flag=True, help="say what would happen, change nothing")
@pass_context
def cadre_import(context, file, dry_run):
    """Bring in what cadre-export wrote on any site; the file wins, a second time changes nothing."""
    with _connected(context):
        from cadre_incentive.transfer.load import import_records

        with _bar("Importing") as progress:
            counts = import_records(_path(file), dry_run=dry_run, progress=progress)
        click.echo("\n".join(f"{key}: {counts[key]}" for key in ("added", "changed", "same")))


@contextmanager
def _connected(context) -> Iterator[None]:
    """Connect to the site in its language; a refusal becomes one line on stderr and exit code 1."""
    frappe.init(site=get_site(context))
    frappe.connect()
    try:
        frappe.local.lang = frappe.db.get_single_value("System Settings", "language") or "en"
        yield
    except frappe.ValidationError as error:
        frappe.db.rollback()
        raise click.ClickException(_plain(str(error)) or type(error).__name__)
    finally:
        frappe.destroy()


def _show(name: str, as_json: bool) -> None:
    from cadre_incentive.cadre_incentive.doctype.red_black_list import display

    if not as_json:
        click.echo(display.as_table(name))
        return
    note = frappe.db.get_value("Red Black List", name, "calendar_note")
    if note:
        click.echo(f"{name}: {note}", err=True)
    click.echo(display.as_json(name))


def _boards() -> list[str]:
    from frappe import _

    from cadre_incentive.cadre_incentive.doctype.red_black_list.rebuild import enabled_boards

    boards = enabled_boards()
    if not boards:
        frappe.throw(_("There is no enabled List Board"))
    return boards


def _progress(items: Iterable, length: int, label: str) -> Iterator:
    """Pass items on, after a bar on stderr where that is a terminal and there is something to wait for."""
    if length < 2 or not sys.stderr.isatty():
        yield from items
        return
    with click.progressbar(items, length=length, label=label, file=sys.stderr) as bar:
        # All first: what the caller prints about an item would land in the line of the bar.
        done = list(bar)
    yield from done


@contextmanager
def _bar(label: str) -> Iterator:
    """A function progress(done, total) that draws a bar on stderr, or None where that is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    with click.progressbar(length=1, label=label, file=sys.stderr) as bar:

        def progress(done: int, total: int) -> None:
            bar.length = max(total, 1)
            bar.update(done - bar.pos)

        yield progress


def _path(path: str) -> str:
    """A path as the user typed it: bench has stepped from its own folder into sites/ before we run."""
    typed_in = os.environ.get("PWD", "")
    stepped = typed_in and os.path.realpath(os.path.join(typed_in, "sites")) == os.path.realpath(os.getcwd())
    return os.path.join(typed_in, path) if stepped else path


def _plain(message: str) -> str:
    from frappe.utils import strip_html

    return strip_html(message)


commands = [
    cadre_rebuild,
    cadre_publish,
    cadre_import_tickets,
    cadre_workbook,
    cadre_demo,
    cadre_demo_users,
    cadre_export,
    cadre_import,
]
