"""The rows of a report: made into dicts, cut down to what the user may see, summed up."""

from datetime import timedelta

import frappe
from frappe import _
from frappe.utils import flt

_SUMMED = ("Currency", "Int", "Float", "Percent", "Duration")


def get_column_as_dict(column) -> frappe._dict:
    """A column as a dict; `Label:Fieldtype/Options:Width` is understood too."""
    out = frappe._dict()
    if isinstance(column, str):
        parts = column.split(":")
        if len(parts) > 1:
            out.fieldtype, slash, options = parts[1].partition("/")
            if slash:
                out.options = options
            if len(parts) == 3:
                out.width = parts[2]
        out.label = parts[0]
        out.fieldname = frappe.scrub(parts[0])
    else:
        out.update(column)
        if "fieldname" not in out:
            out.fieldname = frappe.scrub(out["label"])
    return out


def get_columns_dict(columns) -> frappe._dict:
    """The columns by their position and by their fieldname."""
    by_key = frappe._dict()
    for position, column in enumerate(columns):
        by_key[position] = by_key[column.get("fieldname")] = column
    return by_key


def normalize_result(result, columns) -> list:
    """Rows as dicts by fieldname; rows that are dicts already stay."""
    names = [column["fieldname"] for column in columns]
    if result and isinstance(result[0], (list, tuple)):
        return [{name: row[i] for i, name in enumerate(names)} for row in result]
    return list(result or [])


def without_hidden_columns(ref_doctype, columns, rows, user) -> list:
    """The columns without those named like fields of `ref_doctype` above the user's level; the rows (dicts)
    lose their values. Frappe shows them."""
    meta = frappe.get_meta(ref_doctype)
    above = [df for df in meta.get_high_permlevel_fields() if df.permlevel]
    if not above or user == "Administrator":
        return columns
    levels = meta.get_permlevel_access("read", user=user)
    hidden = {df.fieldname for df in above if df.permlevel not in levels}
    for row in rows:
        if isinstance(row, dict):
            for fieldname in hidden & row.keys():
                del row[fieldname]
    return [column for column in columns if column.get("fieldname") not in hidden]


def get_filtered_data(ref_doctype, columns, data, user) -> list:
    """The rows whose links the user's permissions allow; a row stays if any set of permissions fits it.

    Rows that name a document of `ref_doctype` in a link column stay only if the user may read it (Frappe asks
    User Permissions alone).
    """
    from frappe.desk.reportview import build_match_conditions
    from frappe.permissions import get_role_permissions

    named = _columns_that_name(ref_doctype, columns)
    data = _of_readable_documents(ref_doctype, named, data, user)
    linked = _linked_columns(columns, data)
    if named and all(row.get(named[0]) for row in data if row):
        # Whether a document may be read has been asked with its links.
        own = {(df.options, df.fieldname) for df in frappe.get_meta(ref_doctype).get_link_fields()}
        linked = {dt: name for dt, name in linked.items() if (dt, name) not in own and dt != ref_doctype}
    allowed = {dt: found for dt in linked if (found := build_match_conditions(dt, user, False))}
    if not allowed:
        return list(data)
    by_key = get_columns_dict(columns)
    own_only = get_role_permissions(frappe.get_meta(ref_doctype), user).get("if_owner", {}).get("report")
    shared = _shared(ref_doctype, user) if ref_doctype in linked else []

    def is_owner_column(doctype, column):
        return doctype == "User" and by_key.get(column) is by_key.get("owner") is not None

    def fits(row, permitted):
        for doctype, column in linked.items():
            if is_owner_column(doctype, column) or doctype not in permitted:
                continue
            if row.get(column) not in permitted[doctype] and frappe.db.exists(doctype, row.get(column)):
                return False
        return True

    def is_visible(row):
        if not row or row.get(linked.get(ref_doctype)) in shared:
            return True
        for doctype, sets in allowed.items():
            owner = linked.get("User")
            if doctype == ref_doctype and own_only and owner and row.get(owner) == user:
                continue
            if not any(fits(row, permitted) for permitted in sets):
                return False
        return True

    return [row for row in data if is_visible(row)]


def _columns_that_name(ref_doctype, columns) -> list[str]:
    return [
        column["fieldname"]
        for column in columns
        if column.get("fieldtype") == "Link" and column.get("options") == ref_doctype
    ]


def _of_readable_documents(ref_doctype, named, data, user) -> list:
    from frappe.model.db_query import DatabaseQuery

    if not named or user == "Administrator" or frappe.get_meta(ref_doctype).istable:
        return data
    try:
        if not DatabaseQuery(ref_doctype, user=user).build_match_conditions():
            return data
        readable = set(frappe.get_list(ref_doctype, pluck="name", user=user, order_by=None))
    except frappe.PermissionError:
        frappe.clear_last_message()
        readable = set()
    name = named[0]
    return [row for row in data if not row or not row.get(name) or row[name] in readable]


def _linked_columns(columns, data):
    """{DocType: fieldname} of the link columns that are not empty throughout."""
    linked = {
        c["options"]: c["fieldname"] for c in columns if c.get("fieldtype") == "Link" and c.get("options")
    }
    return {dt: name for dt, name in linked.items() if any(row and row.get(name) for row in data)}


def _shared(doctype, user):
    from frappe.share import get_shared

    return get_shared(doctype, user)


def add_total_row(result, columns, meta=None, is_tree=False, parent_field=None) -> list:
    """The rows with one more: sums of the numbers, averages of the percents, `Total` in the first column."""
    total = [""] * len(columns)
    for i, column in enumerate(columns):
        column = get_column_as_dict(column)
        fieldtype, fieldname = column.get("fieldtype"), column.get("fieldname")
        for row in result:
            if i >= len(row):
                continue
            cell = row.get(fieldname) if isinstance(row, dict) else row[i]
            if fieldtype is None:
                fieldtype = {int: "Int", float: "Float"}.get(type(cell))
            if fieldtype in _SUMMED and flt(cell) and not (is_tree and row.get(parent_field)):
                total[i] = flt(total[i]) + flt(cell)
            if fieldtype == "Time" and cell:
                total[i] = (total[i] or timedelta()) + cell
        if fieldtype == "Percent":
            total[i] = flt(total[i]) / len(result)
        if fieldtype == "Link" and column.get("options") == "Currency":
            total[i] = result[0].get(fieldname) if isinstance(result[0], dict) else result[0][i]
    if get_column_as_dict(columns[0]).get("fieldtype") not in ("Currency", "Int", "Float", "Percent", "Date"):
        total[0] = _("Total")
    result.append(total)
    return result
