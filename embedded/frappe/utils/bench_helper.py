"""The `bench` command: its own commands, and those of the apps, which are imported only when asked for."""

import os
import sys

import frappe


def find_sites_path() -> str | None:
    """Absolute path of the bench's `sites/`, or None.

    SITES_PATH names it, FRAPPE_BENCH_ROOT the folder above it; else the current directory and its parents are
    searched for one that holds `sites/`.
    """
    if os.environ.get("SITES_PATH"):
        return os.path.abspath(os.environ["SITES_PATH"])
    if os.environ.get("FRAPPE_BENCH_ROOT"):
        return os.path.join(os.path.abspath(os.environ["FRAPPE_BENCH_ROOT"]), "sites")
    folder = os.getcwd()
    if os.path.isdir(os.path.join(folder, "sites")) and not os.listdir(os.path.join(folder, "sites")):
        return os.path.join(folder, "sites")
    while True:
        for candidate in (os.path.join(folder, "sites"), folder):
            if _holds_sites(candidate):
                return candidate
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent


def _holds_sites(folder: str) -> bool:
    return any(os.path.isfile(os.path.join(folder, name)) for name in ("apps.txt", "common_site_config.json"))


def make_bench() -> str:
    """The bench's `sites/`, made in the current directory if there is none."""
    sites_path = find_sites_path() or os.path.join(os.getcwd(), "sites")
    os.makedirs(sites_path, exist_ok=True)
    for name, content in (("apps.txt", "frappe\n"), ("common_site_config.json", "{}\n")):
        path = os.path.join(sites_path, name)
        if not os.path.exists(path):
            with open(path, "w", encoding="utf-8") as handle:
                handle.write(content)
    return sites_path


def get_sites(site: str | None) -> list[str]:
    """Sites that `--site` means: one, `all`, else FRAPPE_SITE, else the bench's default."""
    sites_path = find_sites_path()
    if site == "all":
        return frappe.utils.get_sites(sites_path)
    if site or os.environ.get("FRAPPE_SITE"):
        return [site or os.environ["FRAPPE_SITE"]]
    default = frappe.get_common_site_config(sites_path).default_site if sites_path else None
    return [default] if default else []


def get_app_commands(app: str) -> dict:
    """Click commands of an app's `commands.py`; empty if it has none. A broken one is reported on stderr."""
    import importlib

    try:
        module = importlib.import_module(f"{app}.commands")
    except ModuleNotFoundError as error:
        if error.name not in (app, f"{app}.commands"):
            print(f"Commands of {app} cannot be loaded: {error}", file=sys.stderr)
        return {}
    except Exception as error:
        print(f"Commands of {app} cannot be loaded: {error!r}", file=sys.stderr)
        return {}
    return {command.name: command for command in getattr(module, "commands", [])}


def get_apps() -> list[str]:
    sites_path = find_sites_path()
    return (
        [app for app in frappe.get_all_apps(sites_path=sites_path) if app != "frappe"] if sites_path else []
    )


def _make_group():
    import click
    from frappe.commands import COMMANDS

    class BenchGroup(click.Group):
        def list_commands(self, ctx):
            names = set(COMMANDS)
            for app in get_apps():
                names |= set(get_app_commands(app))
            return sorted(names)

        def get_command(self, ctx, name):
            import importlib

            if name in COMMANDS:
                module, attribute = COMMANDS[name].split(":")
                return getattr(importlib.import_module(module), attribute)
            for app in get_apps():
                command = get_app_commands(app).get(name)
                if command:
                    return command
            return None

    @click.group(cls=BenchGroup)
    @click.option("--site", help="Name of the site, or `all`")
    @click.option("--profile", is_flag=True, default=False, help="Profile the command")
    @click.option("--verbose", is_flag=True, default=False)
    @click.option("--force", is_flag=True, default=False)
    @click.pass_context
    def bench(ctx, site, profile, verbose, force):
        """Frappe's bench for sites over SQLite."""
        ctx.obj = {"sites": get_sites(site), "profile": profile, "verbose": verbose, "force": force}

    return bench


def main() -> None:
    _make_group()(prog_name="bench")


if __name__ == "__main__":
    main()
