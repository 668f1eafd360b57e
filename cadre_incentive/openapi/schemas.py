"""JSON schemas of DocTypes: the fields that the user may read, and those that he may write."""

import frappe
from frappe import _
from frappe.model import no_value_fields, table_fields
from frappe.utils import cint

READ, CREATE, CHANGE = "", ".create", ".change"
_MOMENT = r"^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(\.\d{1,6})?$"
_KINDS = {
    "Check": {"type": "integer", "enum": [0, 1]},
    "Int": {"type": "integer"},
    "Long Int": {"type": "integer"},
    "Float": {"type": "number"},
    "Currency": {"type": "number"},
    "Percent": {"type": "number"},
    "Rating": {"type": "number", "minimum": 0, "maximum": 1},
    "Duration": {"type": "number"},
    "Date": {"type": "string", "format": "date"},
    "Datetime": {"type": "string", "pattern": _MOMENT, "examples": ["2024-09-30 08:00:00"]},
    "Time": {"type": "string", "pattern": r"^\d{1,2}:\d{2}(:\d{2}(\.\d{1,6})?)?$"},
    "Password": {"type": "string", "writeOnly": True},
    "JSON": {},
}


def component(doctype: str) -> str:
    """The name of a DocType's schema: only letters, digits, `_`, `-` and `.` may stand there."""
    return "".join(char if char.isascii() and char.isalnum() else "_" for char in doctype)


def reference(name: str) -> dict:
    return {"$ref": f"#/components/schemas/{name}"}


def schemas_of(doctype: str, may_create: bool, may_write: bool) -> dict[str, dict]:
    """{name: schema} of a DocType and its child tables, for reading and for what else the user may do."""
    meta = frappe.get_meta(doctype)
    readable, writable = _levels(meta, "read"), _levels(meta, "write")
    found = {}
    uses = [(READ, readable)]
    if may_create:
        uses.append((CREATE, writable))
    if may_write:
        uses.append((CHANGE, writable))
    for use, levels in uses:
        found[component(doctype) + use] = _document(meta, levels, use)
        for table in meta.get_table_fields():
            if cint(table.permlevel) in levels:
                found[component(table.options) + use] = _document(frappe.get_meta(table.options), levels, use)
    return found


def _levels(meta, permission: str) -> set[int]:
    """Permission levels that the user reaches; level 0 comes with the right on the DocType."""
    if frappe.session.user == "Administrator":
        return {cint(df.permlevel) for df in meta.fields} | set(range(10))
    return {0, *map(cint, meta.get_permlevel_access(permission))}


def _document(meta, levels: set[int], use: str) -> dict:
    properties, required = {}, []
    if use == READ:
        properties.update(_stamps(meta))
    for df in meta.fields:
        if df.fieldtype in no_value_fields and df.fieldtype not in table_fields:
            continue
        if cint(df.permlevel) not in levels or (df.fieldtype == "Password" and use == READ):
            continue
        if use != READ and (
            cint(df.read_only) or df.get("is_virtual") or (use == CHANGE and df.set_only_once)
        ):
            continue
        properties[df.fieldname] = field(df, use)
        if use == CREATE and cint(df.reqd) and not df.default and df.fieldtype != "Check":
            required.append(df.fieldname)
    if use == CHANGE and meta.is_submittable and frappe.has_permission(meta.name, "submit"):
        properties["docstatus"] = {"type": "integer", "enum": [1, 2], "description": _states()}
    schema = {"type": "object", "title": _(meta.name), "properties": properties}
    if meta.get("description"):
        schema["description"] = _(meta.description)
    if required:
        schema["required"] = required
    return schema


def _states() -> str:
    return _("0 draft, 1 submitted, 2 cancelled")


def _stamps(meta) -> dict:
    text, moment = {"type": "string", "readOnly": True}, {**_KINDS["Datetime"], "readOnly": True}
    stamps = {
        "name": {**text, "title": _("ID", context="API")},
        "owner": text,
        "creation": moment,
        "modified": moment,
        "modified_by": text,
        "docstatus": {
            "type": "integer",
            "enum": [0, 1, 2],
            "readOnly": True,
            "description": _states(),
        },
    }
    if meta.istable:
        stamps["idx"] = {"type": "integer", "readOnly": True}
    return stamps


def field(df, use: str = READ) -> dict:
    """One field of a DocType as a JSON schema."""
    if df.fieldtype in table_fields:
        schema = {"type": "array", "items": reference(component(df.options) + use)}
    elif df.fieldtype == "Select":
        schema = _select(df)
    else:
        schema = dict(_KINDS.get(df.fieldtype) or {"type": "string"})
        if df.fieldtype in ("Data", "Link", "Dynamic Link", "Small Text") and cint(df.length):
            schema["maxLength"] = cint(df.length)
        if df.fieldtype == "Link":
            schema["x-link"] = df.options
        if cint(df.non_negative) and schema.get("type") in ("integer", "number"):
            schema["minimum"] = 0
        if use == CHANGE and schema.get("type") and "enum" not in schema:
            schema["type"] = [schema["type"], "null"]
    schema["title"] = _(df.label or df.fieldname, context=df.parent)
    notes = [_(df.description)] if df.description else []
    if df.fieldtype == "Link":
        notes.append(_("ID of a document of {0}").format(_(df.options)))
    if cint(df.set_only_once):
        notes.append(_("Cannot be changed afterwards"))
    if notes:
        schema["description"] = " ".join(notes)
    if cint(df.read_only):
        schema["readOnly"] = True
    return schema


def _select(df) -> dict:
    options = [option.strip() for option in (df.options or "").split("\n")]
    if not any(options):
        return {"type": "string"}
    if "" not in options and not cint(df.reqd):
        options.append("")
    return {"type": "string", "enum": list(dict.fromkeys(options))}
