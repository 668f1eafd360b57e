"""Lists for the desk, and the conditions under which a user may read rows, for SQL written by apps."""

import json

import frappe
from frappe.desk.reportview_bulk import delete_items, delete_report, save_report
from frappe.desk.reportview_export import append_totals_row, export_query, parse_field
from frappe.desk.reportview_params import (
    clean_params,
    get_form_params,
    parse_json,
    validate_args,
    validate_fields,
    validate_filters,
)
from frappe.desk.reportview_stats import (
    get_filter_dashboard_data,
    get_sidebar_stats,
    get_stats,
    scrub_user_tags,
)
from frappe.model.db_query import DatabaseQuery
from frappe.model.db_query_guard import columns_of
from frappe.utils import add_user_info, cint, sbool

__all__ = [
    "append_totals_row",
    "build_match_conditions",
    "clean_params",
    "compress",
    "delete_items",
    "delete_report",
    "execute",
    "export_query",
    "extract_fieldnames",
    "get",
    "get_count",
    "get_filter_dashboard_data",
    "get_filters_cond",
    "get_form_params",
    "get_list",
    "get_match_cond",
    "get_sidebar_stats",
    "get_stats",
    "parse_field",
    "parse_json",
    "save_report",
    "scrub_user_tags",
    "validate_args",
    "validate_fields",
    "validate_filters",
]


def execute(doctype, *args, **kwargs):
    """`frappe.get_list` under the name by which the desk calls it."""
    return DatabaseQuery(doctype).execute(*args, **kwargs)


@frappe.whitelist()
@frappe.read_only()
def get():
    """Rows of `form_dict.doctype` that the user may read: {keys, values: [[…]], user_info}; [] if there
    are none."""
    args = get_form_params()
    args.pop("as_list", None)
    return compress(execute(**args), args=args)


@frappe.whitelist()
@frappe.read_only()
def get_list():
    """The same rows as a list of dicts."""
    return execute(**get_form_params())


@frappe.whitelist()
@frappe.read_only()
def get_count() -> int:
    """Number of rows of `form_dict.doctype` that match and may be read; counting stops at `limit`."""
    args = get_form_params()
    args.pop("save_user_settings", None)
    distinct = sbool(args.pop("distinct", False))
    limit = cint(args.pop("limit", 0))
    name = f"{'distinct ' if distinct else ''}`tab{args.doctype}`.`name`"
    for key in ("as_list", "order_by", "limit_start", "limit_page_length", "start", "page_length"):
        args.pop(key, None)
    if limit:
        query = execute(**{**args, "fields": [name], "limit": limit, "run": 0, "order_by": None})
        return frappe.db.sql(f"select count(*) from ({query}) p")[0][0]
    rows = execute(**{**args, "fields": [f"count({name}) as total_count"], "order_by": None})
    return rows[0].total_count if rows else 0


def compress(data, args=None):
    """Rows as {keys, values, user_info}, with a total row if `args.add_total_row`; [] stays []."""
    from frappe.desk.report_rows import add_total_row

    if not data:
        return data
    keys, user_info = list(data[0]), {}
    values = []
    for row in data:
        values.append([row.get(key) for key in keys])
        for user in json.loads(row.get("_assign") or "[]"):
            add_user_info(user, user_info)
    if args and sbool(args.get("add_total_row")):
        meta = frappe.get_meta(args.doctype)
        fields = [meta.get_field(key) for key in keys]
        columns = [
            {
                "fieldname": key,
                "fieldtype": df.fieldtype if df else None,
                "options": df.options if df else None,
            }
            for key, df in zip(keys, fields, strict=True)
        ]
        values = add_total_row(values, columns)
    return {"keys": keys, "values": values, "user_info": user_info}


def extract_fieldnames(field: str) -> list[str]:
    """Names of the columns that a field reads, with their table if they name it."""
    return [f"{table[1:-1]}.{column}" if table else column for table, column in columns_of(field)]


def get_match_cond(doctype, as_condition=True):
    """What the user may read of a DocType as ` and …` for a WHERE, with % doubled."""
    condition = DatabaseQuery(doctype).build_match_conditions(as_condition=as_condition)
    if not as_condition:
        return condition
    return (" and " + condition).replace("%", "%%") if condition else ""


def build_match_conditions(doctype, user=None, as_condition=True):
    """What a user may read of a DocType, as SQL with % doubled, or as names that user permissions give."""
    condition = DatabaseQuery(doctype, user=user).build_match_conditions(as_condition=as_condition)
    return condition.replace("%", "%%") if as_condition else condition


def get_filters_cond(doctype, filters, conditions, ignore_permissions=None, with_match_conditions=False):
    """Filters as ` and …` for a WHERE."""
    query = DatabaseQuery(doctype)
    query.flags.ignore_permissions = bool(ignore_permissions)
    parts = (
        [*conditions, *query.filter_conditions(query._filter_list(filters))] if filters else list(conditions)
    )
    if with_match_conditions and (matching := query.build_match_conditions()):
        parts.append(f"({matching})")
    return " and " + " and ".join(parts) if parts else ""
