"""Commands that run code on a site: functions, tests, a console."""

import ast
import json
import sys

import click
import frappe
from frappe.commands import each_site, get_site, pass_context


@click.command("execute")
@click.argument("method")
@click.option("--args", help="Positional arguments: a Python or JSON list, or one plain text")
@click.option("--kwargs", help="Keyword arguments: a Python or JSON dict")
@click.option("--profile", is_flag=True, default=False)
@pass_context
def execute(context, method, args=None, kwargs=None, profile=False):
    """Call a function by its dotted name and print its answer as JSON (nothing if it is empty)."""
    from frappe.utils.response import json_handler

    for _site in each_site(context):
        positional = _literal(args, default=())
        if not isinstance(positional, (list, tuple)):
            positional = [positional]
        answer = _resolve(method)(*positional, **_literal(kwargs, default={}))
        frappe.db.commit()
        if answer:
            print(json.dumps(answer, default=json_handler))


def _literal(text, default):
    """Value of a Python or JSON literal; a text that is neither stays a text."""
    if not text:
        return default
    for read in (ast.literal_eval, json.loads):
        try:
            return read(text)
        except (ValueError, SyntaxError):
            continue
    return text


def _resolve(method: str):
    """The function a dotted name means: of a module, or of an object such as `frappe.db`."""
    from importlib.util import find_spec

    module = method.rpartition(".")[0]
    try:
        is_module = find_spec(module) is not None
    except (ImportError, ValueError):
        is_module = False
    if is_module:
        return frappe.get_attr(method)
    target = frappe.get_module(method.split(".")[0])
    for part in method.split(".")[1:]:
        target = getattr(target, part)
    return target


@click.command("console")
@pass_context
def console(context):
    """A Python prompt on a site; a script may come on standard input. Nothing is committed by itself."""
    site = get_site(context)
    frappe.init(site)
    frappe.connect()
    frappe.local.lang = frappe.db.get_default("lang") or frappe.local.lang
    names = {"frappe": frappe}
    try:
        if sys.stdin.isatty():
            import code

            code.interact(banner=f"frappe on {site}", local=names, exitmsg="")
        else:
            exec(compile(sys.stdin.read(), "<console>", "exec"), names)
    finally:
        frappe.db.rollback()
        frappe.destroy()


@click.command("export-fixtures")
@click.option("--app", help="Only of this app")
@pass_context
def export_fixtures(context, app=None):
    """Write the documents that the apps' `fixtures` hooks name to the apps."""
    from frappe.utils.fixtures import export_fixtures as export

    for _site in each_site(context):
        export(app)


@click.command("run-tests")
@click.option("--app", help="All tests of an app")
@click.option("--doctype", help="Tests of a DocType")
@click.option("--module", help="Tests of a Python module")
@click.option("--test", multiple=True, help="Only tests of these names")
@click.option("--failfast", is_flag=True, default=False, help="Stop at the first failure")
@click.option("--skip-before-tests", is_flag=True, default=False)
@click.option("--skip-test-records", is_flag=True, default=False)
@pass_context
def run_tests(
    context, app, doctype, module, test, failfast=False, skip_before_tests=False, skip_test_records=False
):
    """Run tests; exits 1 if any fails. The site must allow it: `set-config allow_tests true`."""
    from frappe.test_runner import main

    site = get_site(context)
    frappe.init(site)
    if not frappe.local.conf.allow_tests:
        click.secho("Testing is disabled for the site!", bold=True, err=True)
        click.secho(f"You can enable tests by: bench --site {site} set-config allow_tests true", err=True)
        sys.exit(1)
    frappe.destroy()
    result = main(
        site,
        app=app,
        module=module,
        doctype=doctype,
        tests=test,
        verbose=context.verbose,
        failfast=failfast,
        skip_before_tests=skip_before_tests,
        skip_test_records=skip_test_records,
    )
    sys.exit(0 if result.wasSuccessful() else 1)


@click.command("version")
@click.option("--format", "-f", "form", type=click.Choice(["plain", "json"]), default="plain")
def version(form):
    """Versions of the apps of the bench."""
    from frappe.utils.bench_helper import get_apps

    apps = [(app, getattr(frappe.get_module(app), "__version__", "")) for app in ["frappe", *get_apps()]]
    if form == "json":
        print(json.dumps([{"app": app, "version": number} for app, number in apps]))
    else:
        for app, number in apps:
            print(f"{app} {number}")
