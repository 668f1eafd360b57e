"""What a list call sends: parsed, cleaned of what a client may not decide, checked against the DocType's
fields."""

import json
import re

import frappe
from frappe import _
from frappe.model import child_table_fields, default_fields, get_permitted_fields, optional_fields
from frappe.model.db_query_guard import columns_of
from frappe.utils import cint, sbool

# A client may neither skip permissions nor ask in the name of someone else.
_NOT_FOR_CLIENTS = (
    "cmd", "data", "ignore_permissions", "view", "user", "csrf_token", "join", "ignore_ddl", "run", "debug",
    "update", "strict", "reference_doctype", "pluck", "ignore_ifnull",
)  # fmt: skip
_ARGUMENTS = {
    "doctype", "fields", "filters", "or_filters", "docstatus", "group_by", "order_by", "limit_start",
    "limit_page_length", "as_list", "with_childnames", "with_comment_count", "distinct", "start",
    "page_length",
    "limit", "save_user_settings", "save_user_settings_fields", "add_total_row", "user_settings",
    "parent_doctype",
}  # fmt: skip
_AGGREGATES = ("count", "sum", "avg")
_OVER_LINK = re.compile(r"^(?!tab)(\w+)\.(\w+)(?:\s+as\s+\w+)?$")
_TEXT_OF_LIST = ("filters", "or_filters")


def get_form_params() -> frappe._dict:
    """The request's arguments for `execute`. Raises DataError for fields that the DocType does not have."""
    data = frappe._dict(frappe.local.form_dict)
    if not isinstance(data.doctype, str):
        frappe.throw(_("DocType must be a string"))
    view = data.get("view")
    clean_params(data)
    validate_args(data, view)
    return frappe._dict({key: value for key, value in data.items() if key in _ARGUMENTS})


def clean_params(data) -> None:
    """Take out what a client may not say."""
    for key in _NOT_FOR_CLIENTS:
        data.pop(key, None)


def parse_json(data) -> None:
    """Arguments that came as JSON text, as Python. Raises ValidationError for what is none."""
    for key in (*_TEXT_OF_LIST, "applied_filters", "docstatus"):
        if isinstance(data.get(key), str) and data[key]:
            data[key] = _loads(key, data[key])
    if isinstance(data.get("fields"), str):
        data["fields"] = ["*"] if data["fields"] == "*" else _loads("fields", data["fields"])
    for key in ("limit_start", "limit_page_length", "start", "page_length", "limit"):
        if key in data:
            data[key] = cint(data[key])


def _loads(key: str, text: str):
    try:
        return json.loads(text)
    except ValueError:
        frappe.throw(_("Invalid JSON in {0}").format(key))


def validate_args(data, view: str | None = None):
    """Parse the arguments and check fields and filters; the settings of the view are left to
    user_settings."""
    parse_json(data)
    data.pop("save_user_settings", None)
    data.pop("user_settings", None)
    for key in ("with_comment_count", "distinct", "as_list", "with_childnames"):
        if key in data:
            data[key] = sbool(data[key])
    setup_group_by(data)
    validate_fields(data, view)
    for key in _TEXT_OF_LIST:
        if data.get(key):
            validate_filters(data, data[key])
    return data


def validate_fields(data, view: str | None = None) -> None:
    """Raise DataError for a field that is none; leave out those that reports hide or that the user may
    not read."""
    if not isinstance(data.get("fields") or [], list):
        frappe.throw(_("Fields must be a list"))
    if data.get("fields") == ["*"]:
        parent = data.get("parenttype") or data.get("parent_doctype")
        data.fields = get_permitted_fields(data.doctype, parenttype=parent, ignore_virtual=True)
        return
    kept = []
    for field in data.get("fields") or []:
        if not isinstance(field, str):
            raise_invalid_field(str(field))
        if all(_is_shown(data, table, column, view) for table, column in _columns(field)):
            kept.append(field)
    data.fields = kept


def _columns(field: str) -> list[tuple[str | None, str]]:
    """[(table or link field or None, column)] that a field reads; `link.field` stands for itself."""
    if match := _OVER_LINK.match(field):
        return [match.groups()]
    return columns_of(field)


def _is_shown(data, table: str | None, column: str, view: str | None) -> bool:
    if table:
        doctype_of(table, data)
    if column == "*" or is_standard(column):
        return True
    meta, df = get_meta_and_docfield(f"{table.strip('`')}.{column}" if table else column, data)
    if not df:
        raise_invalid_field(column)
    if df.report_hide and view == "Report":
        return False
    return not df.permlevel or df.permlevel in meta.get_permlevel_access(parenttype=data.doctype)


def validate_filters(data, filters) -> None:
    """Raise DataError for a filter on a field that is none."""
    if isinstance(filters, dict):
        filters = [[key, "=", value] for key, value in filters.items()]
    if not isinstance(filters, list):
        frappe.throw(_("Filters must be a list or a dict"))
    for condition in filters:
        if not isinstance(condition, (list, tuple)) or len(condition) < 2:
            raise_invalid_field(str(condition))
        if len(condition) <= 3:
            fieldname, doctype = condition[0], None
        else:
            doctype, fieldname = condition[0], condition[1]
        if not isinstance(fieldname, str):
            raise_invalid_field(str(fieldname))
        if is_standard(fieldname):
            continue
        if doctype:
            df = frappe.get_meta(doctype).get_field(fieldname)
        else:
            df = get_meta_and_docfield(fieldname, data)[1]
        if not df:
            raise_invalid_field(fieldname)


def setup_group_by(data) -> None:
    """`group_by` with an aggregate adds the column `_aggregate_column`."""
    function = data.pop("aggregate_function", None)
    doctype = data.pop("aggregate_on_doctype", None)
    field = data.pop("aggregate_on_field", None)
    if not (data.get("group_by") and function):
        return
    if function.lower() not in _AGGREGATES:
        frappe.throw(_("Invalid aggregate function"))
    meta = frappe.get_meta(doctype)
    if not (is_standard(field) or meta.has_field(field)):
        raise_invalid_field(field)
    data.fields = [*(data.get("fields") or []), f"{function}(`tab{doctype}`.`{field}`) AS _aggregate_column"]


def raise_invalid_field(fieldname: str):
    """Raise DataError naming the field."""
    frappe.throw(_("Field not permitted in query") + f": {fieldname}", frappe.DataError)


def is_standard(fieldname: str) -> bool:
    """Whether it is a column that every document has."""
    fieldname = fieldname.split(".")[-1].strip("`")
    return fieldname in default_fields or fieldname in optional_fields or fieldname in child_table_fields


def get_meta_and_docfield(fieldname: str, data):
    """(Meta, field) of `field`, `tabChild.field`, `table_field.field` or `link.field`; None for what is
    none."""
    prefix, _dot, column = fieldname.rpartition(".")
    meta = frappe.get_meta(doctype_of(prefix, data) if prefix else data.doctype)
    return meta, meta.get_field(column.strip("`"))


def doctype_of(prefix: str, data) -> str:
    """The DocType that `tabX`, a table field or a link field stands for. Raises DataError for any other."""
    prefix, meta = prefix.strip("`"), frappe.get_meta(data.doctype)
    if prefix.startswith("tab"):
        reachable = {data.doctype, *(df.options for df in meta.get_table_fields())}
        return prefix[3:] if prefix[3:] in reachable else raise_invalid_field(prefix)
    df = meta.get_field(prefix)
    return df.options if df and df.options else raise_invalid_field(prefix)
