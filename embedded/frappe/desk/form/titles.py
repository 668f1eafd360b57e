"""Titles of linked documents, for DocTypes whose links show a title instead of the name."""

import frappe


def set_link_titles(doc) -> None:
    """Put {"DocType::name": title} of a document's links and of its rows' into the answer's
    `_link_titles`."""
    titles = dict(_titles_of(doc))
    for table in doc.meta.get_table_fields():
        for row in doc.get(table.fieldname) or ():
            titles.update(_titles_of(row))
    send_link_titles(titles)


def _titles_of(doc):
    for df in doc.meta.get_link_fields() + doc.meta.get_dynamic_link_fields():
        name = doc.get(df.fieldname)
        doctype = df.options if df.fieldtype == "Link" else doc.get(df.options)
        if not name or not doctype:
            continue
        title = get_link_title_of(doctype, name)
        if title is not None:
            yield f"{doctype}::{name}", title


def get_link_title_of(doctype: str, name: str):
    """The title to show in place of a name; None if the DocType shows names."""
    meta = frappe.get_meta(doctype)
    if not (meta.title_field and meta.show_title_field_in_link):
        return None
    return frappe.db.get_value(doctype, name, meta.title_field, cache=True, order_by=None)


def send_link_titles(titles: dict) -> None:
    """Add titles to the answer."""
    frappe.response.setdefault("_link_titles", {}).update(titles)
