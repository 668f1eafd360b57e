# ruff: noqa: F403
"""Everything of `frappe.utils.data`, and what concerns the site, the bench and the terminal."""

import json
import os
import sys
from collections import deque
from collections.abc import Callable, MutableMapping, MutableSequence, Sequence
from contextlib import suppress

import frappe
from frappe.utils._people import *
from frappe.utils.data import *


def random_string(length: int) -> str:
    import secrets
    import string

    return "".join(secrets.choice(string.ascii_letters + string.digits) for _i in range(length))


def get_traceback(with_context: bool = False) -> str:
    """Traceback of the exception being handled, with paths from the bench; empty if there is none."""
    import traceback

    if sys.exc_info()[1] is None:
        return ""
    return traceback.format_exc().replace(get_bench_path() + "/", "")


# --- defaults


def get_defaults(key=None):
    return frappe.db.get_defaults(key)


def set_default(key, val):
    return frappe.db.set_default(key, val)


# --- collections


def remove_blanks(d: dict) -> dict:
    """The dict itself, without keys whose value is empty, None or 0."""
    for key in [key for key, value in d.items() if not value]:
        del d[key]
    return d


def dict_to_str(args: dict, sep: str = "&") -> str:
    from urllib.parse import quote

    return sep.join(f"{key}={quote(str(args[key] or ''))}" for key in args)


def list_to_str(seq, sep: str = ", ") -> str:
    return sep.join(map(str, seq))


def squashify(what):
    """The only element of a sequence of one, else the sequence."""
    return what[0] if isinstance(what, Sequence) and len(what) == 1 else what


def safe_json_loads(*args):
    results = []
    for arg in args:
        with suppress(Exception):
            arg = json.loads(arg)
        results.append(arg)
    return squashify(results)


def dictify(arg):
    if isinstance(arg, MutableSequence):
        for index, item in enumerate(arg):
            arg[index] = dictify(item)
    elif isinstance(arg, MutableMapping):
        arg = frappe._dict(arg)
    return arg


def parse_json(val):
    """A JSON text as Python; a dict becomes a `_dict`."""
    if isinstance(val, str):
        val = json.loads(val)
    return frappe._dict(val) if isinstance(val, dict) else val


def get_safe_filters(filters):
    """Filters from their JSON text; what is none stays as it is."""
    try:
        filters = json.loads(filters)
    except (TypeError, ValueError):
        return filters
    return str(filters) if isinstance(filters, (int, float)) else filters


def create_batch(iterable, size: int):
    """Slices of at most `size` elements."""
    for start in range(0, len(iterable), size):
        yield iterable[start : start + size]


def groupby_metric(iterable: dict, key: str) -> dict:
    records: dict = {}
    for category, items in iterable.items():
        for item in items:
            records.setdefault(item[key], {}).setdefault(category, []).append(item)
    return records


def get_table_name(table_name: str, wrap_in_backticks: bool = False) -> str:
    name = table_name if table_name.startswith("__") else f"tab{table_name}"
    return f"`{name}`" if wrap_in_backticks else name


def get_db_count(*args) -> dict:
    return {doctype: frappe.db.count(doctype) for doctype in args}


# --- paths


def get_site_path(*path) -> str:
    return frappe.get_site_path(*path)


def get_site_base_path() -> str:
    return frappe.local.site_path


def get_files_path(*path, **kwargs) -> str:
    return frappe.get_site_path("private" if kwargs.get("is_private") else "public", "files", *path)


def get_bench_path() -> str:
    """The folder that holds `sites/`."""
    return os.path.dirname(os.path.abspath(frappe.local.get("sites_path") or "sites"))


def get_sites(sites_path: str | None = None) -> list[str]:
    """Names of the sites of the bench: folders with a `site_config.json`."""
    folder = sites_path or frappe.local.get("sites_path") or "."
    if not os.path.isdir(folder):
        return []
    return sorted(
        name for name in os.listdir(folder) if os.path.exists(os.path.join(folder, name, "site_config.json"))
    )


def touch_file(path) -> str:
    with open(path, "a"):
        os.utime(path, None)
    return path


def get_file_timestamp(fn) -> str | None:
    try:
        return str(int(os.stat(fn).st_mtime))
    except OSError:
        return None


def get_file_size(path, format: bool = False):
    """Size of a file in bytes, or as a text such as `1.2 KB`."""
    size = os.path.getsize(path)
    if not format:
        return size
    for suffix in ("", "K", "M", "G", "T"):
        if abs(size) < 1024:
            return f"{size:3.1f}{suffix}B"
        size /= 1024
    return f"{size:.1f}PB"


# --- calls


def get_hook_method(hook_name: str, fallback=None):
    methods = frappe.get_hooks().get(hook_name)
    if methods:
        return frappe.get_attr(methods[0])
    return fallback


def call_hook_method(hook: str, *args, **kwargs):
    """Call every method of a hook; the first answer that is not empty."""
    out = None
    for method_name in frappe.get_hooks(hook):
        out = out or frappe.get_attr(method_name)(*args, **kwargs)
    return out


def call(fn, *args, **kwargs):
    return frappe.call(fn, *args, **kwargs)


# --- terminal


def is_cli() -> bool:
    """Whether this process has a terminal."""
    try:
        return bool(os.get_terminal_size())
    except OSError:
        return bool(sys.stdin and sys.stdin.isatty())


def update_progress_bar(txt, i, l, absolute: bool = False) -> None:  # noqa: E741 - Frappe's name
    """Draw a bar: step `i` (from 0) of `l`. On standard error, and only on a terminal."""
    if not sys.stderr.isatty():
        return
    filled = int((i + 1) / l * 40)
    status = f"{i} of {l}" if absolute else f"{int((i + 1) / l * 100)}%"
    sys.stderr.write(f"\r{txt:<36}: [{'=' * filled:<40}] {status}")
    sys.stderr.flush()


class CallbackManager:
    """A queue of functions that are run once, in the order they were added."""

    __slots__ = ("_functions",)

    def __init__(self) -> None:
        self._functions: deque = deque()

    def add(self, func: Callable) -> None:
        self._functions.append(func)

    def __call__(self, func: Callable) -> None:
        self.add(func)

    def run(self) -> None:
        while self._functions:
            self._functions.popleft()()

    def reset(self) -> None:
        self._functions.clear()


def __getattr__(name):
    import importlib
    import importlib.util

    if name.startswith("__"):
        raise AttributeError(name)
    if importlib.util.find_spec(f"frappe.utils.{name}"):
        return importlib.import_module(f"frappe.utils.{name}")
    raise NotImplementedError(f"frappe.utils.{name}")
