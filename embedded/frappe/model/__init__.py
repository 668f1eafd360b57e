"""Names that the model layer shares: field types by what they store, and columns that every table has."""

import frappe

data_fieldtypes = (
    "Currency",
    "Int",
    "Long Int",
    "Float",
    "Percent",
    "Check",
    "Small Text",
    "Long Text",
    "Code",
    "Text Editor",
    "Markdown Editor",
    "HTML Editor",
    "Date",
    "Datetime",
    "Time",
    "Text",
    "Data",
    "Link",
    "Dynamic Link",
    "Password",
    "Select",
    "Rating",
    "Read Only",
    "Attach",
    "Attach Image",
    "Signature",
    "Color",
    "Barcode",
    "Geolocation",
    "Duration",
    "Icon",
    "Phone",
    "Autocomplete",
    "JSON",
)

float_like_fields = {"Float", "Currency", "Percent"}
datetime_fields = {"Datetime", "Date", "Time"}
attachment_fieldtypes = ("Attach", "Attach Image")
display_fieldtypes = (
    "Section Break",
    "Column Break",
    "Tab Break",
    "HTML",
    "Button",
    "Image",
    "Fold",
    "Heading",
)
table_fields = ("Table", "Table MultiSelect")
no_value_fields = (*display_fieldtypes[:4], *table_fields, *display_fieldtypes[4:])
numeric_fieldtypes = ("Currency", "Int", "Long Int", "Float", "Percent", "Check")
data_field_options = ("Email", "Name", "Phone", "URL", "Barcode")

default_fields = ("doctype", "name", "owner", "creation", "modified", "modified_by", "docstatus", "idx")
child_table_fields = ("parent", "parentfield", "parenttype")
optional_fields = ("_user_tags", "_comments", "_assign", "_liked_by", "_seen")

core_doctypes_list = (
    "DefaultValue",
    "DocType",
    "DocField",
    "DocPerm",
    "DocType Action",
    "DocType Link",
    "User",
    "Role",
    "Has Role",
    "Page",
    "Module Def",
    "Print Format",
    "Report",
    "Customize Form",
    "Customize Form Field",
    "Property Setter",
    "Custom Field",
    "Client Script",
)

log_types = (
    "Version",
    "Error Log",
    "Scheduled Job Log",
    "Event Sync Log",
    "Event Update Log",
    "Access Log",
    "View Log",
    "Activity Log",
    "Energy Point Log",
    "Notification Log",
    "Email Queue",
    "DocShare",
    "Document Follow",
    "Console Log",
)

# Levels are kept in DocTypes; what describes them is open to whoever may read it at all.
_WITHOUT_LEVELS = frozenset(core_doctypes_list) - {
    "User",
    "Has Role",
    "Role",
    "Page",
    "Print Format",
    "Report",
}

std_fields = [
    {"fieldname": "name", "fieldtype": "Link", "label": "ID"},
    {"fieldname": "owner", "fieldtype": "Link", "label": "Created By", "options": "User"},
    {"fieldname": "idx", "fieldtype": "Int", "label": "Index"},
    {"fieldname": "creation", "fieldtype": "Datetime", "label": "Created On"},
    {"fieldname": "modified", "fieldtype": "Datetime", "label": "Last Updated On"},
    {"fieldname": "modified_by", "fieldtype": "Link", "label": "Last Updated By", "options": "User"},
    {"fieldname": "_user_tags", "fieldtype": "Data", "label": "Tags"},
    {"fieldname": "_liked_by", "fieldtype": "Data", "label": "Liked By"},
    {"fieldname": "_comments", "fieldtype": "Text", "label": "Comments"},
    {"fieldname": "_assign", "fieldtype": "Text", "label": "Assigned To"},
    {"fieldname": "docstatus", "fieldtype": "Int", "label": "Document Status"},
]


def get_permitted_fields(
    doctype: str,
    parenttype: str | None = None,
    user: str | None = None,
    permission_type: str | None = None,
    *,
    ignore_virtual: bool = False,
) -> list[str]:
    """Columns of `doctype` that `user` may see: the standard ones and the fields of his permission levels."""
    meta = frappe.get_meta(doctype)
    columns = meta.get_valid_columns()
    if doctype in _WITHOUT_LEVELS or set(columns).issubset(default_fields):
        return columns
    permission_type = permission_type or "read"
    permitted = meta.get_permitted_fieldnames(
        parenttype=parenttype,
        user=user,
        permission_type=permission_type,
        with_virtual_fields=not ignore_virtual,
    )
    if permitted and permission_type == "select":
        return permitted
    standard = list(meta.default_fields)
    if permitted and meta.istable:
        standard += child_table_fields
    return standard + permitted + [column for column in optional_fields if column in columns]


def is_default_field(fieldname: str) -> bool:
    """Whether every table has this column."""
    return fieldname in default_fields


def delete_fields(args_dict: dict[str, list[str]], delete: int = 0) -> None:
    """Removing fields by `{doctype: [fieldnames]}` is left to the schema sync; it is not answered here."""
    raise NotImplementedError("frappe.model.delete_fields")
