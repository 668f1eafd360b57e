"""Which tables point to a DocType over Dynamic Links."""

import frappe

_STANDARD = """select f.parent, d.read_only, d.in_create, f.fieldname, f.options
    from `tabDocField` f join `tabDocType` d on d.name = f.parent
    where f.fieldtype = 'Dynamic Link'
    order by d.read_only, d.in_create"""
_CUSTOM = """select f.dt as parent, d.read_only, d.in_create, f.fieldname, f.options
    from `tabCustom Field` f join `tabDocType` d on d.name = f.dt
    where f.fieldtype = 'Dynamic Link'
    order by d.read_only, d.in_create"""


def get_dynamic_links() -> list[dict]:
    """Every Dynamic Link field (parent, fieldname, options); documents that people edit come first."""
    return frappe.db.sql(_STANDARD, as_dict=True) + frappe.db.sql(_CUSTOM, as_dict=True)


def get_dynamic_link_map(for_delete: bool = False) -> dict[str, list]:
    """Dynamic Link fields by the DocType they point to; those of Singles under the Single's own name."""
    links: dict[str, list] = {}
    for df in get_dynamic_links():
        if frappe.get_meta(df.parent).issingle:
            links.setdefault(df.parent, []).append(df)
            continue
        for doctype in fetch_distinct_link_doctypes(df.parent, df.options):
            links.setdefault(doctype, []).append(df)
    return links


def fetch_distinct_link_doctypes(doctype: str, fieldname: str) -> list[str]:
    """DocTypes that the field `fieldname` of `doctype` names in any row."""
    if not frappe.db.table_exists(doctype):
        return []
    key = _cache_key(doctype, fieldname)
    found = None if frappe.flags.in_test else frappe.cache.get_value(key)
    if found is None:
        rows = frappe.db.sql(f"select distinct `{fieldname}` from `tab{doctype}`")
        found = [row[0] for row in rows if row[0]]
        frappe.cache.set_value(key, found, expires_in_sec=12 * 60 * 60)
    return found


def invalidate_distinct_link_doctypes(doctype: str, fieldname: str, linked_doctype: str) -> None:
    """Forget the cached answer when a row names a DocType that it lacks, now and after the commit."""
    key = _cache_key(doctype, fieldname)
    known = frappe.cache.get_value(key)
    if known is None or linked_doctype in known:
        return
    frappe.cache.delete_value(key)
    frappe.db.after_commit.add(lambda: frappe.cache.delete_value(key))


def _cache_key(doctype: str, fieldname: str) -> str:
    return f"dynamic_link_map::{doctype}::{fieldname}"
