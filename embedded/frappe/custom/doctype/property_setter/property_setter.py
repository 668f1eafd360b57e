"""Property Setter: another value for one property of a DocType or of one of its fields."""

import frappe
from frappe import _
from frappe.model.document import Document


class PropertySetter(Document):
    """Takes effect on the Meta, and where it matters on the table, as soon as it is saved."""

    def autoname(self) -> None:
        self.name = f"{self.doc_type}-{self.field_name or self.row_name or 'main'}-{self.property}"

    def validate(self) -> None:
        self._check_field_exists()
        if self.is_new():
            delete_property_setter(self.doc_type, self.property, self.field_name, self.row_name)

    def _check_field_exists(self) -> None:
        if self.doctype_or_field == "DocField" and not frappe.get_meta(self.doc_type).has_field(
            self.field_name
        ):
            frappe.throw(_("Field {0} not found in {1}").format(self.field_name, self.doc_type))

    def on_update(self) -> None:
        frappe.clear_cache(doctype=self.doc_type)
        if not self.flags.ignore_validate and self.property in (
            "unique",
            "search_index",
            "length",
            "fieldtype",
            "default",
            "precision",
        ):
            frappe.db.updatedb(self.doc_type)
        self._forget()

    def on_trash(self) -> None:
        self._forget()

    def after_delete(self) -> None:
        self._forget()

    def _forget(self) -> None:
        frappe.clear_cache(doctype=self.doc_type)
        frappe.local.new_doc_templates.clear()
        frappe.local.role_permissions.clear()
        frappe.flags.link_fields = {}


def make_property_setter(
    doctype,
    fieldname,
    property,
    value,
    property_type,
    for_doctype=False,
    validate_fields_for_doctype=True,
    is_system_generated=True,
):
    """Set one property; returns the Property Setter."""
    setter = frappe.get_doc(
        {
            "doctype": "Property Setter",
            "doctype_or_field": "DocType" if for_doctype else "DocField",
            "doc_type": doctype,
            "field_name": fieldname,
            "property": property,
            "value": value,
            "property_type": property_type,
            "is_system_generated": int(is_system_generated),
        }
    )
    setter.flags.ignore_permissions = True
    setter.insert()
    return setter


def delete_property_setter(doc_type, property=None, field_name=None, row_name=None) -> None:
    """Delete the setters of these values, without events."""
    filters = {"doc_type": doc_type}
    for key, value in (("property", property), ("field_name", field_name), ("row_name", row_name)):
        if value:
            filters[key] = value
    frappe.db.delete("Property Setter", filters)
