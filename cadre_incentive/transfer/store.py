"""Writing one record of a stream."""

import frappe
from frappe import _

from cadre_incentive.transfer import records
from cadre_incentive.transfer.parts import MARKS, STAMPS, Part
from cadre_incentive.transfer.stream import StreamError


def store(part: Part, record: dict, new: bool) -> None:
    """Make the record stand on this site as it stands in the stream."""
    _check_fields(part, record)
    if frappe.get_meta(part.doctype).issingle:
        _store_single(part, record)
    elif part.how == "user" and new:
        _insert_user(part, record)
    elif part.how in ("save", "keep"):
        _save(part, record, new)
    elif new:
        _insert(part, record)
    else:
        _update(part, record)


def _check_fields(part: Part, record: dict) -> None:
    """Refuse unknown fields of the app's DocTypes; those of the framework differ by version."""
    if part.fields is not None:
        return
    known = {"doctype", "name", *MARKS, *records.columns(part)} | {
        field for field, *_rest in records.tables_of(part)
    }
    if unknown := sorted(set(record) - known):
        raise StreamError(
            _("Fields of {0} that are unknown here: {1}").format(part.doctype, ", ".join(unknown[:5]))
        )
    for field, child, _fields in records.tables_of(part):
        known = {"name", *records.row_columns(part, field, child)}
        for row in record.get(field) or ():
            if unknown := sorted(set(row) - known):
                raise StreamError(
                    _("Fields of {0} that are unknown here: {1}").format(child, ", ".join(unknown[:5]))
                )


def _store_single(part: Part, record: dict) -> None:
    for field in records.columns(part):
        frappe.db.set_single_value(part.doctype, field, record.get(field), update_modified=False)
    frappe.clear_document_cache(part.doctype, part.doctype)


def _insert(part: Part, record: dict) -> None:
    """The rows as they are: they have passed their checks where they were made."""
    doc = frappe.get_doc(_values(part, record))
    doc.db_insert()
    for field, _child, _fields in records.tables_of(part):
        for row in doc.get(field) or ():
            _tell_parent(row, record, field)
            row.db_insert()


def _update(part: Part, record: dict) -> None:
    """All columns that the stream carries, and the rows of its tables anew."""
    values = {
        column: record.get(column, 0 if fieldtype in records.WHOLE + records.FRACTIONS else None)
        for column, fieldtype in records.columns(part).items()
    }
    frappe.db.set_value(part.doctype, record["name"], values, update_modified=False)
    _replace_rows(part, record)
    frappe.clear_document_cache(part.doctype, record["name"])


def _replace_rows(part: Part, record: dict) -> None:
    for field, child, _fields in records.tables_of(part):
        scope = {"parenttype": part.doctype, "parentfield": field, "parent": record["name"]}
        frappe.db.delete(child, scope)
        for idx, values in enumerate(record.get(field) or (), 1):
            row = frappe.get_doc({"doctype": child, "idx": idx, **values})
            _tell_parent(row, record, field)
            row.db_insert()


def _tell_parent(row, record: dict, field: str) -> None:
    row.parent, row.parenttype, row.parentfield = record["name"], record["doctype"], field


def _insert_user(part: Part, record: dict) -> None:
    """Through the controller, which makes what hangs on a user; nobody is written to."""
    doc = frappe.get_doc(_values(part, record))
    doc.flags.no_welcome_mail = True
    doc.insert(ignore_permissions=True, set_name=record["name"])
    _update(part, record)
    frappe.clear_cache(user=record["name"])


def _save(part: Part, record: dict, new: bool) -> None:
    """Through the controller, since schema, forms or rights follow; then the stamps of the stream."""
    doc = frappe.get_doc(_values(part, record)) if new else frappe.get_doc(part.doctype, record["name"])
    doc.flags.ignore_permissions = doc.flags.ignore_mandatory = doc.flags.ignore_links = True
    if new:
        doc.insert(set_name=record["name"])
    else:
        for column, fieldtype in records.columns(part).items():
            if column not in STAMPS:
                absent = 0 if fieldtype in records.WHOLE + records.FRACTIONS else None
                doc.set(column, record.get(column, absent))
        for field, _child, _fields in records.tables_of(part):
            doc.set(field, record.get(field) or [])
        doc.save()
    stamps = {stamp: record[stamp] for stamp in STAMPS if stamp in record}
    if stamps:
        frappe.db.set_value(part.doctype, record["name"], stamps, update_modified=False)


def _values(part: Part, record: dict) -> dict:
    """What this host knows of a record."""
    known = {"doctype", "name", *records.columns(part)}
    values = {key: value for key, value in record.items() if key in known}
    for field, child, _fields in records.tables_of(part):
        values[field] = [{"doctype": child, **row} for row in record.get(field) or ()]
    if part.doctype == "Custom DocPerm":
        values.update(parenttype="DocType", parentfield="permissions")
    return values
