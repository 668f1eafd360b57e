"""The standard print of a document: pages of sections of columns of fields, and each value as HTML."""

import frappe
from frappe import _
from frappe.desk.form.titles import get_link_title_of
from frappe.utils import cstr, escape_html, strip_html

_NOT_PRINTED = (
    "Section Break",
    "Column Break",
    "Tab Break",
    "Button",
    "Fold",
    "Heading",
    "Password",
    "Attach",
)
_RICH = ("Text Editor", "HTML Editor", "Markdown Editor")
_LONG = ("Text", "Small Text", "Long Text", "Code", "JSON", "Geolocation")


def make_layout(doc, meta, format_data=None) -> list[list[dict]]:
    """[[{label, columns: [{fields}], has_data}]]: the document's visible fields that have values, page by
    page.

    `format_data`: fields as the Print Format Builder arranged them. A row's `page_break` starts a page.
    """
    page: list[dict] = []
    layout = [page]
    for df in [_merged(meta, own) for own in format_data] if format_data else meta.fields:
        if df.fieldtype in ("Section Break", "Tab Break") or not page:
            page.append(
                {"label": df.label if df.fieldtype == "Section Break" else None, "columns": [{"fields": []}]}
            )
            if df.fieldtype in ("Section Break", "Tab Break"):
                continue
        if df.fieldtype == "Column Break":
            page[-1]["columns"].append({"fields": []})
            continue
        if not (is_visible(df, doc) and has_value(df, doc)):
            continue
        if df.fieldtype != "Table":
            page[-1]["columns"][-1]["fields"].append(df)
            continue
        for rows in _parts(doc.get(df.fieldname)):
            if rows[0].get("page_break"):
                page = [{"label": None, "columns": [{"fields": []}]}]
                layout.append(page)
            page[-1]["columns"][-1]["fields"].append(_table(df, rows))
    for sections in layout:
        sections[:] = [section for section in sections if any(c["fields"] for c in section["columns"])]
    return layout


def _merged(meta, own: dict):
    """A field as the Print Format has it, over the DocType's own."""
    original = meta.get_field(own.get("fieldname")) if own.get("fieldname") else None
    return frappe._dict({**(original.as_dict() if original else {}), **own, "print_hide": 0})


def _table(df, rows):
    properties = df if isinstance(df, dict) else df.as_dict()
    return frappe._dict({**properties, "rows": rows})


def _parts(rows: list) -> list[list]:
    """The rows, parted before each that asks for a new page."""
    parts: list[list] = []
    for row in rows:
        if not parts or row.get("page_break"):
            parts.append([])
        parts[-1].append(row)
    return parts


def is_visible(df, doc) -> bool:
    """Whether a field is printed for this reader."""
    if df.fieldtype in _NOT_PRINTED or (df.get("hidden") and not df.get("print_width")):
        return False
    if df.permlevel and not doc.has_permlevel_access_to(df.fieldname, df):
        return False
    return not doc.is_print_hide(df.fieldname, df)


def has_value(df, doc) -> bool:
    """Whether there is anything to print."""
    if df.fieldtype == "HTML":
        return bool(df.options)
    value = doc.get(df.fieldname)
    if value is None or value == "" or value == []:
        return False
    if df.fieldtype == "Check":
        return bool(value)
    return not (isinstance(value, str) and df.fieldtype in _RICH and not strip_html(value).strip())


def visible_columns(df) -> list:
    """The columns of a table that are printed: visible, and with a value in some row."""
    rows, meta = df.rows, frappe.get_meta(df.options)
    if df.get("visible_columns"):
        fields = [_merged(meta, own) for own in df.visible_columns if meta.get_field(own.get("fieldname"))]
    else:
        fields = meta.fields
    return [
        column
        for column in fields
        if is_visible(column, rows[0]) and any(has_value(column, row) for row in rows)
    ]


def field_value(df, doc) -> str:
    """A value as HTML that shows it: rich text as it is, everything else escaped."""
    if df.fieldtype == "HTML":
        return frappe.render_template(df.options, {"doc": doc}) if df.options else ""
    value = doc.get(df.fieldname)
    if value is None or value == "":
        return ""
    if df.fieldtype in _RICH:
        return cstr(value)
    if df.fieldtype == "Check":
        return "✓" if value else ""
    if df.fieldtype in ("Attach Image", "Image", "Signature"):
        source = doc.get(df.options) if df.fieldtype == "Image" else value
        return f'<img src="{escape_html(cstr(source))}" class="print-image">' if source else ""
    if df.fieldtype in _LONG:
        return escape_html(cstr(value)).replace("\n", "<br>")
    if df.fieldtype == "Select":
        return escape_html(_(cstr(value)))
    if df.fieldtype in ("Link", "Dynamic Link"):
        doctype = df.options if df.fieldtype == "Link" else doc.get(df.options)
        title = (
            get_link_title_of(doctype, value) if doctype and _may_show_title(doc, doctype, value) else None
        )
        return escape_html(cstr(title or _translated(doctype, value)))
    if df.fieldtype == "Table MultiSelect":
        return ", ".join(escape_html(cstr(_link_of(row))) for row in value)
    return escape_html(cstr(doc.get_formatted(df.fieldname)))


def _may_show_title(doc, doctype: str, name) -> bool:
    """A stored document shows the titles of its links; one that a client made up only those he may read."""
    if not (getattr(doc, "parent_doc", None) or doc).flags.from_client:
        return True
    return bool(frappe.db.exists(doctype, name)) and bool(frappe.has_permission(doctype, "read", doc=name))


def _translated(doctype: str | None, name):
    return _(name) if doctype and frappe.get_meta(doctype).translated_doctype else name


def _link_of(row) -> str:
    links = row.meta.get_link_fields()
    return row.get(links[0].fieldname) if links else row.name
