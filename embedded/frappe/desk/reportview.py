"""Lists for the desk, and the conditions under which a user may read rows, for SQL written by apps."""

import frappe
from frappe.model.db_query import DatabaseQuery
from frappe.model.db_query_guard import columns_of


def execute(doctype, *args, **kwargs):
    """`frappe.get_list` under the name by which the desk calls it."""
    return DatabaseQuery(doctype).execute(*args, **kwargs)


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


def append_totals_row(data):
    raise NotImplementedError("frappe.desk.reportview.append_totals_row")


@frappe.whitelist()
def get_count() -> int:
    """Number of the rows of `form_dict.doctype` that match `form_dict.filters` and may be read."""
    form = frappe._dict(frappe.local.form_dict)
    rows = execute(form.doctype, filters=form.filters, fields=["count(*) as n"], order_by=None)
    return rows[0].n
