"""Print Format: how documents of a DocType are printed, by a Jinja template or by arranged fields."""

import json

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils.jinja import validate_template


class PrintFormat(Document):
    """One Print Format. Standard ones come with an app; only Administrator changes them."""

    def validate(self) -> None:
        if (
            self.standard == "Yes"
            and frappe.session.user != "Administrator"
            and not (frappe.flags.in_install or frappe.flags.in_import)
        ):
            frappe.throw(_("Standard Print Format cannot be updated"))
        if self.print_format_type == "JS":
            frappe.throw(_("Print Formats of type JS need a browser; use Jinja"))
        if self.custom_format and not self.raw_printing and not self.html and self.standard != "Yes":
            frappe.throw(_("{0} is required").format(frappe.bold(_("HTML"))), frappe.MandatoryError)
        if self.raw_printing and not self.raw_commands:
            frappe.throw(_("{0} are required").format(frappe.bold(_("Raw Commands"))), frappe.MandatoryError)
        validate_template(self.html)
        validate_template(self.raw_commands)
        if self.format_data:
            try:
                json.loads(self.format_data)
            except ValueError:
                frappe.throw(_("Format Data is no JSON"))


@frappe.whitelist(methods=["POST", "PUT"])
def make_default(name: str) -> None:
    """Print documents of the format's DocType by this format from now on. Raises PermissionError."""
    from frappe.custom.doctype.property_setter.property_setter import make_property_setter

    doc = frappe.get_doc("Print Format", name)
    doc.check_permission("write")
    make_property_setter(
        doc.doc_type,
        None,
        "default_print_format",
        name,
        "Data",
        for_doctype=True,
        validate_fields_for_doctype=False,
    )
    frappe.msgprint(
        _("{0} is now default print format for {1} doctype").format(
            frappe.bold(doc.name), frappe.bold(_(doc.doc_type))
        )
    )
