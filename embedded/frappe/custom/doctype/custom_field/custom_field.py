"""Custom Field: a field that an administrator or an app adds to a DocType that is not its own."""

import re

import frappe
from frappe import _
from frappe.model import no_value_fields
from frappe.model.document import Document
from frappe.utils import cstr


class CustomField(Document):
    """Named `<DocType>-<fieldname>`; its column appears when it is saved and stays when it is deleted."""

    def autoname(self) -> None:
        self._set_fieldname()
        self.name = f"{self.dt}-{self.fieldname}"

    def _set_fieldname(self) -> None:
        if self.fieldname:
            self.fieldname = self.fieldname.lower()
            return
        label = self.label
        if not label:
            if self.fieldtype not in ("Section Break", "Column Break", "Tab Break"):
                frappe.throw(_("Label is mandatory"))
            label = f"{self.fieldtype}_{frappe.generate_hash(length=4)}"
        name = re.sub(r"\W", "", frappe.scrub(cstr(label)))
        self.fieldname = name if name.startswith("custom_") or self.is_system_generated else f"custom_{name}"

    def before_insert(self) -> None:
        self._set_fieldname()

    def validate(self) -> None:
        meta = frappe.get_meta(self.dt, cached=False)
        others = [df for df in meta.fields if df.get("name") != self.name]
        names = [df.fieldname for df in others]
        if self.is_new() and self.fieldname in names:
            frappe.throw(
                _("A field with the name {0} already exists in {1}").format(
                    frappe.bold(self.fieldname), frappe.bold(self.dt)
                )
            )
        if self.insert_after == "append":
            self.insert_after = names[-1] if names else None
        elif self.insert_after and self.insert_after == self.fieldname:
            frappe.throw(_("Insert After cannot be set as {0}").format(self.insert_after))
        if (
            self.reqd
            and self.fieldtype in no_value_fields
            and self.fieldtype not in ("Table", "Table MultiSelect")
        ):
            frappe.throw(_("Field {0} of type {1} cannot be mandatory").format(self.label, self.fieldtype))
        if self.fieldtype in ("Link", "Table", "Table MultiSelect") and not frappe.db.exists(
            "DocType", self.options
        ):
            frappe.throw(
                _("Options must be a valid DocType for field {0}").format(self.label or self.fieldname)
            )
        if self.unique:
            self.search_index = 0
        if not self.is_new() and self.has_value_changed("fieldtype"):
            self._check_type_change()

    def _check_type_change(self) -> None:
        """Types may change only inside groups that keep the values."""
        groups = (
            {"Currency", "Float", "Percent"},
            {"Small Text", "Data"},
            {"Text", "Data"},
            {
                "Text",
                "Text Editor",
                "Code",
                "Signature",
                "HTML Editor",
                "Small Text",
                "Long Text",
                "Markdown Editor",
            },
            {"Data", "Select", "Autocomplete", "Link", "Phone", "Color", "Icon"},
            {"Int", "Long Int", "Float", "Currency", "Percent"},
        )
        before = self.get_doc_before_save().fieldtype
        if not any({before, self.fieldtype} <= group for group in groups):
            frappe.throw(_("Fieldtype cannot be changed from {0} to {1}").format(before, self.fieldtype))

    def on_update(self) -> None:
        if self.flags.ignore_validate_customisation:
            return
        frappe.clear_cache(doctype=self.dt)
        frappe.db.updatedb(self.dt)
        _forget(self.dt)

    def on_trash(self) -> None:
        """The column and its values stay."""
        frappe.db.delete("Property Setter", {"doc_type": self.dt, "field_name": self.fieldname})
        frappe.db.after_commit.add(lambda: _forget(self.dt))

    def after_delete(self) -> None:
        _forget(self.dt)


def _forget(doctype: str) -> None:
    frappe.clear_cache(doctype=doctype)
    frappe.local.new_doc_templates.clear()
    frappe.flags.link_fields = {}


def create_custom_field(
    doctype: str, df: dict, ignore_validate: bool = False, is_system_generated: bool = True
):
    """Make one custom field unless the DocType has a field of that name; returns it if made."""
    df = frappe._dict(df)
    if not df.fieldname and df.label:
        df.fieldname = frappe.scrub(df.label)
    if frappe.db.get_value("Custom Field", {"dt": doctype, "fieldname": df.fieldname}):
        return None
    field = frappe.get_doc(
        {
            "doctype": "Custom Field",
            "dt": doctype,
            "permlevel": 0,
            "fieldtype": "Data",
            "hidden": 0,
            "is_system_generated": int(is_system_generated),
            **df,
        }
    )
    field.flags.ignore_validate = ignore_validate
    return field.insert()


def create_custom_fields(custom_fields: dict, ignore_validate: bool = False, update: bool = True) -> None:
    """Make or update custom fields: `{doctype or (doctypes): field or [fields]}`."""
    for doctypes, fields in custom_fields.items():
        for doctype in (doctypes,) if isinstance(doctypes, str) else doctypes:
            for df in (fields,) if isinstance(fields, dict) else fields:
                name = frappe.db.get_value("Custom Field", {"dt": doctype, "fieldname": df["fieldname"]})
                if not name:
                    create_custom_field(doctype, df, ignore_validate=ignore_validate)
                elif update:
                    field = frappe.get_doc("Custom Field", name)
                    field.flags.ignore_validate = ignore_validate
                    field.update(df)
                    field.save()
