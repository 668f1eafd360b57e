"""Methods that clients call on documents of any DocType, each under the caller's permissions."""

import frappe
import frappe.model
from frappe import _
from frappe.api.documents import asked_by_client, clean, json_argument, parse, readable, received
from frappe.utils import cint, get_safe_filters, sbool

MAX_INSERTS = 200
STANDARD_FIELDS = (*frappe.model.default_fields, *frappe.model.child_table_fields)


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
    _check_parent(doctype, parent)
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


def _check_parent(doctype, parent) -> None:
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
def get(doctype, name=None, filters=None, parent=None) -> dict:
    """A document: by name, the first that matches the filters, or a Single."""
    from frappe.api.documents import existing

    _check_parent(doctype, parent)
    filters = json_argument({"filters": filters}, "filters")
    if name:
        doc = existing(doctype, name)
    elif filters or filters == {}:
        doc = existing(doctype, filters)
    else:
        doc = existing(doctype, doctype)
    doc.check_permission()
    return readable(doc).as_dict()


@frappe.whitelist()
def get_value(doctype, fieldname, filters=None, as_dict=True, debug=False, parent=None):
    """A field, or a list of fields, of the first document that matches and may be read; {} if none does."""
    _check_parent(doctype, parent)
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


@frappe.whitelist(methods=["POST", "PUT"])
def set_value(doctype, name, fieldname, value=None) -> dict:
    """Set a field, or fields given as a dict, through a save; standard fields of a dict are left out."""
    if isinstance(fieldname, str) and fieldname in STANDARD_FIELDS:
        frappe.throw(_("Cannot edit standard fields"))
    values = {fieldname: value} if isinstance(fieldname, str) else fieldname
    if not value and isinstance(fieldname, str) and fieldname.lstrip()[:1] == "{":
        values = parse(fieldname)
    elif not value and isinstance(fieldname, str):
        values = {fieldname: "" if value is None else value}
    if not isinstance(values, dict):
        frappe.throw(_("Invalid request arguments"))
    values = {key: each for key, each in clean(doctype, values).items() if key not in STANDARD_FIELDS}

    if frappe.is_table(doctype):
        doc = _parent_of(doctype, name)
        next(row for row in doc.get_all_children(doctype) if row.name == name).update(values)
    else:
        from frappe.api.documents import existing

        doc = existing(doctype, name, "write", for_update=True)
        doc.update(values)
    doc.save()
    return readable(doc).as_dict()


def _parent_of(doctype: str, name: str):
    """The document to which a child row belongs. Raises DoesNotExistError."""
    row = frappe.db.get_value(doctype, name, ["parenttype", "parent"], as_dict=True)
    if not row or not row.parenttype:
        raise frappe.DoesNotExistError
    return frappe.get_doc(row.parenttype, row.parent, for_update=True)


@frappe.whitelist(methods=["POST", "PUT"])
def insert(doc=None) -> dict:
    """Insert a document (a dict or its JSON)."""
    return readable(insert_doc(doc)).as_dict()


@frappe.whitelist(methods=["POST", "PUT"])
def insert_many(docs=None) -> list:
    """Insert up to 200 documents; all of them or none. Answers their names."""
    docs = parse(docs)
    if not isinstance(docs, list):
        frappe.throw(_("Invalid request arguments"))
    if len(docs) > MAX_INSERTS:
        frappe.throw(_("Only 200 inserts allowed in one request"))
    return [insert_doc(doc).name for doc in docs]


def insert_doc(doc):
    """Insert what a client sent; a child row goes in by its parent, which is returned."""
    values = parse(doc)
    if not isinstance(values, dict) or not isinstance(values.get("doctype"), str):
        frappe.throw(_("Invalid request arguments"))
    doctype = values["doctype"]
    if not frappe.is_table(doctype):
        return received(values).insert()
    if not (values.get("parenttype") and values.get("parent") and values.get("parentfield")):
        frappe.throw(_("Parenttype, Parent and Parentfield are required to insert a child record"))
    parent = frappe.get_doc(values["parenttype"], values["parent"], for_update=True)
    field = parent.meta.get_field(values["parentfield"])
    if not field or field.options != doctype:
        frappe.throw(_("Invalid request arguments"))
    parent.append(values["parentfield"], clean(doctype, values))
    return parent.save()


@frappe.whitelist(methods=["POST", "PUT"])
def save(doc) -> dict:
    """Save a whole document, as the client holds it."""
    return readable(received(doc).save()).as_dict()


@frappe.whitelist(methods=["POST", "PUT"])
def rename_doc(doctype, old_name, new_name, merge=False) -> str:
    """Rename a document, or merge it into another."""
    return frappe.rename_doc(doctype, old_name, new_name, merge=sbool(merge) is True or bool(cint(merge)))


@frappe.whitelist(methods=["POST", "PUT"])
def submit(doc) -> dict:
    """Submit a document, as the client holds it."""
    return readable(received(doc).submit()).as_dict()


@frappe.whitelist(methods=["POST", "PUT"])
def cancel(doctype, name) -> dict:
    """Cancel a submitted document."""
    from frappe.api.documents import existing

    return readable(existing(doctype, name, "cancel").cancel()).as_dict()


@frappe.whitelist(methods=["DELETE", "POST"])
def delete(doctype, name) -> None:
    """Delete a document, or a row of one."""
    delete_doc(doctype, name)


def delete_doc(doctype, name) -> None:
    """A child row is taken out of its parent, which is saved."""
    if not frappe.is_table(doctype):
        from frappe.api.documents import existing

        existing(doctype, name, "delete")
        frappe.delete_doc(doctype, name, ignore_missing=False)
        return
    parent = _parent_of(doctype, name)
    for row in parent.get_all_children(doctype):
        if row.name == name:
            parent.remove(row)
            parent.save()
            return


@frappe.whitelist(methods=["POST", "PUT"])
def bulk_update(docs) -> dict:
    """Update documents, each `{doctype, docname, …}`; those that fail change nothing and are returned."""
    from frappe.api.documents import existing

    docs = parse(docs)
    if not isinstance(docs, list) or not all(isinstance(doc, dict) for doc in docs):
        frappe.throw(_("Invalid request arguments"))
    failed = []
    for values in docs:
        frappe.db.savepoint("bulk_update")
        try:
            doc = existing(values["doctype"], values["docname"], "write", for_update=True)
            values = clean(doc.doctype, values)
            doc.update(
                {key: each for key, each in values.items() if key not in ("name", "owner", "creation")}
            )
            doc.save()
        except Exception:
            frappe.db.rollback(save_point="bulk_update")
            failed.append({"doc": values, "exc": frappe.utils.get_traceback()})
    return {"failed_docs": failed}


@frappe.whitelist()
def has_permission(doctype, docname, perm_type="read") -> dict:
    """Whether the user may `perm_type` the document."""
    allowed = frappe.has_permission(doctype, str(perm_type).lower(), docname)
    return {"has_permission": bool(allowed)}


@frappe.whitelist()
def get_doc_permissions(doctype, docname) -> dict:
    """The user's rights on a document, as `{"read": 1, …}`."""
    from frappe.api.documents import existing
    from frappe.permissions import get_doc_permissions

    return {"permissions": get_doc_permissions(existing(doctype, docname))}


@frappe.whitelist()
def get_password(doctype, name, fieldname) -> str:
    """The clear text of a secret, for System Managers."""
    frappe.only_for("System Manager")
    doc = frappe.get_doc(doctype, name)
    doc.check_permission("read")
    return doc.get_password(fieldname)


@frappe.whitelist(allow_guest=True)
def get_time_zone() -> dict:
    """The site's time zone."""
    return {"time_zone": frappe.get_system_settings("time_zone")}


@frappe.whitelist(methods=["POST", "PUT"])
def attach_file(
    filename=None,
    filedata=None,
    doctype=None,
    docname=None,
    folder=None,
    decode_base64=False,
    is_private=None,
    docfield=None,
):
    """Store content as a File attached to a document; `docfield` of the document gets its address."""
    doc = frappe.get_doc(doctype, docname)
    doc.check_permission("write" if docfield else "read")
    file = frappe.get_doc(
        {
            "doctype": "File",
            "file_name": filename,
            "attached_to_doctype": doctype,
            "attached_to_name": docname,
            "attached_to_field": docfield,
            "folder": folder,
            "is_private": cint(is_private),
            "content": filedata,
            "decode": cint(sbool(decode_base64)),
        }
    ).save()
    if docfield:
        doc.set(docfield, file.file_url)
        doc.save()
    return file


@frappe.whitelist()
def is_document_amended(doctype, docname):
    """The name of the document that amends this one, else False."""
    frappe.has_permission(doctype, throw=True)
    if frappe.get_meta(doctype).has_field("amended_from"):
        return frappe.db.exists(doctype, {"amended_from": docname}) or False
    return False


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


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    raise NotImplementedError(f"frappe.client.{name}")
