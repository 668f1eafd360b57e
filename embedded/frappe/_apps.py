"""Apps of the bench and of the site: their hooks, modules, paths, and functions by dotted name."""

import importlib
import importlib.util
import inspect
import json
import os
import pickle
import time
import types
import warnings
import weakref
from collections.abc import Callable
from typing import Any

import frappe
from frappe.types.frappedict import _dict
from frappe.utils.caching import request_cache


def get_all_apps(with_internal_apps: bool = True, sites_path: str | None = None) -> list[str]:
    """Apps named in `sites/apps.txt`; frappe first, whether named or not."""
    path = os.path.join(sites_path or frappe.local.sites_path, "apps.txt")
    apps = [app for app in get_file_items(path) if app != "frappe"]
    return ["frappe", *apps]


@request_cache
def get_installed_apps(*, _ensure_on_bench: bool = False) -> list[str]:
    """Apps installed on the site, in the order of installation."""
    if frappe.local.flags.in_install_db:
        return []
    if not frappe.local.db:
        frappe.connect()
    installed = json.loads(frappe.local.db.get_global("installed_apps") or "[]")
    if _ensure_on_bench:
        on_bench = get_all_apps()
        installed = [app for app in installed if app in on_bench]
    return installed


def _is_hook(value) -> bool:
    return not isinstance(value, (types.ModuleType, types.FunctionType, type))


@request_cache
def _load_app_hooks(app_name: str | None = None) -> dict:
    return _read_hooks([app_name] if app_name else frappe.get_installed_apps(_ensure_on_bench=True))


@request_cache
def _hook_in_server(hook: str):
    """A hook as a server read it when it was first asked for any; whoever changes it changes a copy."""
    apps = tuple(frappe.get_installed_apps(_ensure_on_bench=True))
    packed = _HOOKS_OF_APPS.get(apps)
    if packed is None:
        packed = {name: pickle.dumps(value) for name, value in _read_hooks(apps).items()}
        _HOOKS_OF_APPS[apps] = packed
    return pickle.loads(packed[hook]) if hook in packed else None


_HOOKS_OF_APPS: dict = {}


def _read_hooks(apps: list[str]) -> dict:
    hooks: dict = {}
    for app in apps:
        module = get_module(f"{app}.hooks")
        for key, value in inspect.getmembers(module, predicate=_is_hook):
            if not key.startswith("_"):
                append_hook(hooks, key, value)
    return hooks


def get_hooks(hook: str | None = None, default: Any = "_KEEP_DEFAULT_LIST", app_name: str | None = None):
    """Hooks of all installed apps (or of one), each a list or a dict of lists.

    Without `hook`: all of them as a dict. An absent hook answers `default`, which is an empty list.
    """
    absent = [] if default == "_KEEP_DEFAULT_LIST" else default
    if hook and not app_name and frappe.local.get("request"):
        found = _hook_in_server(hook)
        return absent if found is None else found
    hooks = _dict(_load_app_hooks(app_name) if app_name else _load_app_hooks())
    if hook:
        return hooks.get(hook, absent)
    return hooks


def append_hook(target: dict, key, value) -> None:
    """Merge one app's hook into `target`: dicts merge key by key, everything else extends a list."""
    if isinstance(value, dict):
        target.setdefault(key, {})
        for inner in value:
            append_hook(target[key], inner, value[inner])
    else:
        target.setdefault(key, []).extend(value if isinstance(value, list) else [value])


def get_doc_hooks() -> dict:
    """`doc_events` of all apps by DocType; a tuple of DocTypes stands for each of them."""
    if "doc_events_hooks" not in frappe.local.__dict__:
        out: dict = {}
        for key, value in frappe.get_hooks("doc_events", {}).items():
            for doctype in key if isinstance(key, tuple) else (key,):
                append_hook(out, doctype, value)
        frappe.local.doc_events_hooks = out
    return frappe.local.doc_events_hooks


def setup_module_map(include_all_apps: bool = True) -> None:
    """Fill `local.app_modules` and `local.module_app` from the `modules.txt` of every app on the bench."""
    apps = tuple(get_all_apps())
    if frappe.local.get("serving"):
        # A server is started anew with the code of its apps.
        texts = None
    else:
        texts = tuple(read_file(get_app_path(app, "modules.txt")) for app in apps)
    held = _MODULE_MAPS.get((apps, texts))
    if held is None:
        held = _MODULE_MAPS[apps, texts] = _read_module_map(apps)
    app_modules, module_app = held
    frappe.local.app_modules = {app: list(modules) for app, modules in app_modules.items()}
    frappe.local.module_app = dict(module_app)


_MODULE_MAPS: dict = {}


def _read_module_map(apps: tuple[str, ...]) -> tuple[dict, dict]:
    app_modules = {app: [frappe.scrub(module) for module in get_module_list(app)] for app in apps}
    module_app: dict = {}
    for app, modules in app_modules.items():
        for module in modules:
            if module in module_app:
                warnings.warn(
                    f"module `{module}` found in apps `{module_app[module]}` and `{app}`", stacklevel=1
                )
            module_app[module] = app
    return app_modules, module_app


def get_module_list(app_name: str) -> list[str]:
    """Modules of an app, as its `modules.txt` names them."""
    return get_file_items(get_app_path(app_name, "modules.txt"))


def get_module_path(module: str, *joins) -> str:
    from frappe.modules.utils import get_module_app

    return get_pymodule_path(get_module_app(module) + "." + frappe.scrub(module), *joins)


def get_app_path(app_name: str, *joins) -> str:
    """Path of an app's Python package; the parts that follow are scrubbed unless they name `public`."""
    return get_pymodule_path(app_name, *joins)


def get_app_source_path(app_name: str, *joins) -> str:
    """Path of the repository that holds the app's package."""
    return get_app_path(app_name, "..", *joins)


def get_pymodule_path(modulename: str, *joins) -> str:
    if "public" not in joins:
        joins = [frappe.scrub(part) for part in joins]
    return os.path.abspath(os.path.join(_package_folder(frappe.scrub(modulename)), *joins))


def _package_folder(modulename: str) -> str:
    """Folder of a package. Found without running it where possible: paths are asked for on every start."""
    top, *rest = modulename.split(".")
    spec = importlib.util.find_spec(top)
    if spec is None:
        raise ModuleNotFoundError(f"No module named {top!r}", name=top)
    folders = list(spec.submodule_search_locations or ())
    if not folders:
        return os.path.dirname(get_module(modulename).__file__)
    folder = os.path.join(folders[0], *rest)
    if rest and not os.path.isdir(folder):
        return os.path.dirname(get_module(modulename).__file__)
    return folder


def get_module(modulename: str):
    """Import a Python module by its dotted name."""
    return importlib.import_module(modulename)


def get_file_items(path, raise_not_found: bool = False, ignore_empty_lines: bool = True) -> list[str]:
    """Lines of a text file without comments and empty lines; empty if there is no such file."""
    content = read_file(path, raise_not_found=raise_not_found)
    if not content:
        return []
    return [
        line.strip()
        for line in content.strip().splitlines()
        if not ignore_empty_lines or (line.strip() and not line.startswith("#"))
    ]


def get_file_json(path):
    with open(path, encoding="utf-8") as handle:
        return json.load(handle)


def read_file(path, raise_not_found: bool = False) -> str | None:
    """Text of a file; None if it does not exist (or OSError, if asked for)."""
    try:
        status = os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        if raise_not_found:
            raise OSError(f"{path} Not Found") from None
        return None
    stamp = (status.st_mtime_ns, status.st_size, status.st_ino)
    held = _TEXTS.get(path)
    if held is None or held[0] != stamp:
        with open(path, encoding="utf-8") as handle:
            held = (stamp, handle.read())
        # Small files are asked for in every request; one written this very moment may be written again.
        if status.st_size < 65536 and time.time_ns() - status.st_mtime_ns > 1_000_000_000:
            _TEXTS[path] = held
    return held[1]


_TEXTS: dict = {}


def get_attr(method_string: str) -> Any:
    """The object a dotted name stands for. Raises AppNotInstalledError if its app is not on the site."""
    app_name = method_string.split(".", 1)[0]
    flags = frappe.local.flags
    if not flags.in_uninstall and not flags.in_install and app_name not in frappe.get_installed_apps():
        frappe.throw(frappe._("App {0} is not installed").format(app_name), frappe.AppNotInstalledError)
    modulename, _dot, name = method_string.rpartition(".")
    return getattr(get_module(modulename), name)


def call(fn: str | Callable, *args, **kwargs):
    """Call a function by name or object with those of the keyword arguments it takes."""
    if isinstance(fn, str):
        fn = get_attr(fn)
    return fn(*args, **get_newargs(fn, kwargs))


def get_newargs(fn: Callable, kwargs: dict[str, Any]) -> dict[str, Any]:
    """Keep the keyword arguments that `fn` accepts; `ignore_permissions` and `flags` never pass."""
    accepted = _accepted(fn)
    newargs = {key: value for key, value in kwargs.items() if accepted is None or key in accepted}
    newargs.pop("ignore_permissions", None)
    newargs.pop("flags", None)
    return newargs


def _accepted(fn: Callable) -> frozenset | None:
    """Names of the parameters of a function; None if it takes any."""
    if not isinstance(fn, types.FunctionType):
        return _parameter_names(fn)
    if fn not in _PARAMETERS:
        _PARAMETERS[fn] = _parameter_names(fn)
    return _PARAMETERS[fn]


_PARAMETERS: weakref.WeakKeyDictionary = weakref.WeakKeyDictionary()


def _parameter_names(fn: Callable) -> frozenset | None:
    parameters = inspect.signature(fn).parameters
    if any(p.kind == inspect.Parameter.VAR_KEYWORD for p in parameters.values()):
        return None
    return frozenset(parameters)


def get_doctype_app(doctype: str) -> str:
    """The app whose module holds a DocType."""

    def find():
        module = frappe.local.db.get_value("DocType", doctype, "module")
        return frappe.local.module_app[frappe.scrub(module)]

    return frappe.local_cache(f"doctype_app::{doctype}", doctype, generator=find)
