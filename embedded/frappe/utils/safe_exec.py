"""Expressions from documents, run by RestrictedPython; whole scripts in `frappe.utils.safe_script`."""

import ast
import unicodedata
from functools import lru_cache

import frappe

# Attributes that lead from a value to code, frames or formats that read attributes.
UNSAFE_ATTRIBUTES = {
    "gi_frame", "gi_code", "gi_yieldfrom", "cr_frame", "cr_code", "cr_origin", "cr_await",
    "tb_frame", "tb_next", "f_back", "f_builtins", "f_code", "f_globals", "f_locals", "f_trace",
    "co_code", "ag_await", "ag_code", "ag_frame", "func_globals", "func_code",
    "format", "format_map",
}  # fmt: skip

WHITELISTED_SAFE_EVAL_GLOBALS = {"int": int, "float": float, "long": int, "round": round}

# Of `frappe.utils`, what templates, conditions and scripts may call.
_TEMPLATE_UTILS = (
    "DATETIME_FORMAT", "DATE_FORMAT", "TIME_FORMAT", "add_days", "add_months", "add_to_date",
    "add_years", "ceil", "cint", "comma_and", "comma_or", "comma_sep", "compare",
    "convert_utc_to_system_timezone", "cstr", "date_diff", "encode", "escape_html", "evaluate_filters",
    "filter_strip_join", "floor", "flt", "fmt_money", "format_date", "format_datetime",
    "format_duration", "format_time", "formatdate", "generate_hash", "get_abbr", "get_absolute_url",
    "get_date_str", "get_datetime", "get_datetime_in_timezone", "get_datetime_str", "get_eta",
    "get_filter", "get_first_day", "get_first_day_of_week", "get_host_name",
    "get_host_name_from_request", "get_last_day", "get_last_day_of_week", "get_link_to_form",
    "get_link_to_report", "get_month", "get_number_format_info", "get_quarter_ending",
    "get_quarter_start", "get_system_timezone", "get_time", "get_time_str", "get_timedelta",
    "get_timespan_date_range", "get_timestamp", "get_url", "get_url_to_form", "get_url_to_list",
    "get_url_to_report", "get_url_to_report_with_filters", "get_user_date_format",
    "get_user_time_format", "get_weekday", "get_weekdays", "get_year_start", "getdate",
    "global_date_format", "has_common", "is_html", "is_invalid_date_string", "is_subset",
    "make_filter_dict", "make_filter_tuple", "month_diff", "new_line_sep", "now", "now_datetime",
    "nowdate", "nowtime", "pretty_date", "quoted", "remainder", "rounded", "safe_div",
    "sanitize_column", "strip", "strip_html", "time_diff", "time_diff_in_hours", "time_diff_in_seconds",
    "to_timedelta", "today", "unique", "url_contains_port",
)  # fmt: skip


@lru_cache(maxsize=1)
def _policy():
    from RestrictedPython.transformer import RestrictingNodeTransformer

    class Policy(RestrictingNodeTransformer):
        def check_name(self, node, name, *args, **kwargs):
            if name != "_dict":
                super().check_name(node, name, *args, **kwargs)

    return Policy


@lru_cache(maxsize=512)
def _compile(code: str):
    from RestrictedPython import compile_restricted

    for node in ast.walk(ast.parse(code, mode="eval")):
        if isinstance(node, ast.NamedExpr):
            raise SyntaxError(f"Operation not allowed: line {node.lineno} column {node.col_offset}")
    return compile_restricted(code, filename="<safe_eval>", policy=_policy(), mode="eval")


def safe_eval(code: str, eval_globals: dict | None = None, eval_locals: dict | None = None):
    """Value of an expression over `eval_globals` and `eval_locals`.

    It sees int, float, round and what is given; attributes that begin with an underscore or lead to frames
    are refused. Raises SyntaxError for what RestrictedPython refuses, and what the expression itself raises.
    """
    code = unicodedata.normalize("NFKC", code)
    scope = dict(eval_globals or {})
    scope["__builtins__"] = {}
    scope.update(WHITELISTED_SAFE_EVAL_GLOBALS)
    scope.update(
        _getattr_=_safe_getattr, _getitem_=_safe_getitem, _getiter_=iter, _iter_unpack_sequence_=_unpack
    )
    return eval(_compile(code), scope, eval_locals)


def _safe_getattr(obj, name, default=None):
    if isinstance(name, str) and name in UNSAFE_ATTRIBUTES:
        raise SyntaxError(f"{name} is an unsafe attribute")
    from RestrictedPython.Guards import safer_getattr

    return safer_getattr(obj, name, default=default)


def _safe_getitem(obj, key):
    if isinstance(key, str) and key.startswith("_") and not isinstance(obj, dict):
        raise SyntaxError("Key starts with _")
    return obj[key]


def _unpack(iterable, spec, getiter):
    from RestrictedPython.Guards import guarded_iter_unpack_sequence

    return guarded_iter_unpack_sequence(iterable, spec, getiter)


def get_safe_globals() -> dict:
    """What templates see of Frappe: reading, formatting, the user; no writing."""
    from frappe.utils import data

    utils = frappe._dict({name: getattr(data, name) for name in _TEMPLATE_UTILS})
    session = frappe.local.get("session") or frappe._dict()
    user = session.user or "Guest"
    scope = frappe._dict(
        _=frappe._,
        dict=dict,
        as_json=frappe.as_json,
        scrub=frappe.scrub,
        frappe=frappe._dict(
            _=frappe._,
            _dict=frappe._dict,
            utils=utils,
            session=frappe._dict(user=user),
            user=user,
            lang=frappe.local.get("lang"),
            form_dict=frappe.local.get("form_dict") or frappe._dict(),
            bold=frappe.bold,
            format_value=lambda *args, **kwargs: frappe.format_value(*args, **kwargs),
            format=lambda *args, **kwargs: frappe.format_value(*args, **kwargs),
            format_date=utils.format_date,
            date_format="yyyy-mm-dd",
            get_url=utils.get_url,
            full_name=frappe.utils.get_fullname(user) if frappe.local.get("db") else user,
            get_doc=lambda *args, **kwargs: frappe.get_doc(*args, **kwargs),
            get_all=lambda *args, **kwargs: frappe.get_all(*args, **kwargs),
            get_list=lambda *args, **kwargs: frappe.get_list(*args, **kwargs),
            get_meta=lambda *args, **kwargs: frappe.get_meta(*args, **kwargs),
            get_system_settings=frappe.get_system_settings,
            db=frappe._dict(
                get_value=lambda *args, **kwargs: frappe.db.get_value(*args, **kwargs),
                get_single_value=lambda *args, **kwargs: frappe.db.get_single_value(*args, **kwargs),
                exists=lambda *args, **kwargs: frappe.db.exists(*args, **kwargs),
                count=lambda *args, **kwargs: frappe.db.count(*args, **kwargs),
            ),
        ),
    )
    return scope


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    from frappe.utils import safe_script

    if hasattr(safe_script, name):
        return getattr(safe_script, name)
    raise NotImplementedError(f"frappe.utils.safe_exec.{name}")
