"""What both versions do with documents: values taken from outside, documents given to the outside."""

import contextlib
import json
import sqlite3

import frappe
from frappe import _

# A client may neither move a document to another owner nor to another date.
_STAMPS = ("owner", "creation", "modified_by")
_PLAIN = frozenset(
    ("Check", "Currency", "Data", "Date", "Datetime", "Duration", "Dynamic Link", "Float", "Int", "Link")
    + ("Long Text", "Password", "Percent", "Phone", "Read Only", "Select", "Small Text", "Text", "Time")
    + ("Attach", "Attach Image", "Color", "HTML Editor", "Markdown Editor", "Rating", "Text Editor")
)
_RESERVED = ("flags", "doctype", "meta")
_CLIENT_KEYS = ("__islocal", "__unsaved", "__newname", "__temporary_name", "__run_link_triggers")


def received(doc):
    """A Document made of what a client sent, a dict or its JSON. Raises ValidationError for all else."""
    values = parse(doc)
    if not isinstance(values, dict) or not isinstance(values.get("doctype"), str):
        frappe.throw(_("Invalid request arguments"))
    return frappe.get_doc({"doctype": values["doctype"], **clean(values["doctype"], values, _CLIENT_KEYS)})


@contextlib.contextmanager
def asked_by_client():
    """What a client asked for and the query builder or the database cannot make sense of is the client's
    mistake: DataError instead of an unforeseen one."""
    try:
        yield
    except (frappe.QueryTimeoutError, frappe.QueryDeadlockError, NotImplementedError):
        raise
    except (sqlite3.Error, TypeError, ValueError, AttributeError, LookupError) as error:
        if hasattr(error, "http_status_code"):
            raise
        frappe.throw(_("Invalid query: {0}").format(frappe.utils.escape_html(str(error))), frappe.DataError)


def parse(value):
    """JSON text as Python, anything else as it is. Raises ValidationError for what is no JSON."""
    if not isinstance(value, (str, bytes)):
        return value
    try:
        return frappe.parse_json(value if isinstance(value, str) else value.decode())
    except ValueError:
        frappe.throw(_("Invalid request arguments"))


def clean(doctype: str, values: dict, allowed_keys: tuple = ()) -> dict:
    """Values that a client may set: no private attributes, no methods of the document, no stamps of the base.

    Fields of the DocType pass whatever they are called; child rows are cleaned alike.
    """
    from frappe.model.base_document import get_controller

    meta, controller = frappe.get_meta(doctype), get_controller(doctype)
    tables = {df.fieldname: df.options for df in meta.get_table_fields()}
    out = {}
    for key, value in values.items():
        if key in tables:
            out[key] = _clean_rows(key, tables[key], value, allowed_keys)
        elif (
            meta.has_field(key)
            or key in allowed_keys
            or key == "docstatus"
            or not key.startswith("_")
            and key not in ("flags", "doctype", "meta")
            and not hasattr(controller, key)
        ):
            _check_plain(meta, key, value)
            out[key] = value
    return out


def _check_plain(meta, key: str, value) -> None:
    """A list or a dict fits into no column, but for JSON. Raises ValidationError."""
    if isinstance(value, (list, dict)) and (df := meta.get_field(key)) and df.fieldtype in _PLAIN:
        frappe.throw(_("Value for {0} cannot be a list").format(frappe.bold(_(df.label or key))))


def _clean_rows(fieldname: str, doctype: str, rows, allowed_keys) -> list:
    if rows is None:
        return []
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        frappe.throw(_("Value for {0} must be a list of rows").format(frappe.bold(fieldname)))
    return [{"doctype": doctype, **clean(doctype, row, allowed_keys)} for row in rows]


def update(doctype: str, name: str, values: dict):
    """Set values of a stored document and save it; a stale `modified` among them is refused."""
    doc = existing(doctype, name, "write", for_update=True)
    values = clean(doctype, values)
    for key in (*_STAMPS, "name"):
        values.pop(key, None)
    doc.update(values)
    doc.save()
    if doc.get("parenttype"):
        frappe.get_doc(doc.parenttype, doc.parent).save()
    return readable(doc)


def create(doctype: str, values: dict):
    """Insert a new document."""
    if not isinstance(values, dict):
        frappe.throw(_("Invalid request arguments"))
    if not frappe.is_table(doctype):
        frappe.has_permission(doctype, "create", throw=True)
    values = clean(doctype, values, ("__newname",))
    return readable(frappe.new_doc(doctype, **values).insert())


def existing(doctype: str, name: str, ptype="read", **kwargs):
    """A stored document. To whom may not read any, one that is missing looks like one that is forbidden."""
    try:
        return frappe.get_doc(doctype, name, **kwargs)
    except frappe.DoesNotExistError:
        known = frappe.db.exists("DocType", doctype) and not frappe.is_table(doctype)
        if known and not frappe.has_permission(doctype, ptype):
            raise frappe.PermissionError from None
        raise


def readable(doc):
    """The document without the values that the user may not read, for an answer."""
    doc.apply_fieldlevel_read_permissions()
    return doc


def run_method(doctype: str, name: str, method: str, arguments: dict):
    """Call a whitelisted method of a stored document: GET needs `read`, POST `write`."""
    from frappe.handler import fitting, is_valid_http_method

    ptype = "write" if frappe.local.request.method == "POST" else "read"
    doc = existing(doctype, name, ptype)
    doc.is_whitelisted(method)
    bound = getattr(doc, method)
    is_valid_http_method(getattr(bound, "__func__", bound))
    doc.check_permission(ptype)
    return doc.run_method(method, **fitting(bound, arguments))


def json_argument(form, key: str):
    """An argument that may come as JSON text. Raises ValidationError if it should be JSON and is not."""
    value = form.get(key)
    if isinstance(value, str) and value[:1] in ("[", "{", '"'):
        try:
            return json.loads(value)
        except ValueError:
            frappe.throw(_("Invalid JSON in {0}").format(key))
    return value
