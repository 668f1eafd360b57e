"""Scripts that administrators write, run by RestrictedPython (`frappe.utils.safe_exec` leads here).

They run only where the site's configuration says `server_script_enabled`. A script has the rights of its
author's API, not of a sandbox: it may write documents without asking for permissions. What it cannot reach is
the machine: files, processes, imports, Python's own internals.
"""

import copy
import inspect
import io
import json
import types
import warnings
from contextlib import contextmanager
from functools import lru_cache

import frappe
from frappe import _
from frappe.utils.safe_exec import _policy, _safe_getattr, _unpack, get_safe_globals

CONFIG_KEY = "server_script_enabled"
FILE_PREFIX = "<serverscript>"
_INTERNALS = (types.ModuleType, types.CodeType, types.TracebackType, types.FrameType)
_NOT_WRITABLE = (*_INTERNALS, type, types.FunctionType, types.MethodType, types.BuiltinFunctionType)
_BUILTINS = (
    abs, all, any, bool, dict, enumerate, isinstance, issubclass, list, max, min, range, set, sorted, sum,
    tuple,
)  # fmt: skip
_IN_PLACE = {
    "+=": lambda a, b: a + b,
    "-=": lambda a, b: a - b,
    "*=": lambda a, b: a * b,
    "/=": lambda a, b: a / b,
    "//=": lambda a, b: a // b,
    "%=": lambda a, b: a % b,
    "**=": lambda a, b: a**b,
    "|=": lambda a, b: a | b,
    "&=": lambda a, b: a & b,
}


class ServerScriptNotEnabled(frappe.PermissionError):
    """The site runs no scripts."""


class NamespaceDict(frappe._dict):
    """Names for scripts: calling one that is not there raises AttributeError."""

    def __getattr__(self, key):
        if key in self:
            return self[key]

        def missing(*args, **kwargs):
            raise AttributeError(f"module has no attribute '{key}'")

        return missing


def is_safe_exec_enabled() -> bool:
    """Whether the site's configuration allows scripts."""
    return bool(frappe.conf.get(CONFIG_KEY))


def safe_exec(
    script: str,
    _globals: dict | None = None,
    _locals: dict | None = None,
    *,
    restrict_commit_rollback: bool = False,
    script_filename: str | None = None,
) -> tuple[dict, dict | None]:
    """Run a script; returns its globals and locals.

    Raises ServerScriptNotEnabled, SyntaxError for what RestrictedPython refuses, and what the script raises.
    `restrict_commit_rollback` keeps it from ending the transaction that it is a part of.
    """
    if not is_safe_exec_enabled():
        frappe.throw(
            _("Server Scripts are disabled. Please enable server scripts from bench configuration."),
            ServerScriptNotEnabled,
            title="Server Scripts Disabled",
        )
    scope = script_globals()
    scope.update(_globals or {})
    if restrict_commit_rollback:
        for name in ("commit", "rollback", "add_index"):
            scope.frappe.db.pop(name, None)
    filename = f"{FILE_PREFIX}: {frappe.scrub(script_filename)}" if script_filename else FILE_PREFIX
    with _in_safe_exec():
        exec(_compiled(script, filename), scope, _locals)
    return scope, _locals


@lru_cache(maxsize=256)
def _compiled(script: str, filename: str):
    from RestrictedPython import compile_restricted

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)  # what a script prints is read, from the debug log
        return compile_restricted(script, filename=filename, policy=_policy())


@contextmanager
def _in_safe_exec():
    frappe.flags.in_safe_exec = (frappe.flags.in_safe_exec or 0) + 1
    try:
        yield
    finally:
        frappe.flags.in_safe_exec -= 1


def script_globals() -> NamespaceDict:
    """What a script sees: what templates see, writing through documents, and reading SQL."""
    from RestrictedPython import safe_globals
    from RestrictedPython.Guards import guarded_unpack_sequence

    scope = NamespaceDict(get_safe_globals())
    form_dict = scope["frappe"]["form_dict"]
    api = NamespaceDict(scope["frappe"])
    api.update({name: _late(name) for name in _API})
    api.update(
        call=call_whitelisted_function,
        flags=frappe._dict(),
        db=NamespaceDict(
            {
                **{name: _late_db(name) for name in _DB},
                "get_list": _late("get_list"),
                "get_all": _late("get_all"),
            },
            sql=read_sql,
            **{
                name: getattr(frappe.db, name)
                for name in ("after_commit", "before_commit", "after_rollback", "before_rollback")
            },
        ),
        enqueue=safe_enqueue,
        get_hooks=lambda *args, **kwargs: copy.deepcopy(frappe.get_hooks(*args, **kwargs)),
        qb=frappe.qb,
        request=frappe.local.get("request") or {},
        session=frappe._dict(user=frappe.session.user),
    )
    for name, value in vars(frappe.exceptions).items():
        if inspect.isclass(value) and issubclass(value, Exception):
            api[name] = value
    if frappe.local.get("response") is not None:
        api.response = frappe.local.response
    scope.update(
        frappe=api,
        args=form_dict,
        json=NamespaceDict(loads=json.loads, dumps=json.dumps),
        _dict=frappe._dict,
        log=frappe.log,
        run_script=run_script,
    )
    scope.update(safe_globals)
    scope.update({function.__name__: function for function in _BUILTINS})
    scope.update(
        _print_=_printer(),
        _write_=_write,
        _getitem_=_getitem,
        _getattr_=_getattr,
        _getiter_=iter,
        _iter_unpack_sequence_=_unpack,
        _unpack_sequence_=guarded_unpack_sequence,
        _inplacevar_=lambda operator, left, right: _IN_PLACE[operator](left, right),
    )
    return scope


# Of `frappe`, beside what templates see.
_API = (
    "as_json", "bold", "copy_doc", "delete_doc", "errprint", "get_cached_doc", "get_doc", "get_last_doc",
    "get_list", "get_all", "get_meta", "get_system_settings", "get_value", "log", "log_error", "msgprint",
    "new_doc", "rename_doc", "render_template", "sendmail", "throw", "get_url", "has_permission",
    "only_for", "publish_realtime", "scrub", "get_roles",
)  # fmt: skip
_DB = (
    "add_index", "commit", "count", "escape", "exists", "get_default", "get_single_value", "get_value",
    "rollback", "set_value",
)  # fmt: skip


def _late(name: str):
    """A function of `frappe`, looked up when it is called."""

    def function(*args, **kwargs):
        found = getattr(frappe, name, None) if name != "get_url" else frappe.utils.get_url
        return found(*args, **kwargs)

    function.__name__ = name
    return function


def _late_db(name: str):
    def function(*args, **kwargs):
        return getattr(frappe.db, name)(*args, **kwargs)

    function.__name__ = name
    return function


def _printer():
    from RestrictedPython import PrintCollector

    class Printer(PrintCollector):
        """What a script prints goes to the debug log of the request."""

        def _call_print(self, *objects, **kwargs):
            kwargs.pop("file", None)
            output = io.StringIO()
            print(*objects, file=output, **kwargs)
            frappe.log(output.getvalue().strip())

    return Printer


def _getattr(obj, name, default=None):
    if isinstance(obj, _INTERNALS):
        raise SyntaxError(f"Reading {obj} attributes is not allowed")
    return _safe_getattr(obj, name, default)


def _getitem(obj, key):
    if isinstance(key, str) and key.startswith("_"):
        raise SyntaxError("Key starts with _")
    return obj[key]


def _write(obj):
    if isinstance(obj, _NOT_WRITABLE):
        raise SyntaxError(f"Not allowed to write to object {obj} of type {type(obj)}")
    return obj


def read_sql(query, *args, **kwargs):
    """`frappe.db.sql` for reading. Raises PermissionError for anything but SELECT and EXPLAIN."""
    check_safe_sql_query(str(query))
    return frappe.db.sql(str(query), *args, **kwargs)


def check_safe_sql_query(query: str, throw: bool = True) -> bool:
    """Whether a statement only reads."""
    if query.strip().lower().startswith(("select", "explain")):
        return True
    if throw:
        frappe.throw(
            _("Query must be of SELECT or read-only WITH type."),
            frappe.PermissionError,
            title=_("Unsafe SQL query"),
        )
    return False


def call_whitelisted_function(function: str, **kwargs):
    """Call a whitelisted function, or a script of type API, by name."""
    from frappe.handler import execute_cmd

    return _with_form_dict(lambda: execute_cmd(function), kwargs)


def run_script(script: str, **kwargs):
    """Run another script of type API; returns its flags."""
    return _with_form_dict(lambda: frappe.get_doc("Server Script", script).execute_method(), kwargs)


def safe_enqueue(function: str, **kwargs):
    """Enqueue a whitelisted function, or a script of type API."""
    return frappe.enqueue("frappe.utils.safe_exec.call_whitelisted_function", function=function, **kwargs)


def _with_form_dict(function, kwargs: dict):
    before = frappe.local.form_dict
    if kwargs:
        frappe.local.form_dict = frappe._dict({**before, **kwargs})
    try:
        return function()
    finally:
        frappe.local.form_dict = before
