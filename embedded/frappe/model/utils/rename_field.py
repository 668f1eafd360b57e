"""Moving values when a field gets another name. The old column stays, as in Frappe."""

import frappe
from frappe.database.introspection import quote, table_of
from frappe.model import no_value_fields, table_fields


def rename_field(doctype, old_fieldname, new_fieldname, validate=True):
    """Copy the values of a field to the field that replaces it, in a patch after the DocType was reloaded.

    Nothing happens, but for a line in the log, if either is not there.
    """
    meta = frappe.get_meta(doctype, cached=False)
    field = meta.get_field(new_fieldname)
    if not field:
        frappe.log(f"rename_field: {new_fieldname} not found in {doctype}")
        return
    if not meta.issingle and not frappe.db.has_table(doctype):
        frappe.log(f"rename_field: table of {doctype} does not exist")
        return

    if field.fieldtype in table_fields:
        frappe.db.sql(
            f"update {quote(table_of(field.options))} set parentfield = %s where parentfield = %s"
            " and parenttype = %s",
            (new_fieldname, old_fieldname, doctype),
        )
    elif meta.issingle:
        frappe.db.sql(
            "update `tabSingles` set field = %s where doctype = %s and field = %s",
            (new_fieldname, doctype, old_fieldname),
        )
        frappe.clear_document_cache(doctype, doctype)
    elif field.fieldtype not in no_value_fields:
        if not frappe.db.has_column(doctype, old_fieldname):
            frappe.log(f"rename_field: {old_fieldname} not found in table for: {doctype}")
            return
        frappe.db.sql(
            f"update {quote(table_of(doctype))} set {quote(new_fieldname)} = {quote(old_fieldname)}"
        )
    _update_property_setters(doctype, old_fieldname, new_fieldname)


def _update_property_setters(doctype, old_fieldname, new_fieldname):
    if frappe.db.table_exists("Property Setter"):
        frappe.db.sql(
            "update `tabProperty Setter` set field_name = %s where doc_type = %s and field_name = %s",
            (new_fieldname, doctype, old_fieldname),
        )
