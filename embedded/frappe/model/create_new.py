"""New documents with their defaults."""

import frappe
import frappe.defaults
from frappe.model import data_fieldtypes
from frappe.model.controllers import get_controller
from frappe.utils import cint, cstr, flt, now_datetime, nowdate, nowtime


def get_new_doc(doctype: str, parent_doc=None, parentfield=None, as_dict=False):
    """A new document (or its values as a dict) with field, user and permission defaults."""
    template, moving = _template(doctype)
    values = template.copy()
    _set_moving_defaults(values, moving, parent_doc)
    if parent_doc:
        values["parent"] = parent_doc.name
        values["parenttype"] = parent_doc.doctype
    if parentfield:
        values["parentfield"] = parentfield
    return values if as_dict else frappe.get_doc(values)


def _template(doctype: str) -> tuple[dict, list]:
    """Values that hold for this session's user; fields whose default depends on the moment or the parent."""
    templates = frappe.local.new_doc_templates
    if doctype not in templates:
        templates[doctype] = (make_new_doc(doctype), _moving_fields(doctype))
    return templates[doctype]


def _moving_fields(doctype: str) -> list:
    return [
        df
        for df in frappe.get_meta(doctype).fields
        if df.fieldtype in data_fieldtypes
        and (
            df.fieldtype == "Time"
            or cstr(df.default).startswith(":")
            or cstr(df.default) == "Today"
            or (df.fieldtype == "Datetime" and cstr(df.default).lower() == "now")
        )
    ]


def make_new_doc(doctype: str) -> dict:
    """Values of a new document for the session's user; every column is there."""
    get_controller(doctype)  # raises ImportError for a DocType that is not there, as Frappe does
    meta = frappe.get_meta(doctype)
    values = frappe._dict.fromkeys(meta.get_valid_columns())
    values.update(owner=frappe.session.user, docstatus=0, idx=0)
    from frappe.core.doctype.user_permission.user_permission import get_user_permissions

    user_permissions = get_user_permissions()
    user_defaults = frappe.defaults.get_defaults()
    for df in meta.fields:
        if df.fieldtype not in data_fieldtypes or df.get("is_virtual"):
            continue
        value = _default_of(df, meta, user_permissions, user_defaults)
        if df.fieldtype == "Check" or value is not None and df.fieldtype == "Int":
            value = cint(value)
        elif value is not None and df.fieldtype in ("Float", "Currency", "Percent"):
            value = flt(value)
        values[df.fieldname] = value
    values["doctype"] = doctype
    values["__islocal"] = 1
    if not meta.issingle:
        values["__unsaved"] = 1
    return values


def _default_of(df, meta, user_permissions: dict, user_defaults: dict):
    from frappe.permissions import filter_allowed_docs_for_doctype

    permissions = user_permissions.get(df.options, []) if df.fieldtype == "Link" else []
    allowed, default_doc = filter_allowed_docs_for_doctype(permissions, meta.name, with_default_doc=True)
    restricts = bool(permissions) and not df.ignore_user_permissions and bool(allowed)

    if df.fieldtype == "Link" and df.options != "User":
        if default_doc and not df.ignore_user_permissions:
            chosen = default_doc
        else:
            chosen = user_defaults.get(df.fieldname)
            if restricts and chosen not in allowed:
                chosen = None
        if chosen:
            return chosen if frappe.db.exists(df.options, chosen) else None

    if df.fieldname == meta.title_field:
        return None
    return _static_default(df, restricts, allowed)


def _static_default(df, restricts: bool, allowed: list):
    default = cstr(df.default)
    if default:
        if default == "__user":
            return frappe.session.user
        if default == "Today" or default.startswith(":") or default.lower() == "now":
            return None if df.fieldtype in ("Date", "Datetime") or default.startswith(":") else df.default
        if df.fieldtype != "Link" or df.options == "User" or not restricts or df.default in allowed:
            return df.default
    elif df.fieldtype == "Select" and df.options and df.options not in ("[Select]", "Loading..."):
        return df.options.split("\n", 1)[0]
    return None


def _set_moving_defaults(values: dict, fields: list, parent_doc) -> None:
    for df in fields:
        default = cstr(df.default)
        if default.startswith(":"):
            value = _from_another_document(df, parent_doc)
            if value is not None and not values.get(df.fieldname):
                values[df.fieldname] = value
        elif default == "Today":
            values[df.fieldname] = nowdate()
        elif df.fieldtype == "Time":
            values[df.fieldname] = nowtime()
        else:
            values[df.fieldname] = now_datetime()


def _from_another_document(df, parent_doc):
    """`:Some DocType`: the same field of the document that the parent (or a user default) names."""
    doctype = df.default[1:]
    key = frappe.scrub(doctype)
    name = parent_doc.get(key) if parent_doc else frappe.db.get_default(key)
    return frappe.db.get_value(doctype, name, df.fieldname) if name else None
