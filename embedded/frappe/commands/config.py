"""Commands on configuration files."""

import ast
import json
import os

import click
import frappe
from frappe.commands import get_site, pass_context


@click.command("set-config")
@click.argument("key")
@click.argument("value")
@click.option("-g", "--global", "global_", is_flag=True, default=False, help="Of all sites of the bench")
@click.option("-p", "--parse", is_flag=True, default=False, help="Read the value as a Python literal")
@pass_context
def set_config(context, key, value, global_=False, parse=False):
    """Set a key of the configuration; the value None removes it."""
    from frappe.installer import update_site_config
    from frappe.utils.bench_helper import make_bench

    if parse:
        value = ast.literal_eval(value)
    if global_:
        path = os.path.join(make_bench(), "common_site_config.json")
        with frappe.init_site():
            update_site_config(key, value, site_config_path=path)
        return
    get_site(context)
    for site in context.sites:
        with frappe.init_site(site):
            update_site_config(key, value)


@click.command("show-config")
@click.option("--format", "-f", "form", type=click.Choice(["text", "json"]), default="text")
@pass_context
def show_config(context, form):
    """Show the configuration of sites; values of keys that look secret are hidden."""
    get_site(context)
    shown = {}
    for site in context.sites:
        with frappe.init_site(site):
            shown[site] = {
                key: "********" if any(word in key for word in ("password", "secret", "_key")) else value
                for key, value in sorted(frappe.local.conf.items())
            }
    if form == "json":
        print(json.dumps(shown))
        return
    for site, config in shown.items():
        print(site)
        for key, value in config.items():
            print(f"  {key}: {value}")
