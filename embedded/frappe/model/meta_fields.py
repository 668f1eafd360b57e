"""Questions about the fields of a DocType."""

import frappe
from frappe import _lt
from frappe.model import data_fieldtypes, no_value_fields
from frappe.model.controllers import CHILD_TABLES_OF_DOCTYPE

DEFAULT_FIELD_LABELS = {
    "name": _lt("ID"),
    "creation": _lt("Created On"),
    "docstatus": _lt("Document Status"),
    "idx": _lt("Index"),
    "modified": _lt("Last Updated On"),
    "modified_by": _lt("Last Updated By"),
    "owner": _lt("Created By"),
    "_user_tags": _lt("Tags"),
    "_liked_by": _lt("Liked By"),
    "_comments": _lt("Comments"),
    "_assign": _lt("Assigned To"),
}


class MetaFields:
    """Part of Meta: answers from `fields`, `_fields` (by name) and `_table_fields`."""

    def get_field(self, fieldname: str):
        """The field, None where there is none."""
        return self._fields.get(fieldname)

    def has_field(self, fieldname: str) -> bool:
        """Whether there is such a field."""
        return fieldname in self._fields

    def get_label(self, fieldname: str) -> str:
        """The label of a field or standard column."""
        if df := self._fields.get(fieldname):
            return df.label
        return str(DEFAULT_FIELD_LABELS.get(fieldname, "No Label"))

    def get_options(self, fieldname: str):
        """The options of a field."""
        return self.get_field(fieldname).options

    def get_link_doctype(self, fieldname: str):
        """Where a Link points; for a Dynamic Link, the options of the field that says so."""
        df = self.get_field(fieldname)
        if df.fieldtype == "Link":
            return df.options
        return self.get_options(df.options) if df.fieldtype == "Dynamic Link" else None

    def _of_type(self, *fieldtypes) -> list:
        return [df for df in self.fields if df.fieldtype in fieldtypes]

    def get_table_fields(self) -> list:
        """Table and Table MultiSelect fields."""
        return self._table_fields

    def get_table_field_doctype(self, fieldname: str):
        """The child DocType behind one of a DocType's own tables."""
        return CHILD_TABLES_OF_DOCTYPE.get(fieldname)

    def get_link_fields(self) -> list:
        """Link fields that name a DocType."""
        return [df for df in self._of_type("Link") if df.options != "[Select]"]

    def get_dynamic_link_fields(self) -> list:
        """Dynamic Link fields."""
        return self._of_type("Dynamic Link")

    def get_data_fields(self) -> list:
        """Data fields."""
        return self._of_type("Data")

    def get_phone_fields(self) -> list:
        """Phone fields."""
        return self._of_type("Phone")

    def get_select_fields(self) -> list:
        """Select fields with options of their own."""
        return [df for df in self._of_type("Select") if df.options not in ("[Select]", "Loading...")]

    def get_image_fields(self) -> list:
        """Attach Image fields."""
        return self._of_type("Attach Image")

    def get_code_fields(self) -> list:
        """Code fields."""
        return self._of_type("Code")

    def get_search_fields(self) -> list[str]:
        """Fields that a search in Links looks at; the name always."""
        fields = [field.strip() for field in (self.search_fields or "name").split(",")]
        return fields if "name" in fields else [*fields, "name"]

    def get_fields_to_fetch(self, link_fieldname: str | None = None) -> list:
        """Fields whose `fetch_from` goes over one link, or over any."""
        links = {link_fieldname} if link_fieldname else {df.fieldname for df in self.get_link_fields()}
        return [
            df
            for df in self.fields
            if df.fetch_from
            and "." in df.fetch_from
            and df.fieldtype not in no_value_fields
            and df.fetch_from.split(".", 1)[0] in links
        ]

    def get_list_fields(self) -> list[str]:
        """Columns of the list view."""
        fields = ["name"] + [
            df.fieldname for df in self.fields if df.in_list_view and df.fieldtype in data_fieldtypes
        ]
        if self.title_field and self.title_field not in fields:
            fields.append(self.title_field)
        return fields

    def get_custom_fields(self) -> list:
        """Fields added by Custom Field."""
        return [df for df in self.fields if df.get("is_custom_field")]

    def get_title_field(self) -> str:
        """The field that names a document to people."""
        return self.title_field or ("title" if self.has_field("title") else "name")

    def get_translatable_fields(self) -> list[str]:
        """Fields whose values may be translated."""
        return [df.fieldname for df in self.fields if df.translatable]

    def is_translatable(self, fieldname: str):
        """Whether a field's values may be translated."""
        df = self.get_field(fieldname)
        return df.translatable if df else None

    def get_naming_series_options(self) -> list[str]:
        """Series that documents may be named by."""
        df = self.get_field("naming_series")
        return (df.options or "").split("\n") if df else []

    def get_fieldnames_with_value(self, with_field_meta=False, with_virtual_fields=False) -> list:
        """Fields that hold values, by name or as fields."""
        fields = [
            df
            for df in self.fields
            if df.fieldtype not in no_value_fields and (with_virtual_fields or not df.get("is_virtual"))
        ]
        return fields if with_field_meta else [df.fieldname for df in fields]

    def get_fields_to_check_permissions(self, user_permission_doctypes) -> list:
        """Link fields that User Permissions restrict; the name itself, where its DocType is restricted."""
        fields = [
            df
            for df in self._of_type("Link")
            if not df.ignore_user_permissions and df.options in user_permission_doctypes
        ]
        if self.name in user_permission_doctypes:
            fields.append(frappe._dict(label="Name", fieldname="name", options=self.name))
        return fields
