"""What a description of documents may not say."""

import re

import frappe
from frappe import _
from frappe.model import data_fieldtypes, no_value_fields, table_fields
from frappe.utils import cint

_NOT_INDEXABLE = (*no_value_fields, "Small Text", "Long Text", "Text", "Text Editor", "Code", "JSON")
_UNIQUE_TYPES = ("Data", "Link", "Read Only", "Int", "Phone", "Autocomplete", "Select", "Date", "Datetime")


class UniqueFieldnameError(frappe.ValidationError):
    """Two fields of one name."""


class IllegalMandatoryError(frappe.ValidationError):
    """A field without value cannot be mandatory."""


class DoctypeLinkError(frappe.ValidationError):
    """A Link whose options name no DocType."""


class WrongOptionsDoctypeLinkError(frappe.ValidationError):
    """A Link's options differ in case from the DocType's name."""


class HiddenAndMandatoryWithoutDefaultError(frappe.ValidationError):
    """Nobody could fill it."""


class NonUniqueError(frappe.ValidationError):
    """Existing values forbid `unique`."""


class CannotIndexedError(frappe.ValidationError):
    """This type has no index."""


def check_series(doc) -> None:
    """`autoname` names fields that exist, and series are well formed."""
    autoname = doc.autoname or ""
    names = {df.fieldname for df in doc.fields}
    if autoname.startswith("field:"):
        fieldname = autoname.split(":")[1]
        if fieldname not in names:
            frappe.throw(_("Invalid fieldname '{0}' in autoname").format(fieldname))
        for df in doc.fields:
            if df.fieldname == fieldname:
                df.unique = 1
    elif autoname.startswith("naming_series:") and "naming_series" not in names:
        frappe.throw(_("Naming Series field required"))
    if "#" in autoname and not autoname.startswith("format:") and "." not in autoname:
        frappe.throw(_("Invalid naming series {}: dot (.) missing").format(frappe.bold(autoname)))
    for df in doc.fields:
        if df.fieldname == "naming_series":
            from frappe.model.naming import NamingSeries

            for series in filter(None, (df.options or "").split("\n")):
                NamingSeries(series).validate()


def check_fields(doc) -> None:
    """Names are unique, types exist, options and properties fit the type, named fields are there."""
    seen: set[str] = set()
    for df in doc.fields:
        if df.fieldname in seen:
            frappe.throw(
                _("{0}: Fieldname {1} appears multiple times in rows {2}").format(
                    doc.name,
                    df.fieldname,
                    ", ".join(str(each.idx) for each in doc.fields if each.fieldname == df.fieldname),
                ),
                UniqueFieldnameError,
            )
        seen.add(df.fieldname)
        _check_field(doc, df)
    for property_name in ("title_field", "image_field", "timeline_field", "sender_field", "subject_field"):
        fieldname = doc.get(property_name)
        if fieldname and fieldname not in seen and fieldname != "name":
            frappe.throw(_("{0}: field {1} of {2} is not there").format(doc.name, fieldname, property_name))
    for fieldname in filter(None, ((doc.search_fields or "").replace(" ", "")).split(",")):
        if fieldname not in seen and fieldname != "name":
            frappe.throw(_("Search field {0} is not valid").format(fieldname))


def _check_field(doc, df) -> None:
    if df.fieldtype not in data_fieldtypes and df.fieldtype not in no_value_fields:
        frappe.throw(
            _("{0}: Fieldtype {1} for {2} is not valid").format(doc.name, df.fieldtype, df.fieldname)
        )
    if len(df.fieldname) > 64 or not re.match(r"^[^\W\d]\w*$", df.fieldname):
        frappe.throw(
            _("{0}: Fieldname {1} must begin with a letter and be at most 64 characters").format(
                doc.name, df.fieldname
            )
        )
    if df.reqd and df.fieldtype in no_value_fields and df.fieldtype not in table_fields:
        frappe.throw(
            _("{0}: Field {1} of type {2} cannot be mandatory").format(doc.name, df.label, df.fieldtype),
            IllegalMandatoryError,
        )
    if (
        df.hidden
        and df.reqd
        and not df.default
        and not frappe.flags.in_migrate
        and not frappe.flags.in_install
    ):
        frappe.throw(
            _("{0}: Field {1} in row {2} cannot be hidden and mandatory without default").format(
                doc.name, df.label, df.idx
            ),
            HiddenAndMandatoryWithoutDefaultError,
        )
    if df.fieldtype in ("Link", *table_fields):
        _check_options(doc, df)
    if df.fieldtype == "Dynamic Link" and not doc.get("fields", {"fieldname": df.options}):
        frappe.throw(
            _(
                "Options 'Dynamic Link' type of field must point to another Link Field "
                "with options as 'DocType'"
            )
        )
    if df.unique and df.fieldtype not in _UNIQUE_TYPES:
        frappe.throw(
            _("{0}: Fieldtype {1} for {2} cannot be unique").format(doc.name, df.fieldtype, df.label),
            NonUniqueError,
        )
    if df.search_index and df.fieldtype in _NOT_INDEXABLE:
        frappe.throw(
            _("{0}:Fieldtype {1} for {2} cannot be indexed").format(doc.name, df.fieldtype, df.label),
            CannotIndexedError,
        )
    if df.precision and not 0 <= cint(df.precision) <= 9:
        frappe.throw(_("Precision should be between 1 and 6"))
    if df.fieldtype == "Select" and df.default and df.options:
        _check_default(df)


def _check_default(df) -> None:
    if str(df.default).strip() not in df.options.split("\n"):
        frappe.throw(_("Default for {0} must be an option").format(df.label or df.fieldname))


def _check_options(doc, df) -> None:
    if not df.options:
        frappe.throw(
            _("{0}: Options required for Link or Table type field {1} in row {2}").format(
                doc.name, df.label, df.idx
            ),
            DoctypeLinkError,
        )
    if frappe.flags.in_install or frappe.flags.in_migrate or frappe.flags.in_patch:
        return  # the DocType may be installed later in the same run
    if df.options in ("[Select]", doc.name) or frappe.db.exists("DocType", df.options):
        return
    frappe.throw(
        _("{0}: Options must be a valid DocType for field {1} in row {2}").format(doc.name, df.label, df.idx),
        DoctypeLinkError,
    )


def check_permissions(doc) -> None:
    """Rules are not doubled, ask for reading first, and submit only what can be submitted."""
    seen = set()
    for perm in doc.permissions:
        key = (perm.role, cint(perm.permlevel), cint(perm.if_owner))
        if key in seen:
            frappe.throw(
                _("{0}: Only one rule allowed with the same Role, Level and {1}").format(doc.name, "if_owner")
            )
        seen.add(key)
        if (
            cint(perm.permlevel) > 0
            and perm.role not in ("All", "Desk User")
            and not _has_level_zero(doc, perm.role)
        ):
            frappe.throw(
                _("{0}: Permission at level 0 must be set before higher levels are set").format(doc.name)
            )
        if (perm.submit or perm.cancel or perm.amend) and not doc.is_submittable:
            frappe.throw(_("{0}: Cannot set Assign Submit if not Submittable").format(doc.name))
        if perm.cancel and not perm.submit:
            frappe.throw(_("{0}: Cannot set Cancel without Submit").format(doc.name))


def _has_level_zero(doc, role: str) -> bool:
    return any(perm.role == role and not cint(perm.permlevel) for perm in doc.permissions)
