"""Reading for clients: rows, counts and single values, as far as the caller may read them."""

import frappe
import frappe.model
from frappe import _
from frappe.api.documents import asked_by_client, json_argument, readable
from frappe.utils import get_safe_filters, sbool


@frappe.whitelist()
def get_list(
    doctype,
    fields=None,
    filters=None,
    group_by=None,
    order_by=None,
    limit_start=None,
    limit_page_length=20,
    parent=None,
    debug=False,
    as_dict=True,
    or_filters=None,
    expand=None,
):
    """Rows that the user may read; `expand` names links whose documents come in their place."""
    check_parent(doctype, parent)
    given = {"fields": fields, "filters": filters, "or_filters": or_filters, "expand": expand}
    given = {key: json_argument(given, key) for key in given}
    fields, as_dict = given["fields"], sbool(as_dict) is not False
    if isinstance(fields, str):
        fields = [field.strip() for field in fields.split(",")]
    if fields is not None and not isinstance(fields, list):
        frappe.throw(_("Invalid request arguments"))
    _check_fields(doctype, fields)
    with asked_by_client():
        rows = frappe.get_list(
            doctype,
            fields=fields,
            filters=given["filters"],
            or_filters=given["or_filters"],
            group_by=group_by,
            order_by=order_by,
            limit_start=_whole(limit_start, "limit_start"),
            limit_page_length=_whole(limit_page_length, "limit_page_length"),
            parent_doctype=parent,
            as_list=not as_dict,
        )
    return expand_links(doctype, rows, given["expand"]) if given["expand"] and as_dict else rows


def _check_fields(doctype: str, fields) -> None:
    """Raise DataError for a plain name that is no column; what is more than a name, the query judges."""
    columns = frappe.get_meta(doctype).get_valid_columns() if fields else ()
    for field in fields or ():
        if not isinstance(field, (str, dict)):
            frappe.throw(_("Invalid request arguments"))
        if isinstance(field, str) and field.strip("`").isidentifier():
            name = field.strip("`")
            if name not in columns and name not in frappe.model.optional_fields:
                frappe.throw(
                    _("Field not permitted in query") + f": {frappe.utils.escape_html(name)}",
                    frappe.DataError,
                )


def _whole(value, name: str) -> int:
    """A count from outside: not negative, not absurd. Raises ValidationError."""
    try:
        number = int(value or 0)
    except (TypeError, ValueError):
        frappe.throw(_("{0} must be a whole number").format(name))
    if not 0 <= number < 2**53:
        frappe.throw(_("{0} must be a whole number").format(name))
    return number


def check_parent(doctype, parent) -> None:
    """Rows of a child table are read under the permissions of their parent DocType."""
    if not isinstance(doctype, str):
        frappe.throw(_("Invalid request arguments"))
    if frappe.is_table(doctype):
        from frappe.model.db_query_access import check_parent_permission

        check_parent_permission(parent, doctype)


def expand_links(doctype: str, rows: list, fieldnames=None) -> list:
    """Put linked documents that the user may read in the place of their names; all links by default."""
    links = {df.fieldname: df.options for df in frappe.get_meta(doctype).get_link_fields()}
    wanted = links if fieldnames is None else [name for name in _as_list(fieldnames) if name in links]
    found: dict = {}
    for row in rows:
        for fieldname in wanted:
            if not row.get(fieldname):
                continue
            key = (links[fieldname], row[fieldname])
            if key not in found:
                found[key] = _readable_or_none(*key)
            if found[key] is not None:
                row[fieldname] = found[key]
    return rows


def _as_list(value) -> list:
    return value if isinstance(value, list) else [value]


def _readable_or_none(doctype: str, name: str):
    if not frappe.db.exists(doctype, name) or not frappe.has_permission(doctype, "read", name):
        return None
    return readable(frappe.get_doc(doctype, name)).as_dict(no_nulls=True)


@frappe.whitelist()
def get_count(doctype, filters=None, debug=False, cache=False) -> int:
    """Number of the rows that match and that the user may read."""
    frappe.has_permission(doctype, throw=True)
    filters = json_argument({"filters": filters}, "filters")
    with asked_by_client():
        rows = frappe.get_list(doctype, filters=filters, fields=["count(*) as n"], order_by=None)
    return rows[0].n


@frappe.whitelist()
def get_value(doctype, fieldname, filters=None, as_dict=True, debug=False, parent=None):
    """A field, or a list of fields, of the first document that matches and may be read; {} if none does."""
    check_parent(doctype, parent)
    if not frappe.has_permission(doctype, parent_doctype=parent):
        frappe.throw(_("No permission for {0}").format(_(doctype)), frappe.PermissionError)
    fields = _as_list(json_argument({"fieldname": fieldname}, "fieldname"))
    _check_fields(doctype, fields)
    filters = get_safe_filters(filters) or None
    if isinstance(filters, str):
        filters = {"name": filters}
    as_dict = sbool(as_dict) is not False
    if frappe.get_meta(doctype).issingle:
        doc = readable(frappe.get_doc(doctype))
        values = frappe._dict({field: doc.get(field) for field in fields if doc.meta.has_field(field)})
        return values if as_dict else _one_or_all(list(values.values()))
    with asked_by_client():
        rows = frappe.get_list(
            doctype,
            filters=filters,
            fields=fields,
            limit_page_length=1,
            parent_doctype=parent,
            as_list=not as_dict,
        )
    if as_dict:
        return rows[0] if rows else {}
    return _one_or_all(rows[0]) if rows else None


def _one_or_all(values):
    return values[0] if len(values) == 1 else values


@frappe.whitelist()
def get_single_value(doctype, field):
    """A field of a Single that the user may read."""
    if not frappe.has_permission(doctype):
        frappe.throw(_("No permission for {0}").format(_(doctype)), frappe.PermissionError)
    meta = frappe.get_meta(doctype)
    df = meta.get_field(field)
    if df and df.permlevel and df.permlevel not in meta.get_permlevel_access("read"):
        raise frappe.PermissionError
    return frappe.db.get_single_value(doctype, field)


@frappe.whitelist()
def validate_link(doctype: str, docname: str, fields=None) -> dict:
    """`{"name": …}` of a document that a link may name, with `fields` of it that the user may read."""
    if doctype != "DocType" and not (
        frappe.has_permission(doctype, "select") or frappe.has_permission(doctype, "read")
    ):
        frappe.throw(
            _("You do not have Read or Select Permissions for {}").format(frappe.bold(doctype)),
            frappe.PermissionError,
        )
    values = frappe._dict(name=frappe.db.get_value(doctype, docname))
    fields = json_argument({"fields": fields}, "fields")
    if not values.name or not fields:
        return values
    try:
        values.update(get_value(doctype, fields, docname))
    except frappe.PermissionError:
        frappe.clear_last_message()
        frappe.msgprint(
            _("You need {0} permission to fetch values from {1} {2}").format(
                frappe.bold(_("Read")), frappe.bold(doctype), frappe.bold(docname)
            ),
            title=_("Cannot Fetch Values"),
            indicator="orange",
        )
    return values
