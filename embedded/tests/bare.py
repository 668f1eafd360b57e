"""A database with nothing in it but one plain table: for tests of the data layer alone."""

import json

FIELDS = [
    {"fieldname": "subject", "fieldtype": "Data"},
    {"fieldname": "due_on", "fieldtype": "Date", "search_index": 1},
    {"fieldname": "resolved_on", "fieldtype": "Datetime"},
    {"fieldname": "opens", "fieldtype": "Time"},
    {"fieldname": "n", "fieldtype": "Int"},
    {"fieldname": "rate", "fieldtype": "Percent"},
    {"fieldname": "done", "fieldtype": "Check", "default": "1"},
    {"fieldname": "code", "fieldtype": "Data", "unique": 1},
    {"fieldname": "notes", "fieldtype": "Text"},
]


def connect(folder, name="bare"):
    """Point this thread at a scratch site in `folder` and connect to its database (which stays there)."""
    import frappe
    from frappe.database import get_db
    from frappe.database.bootstrap import create_framework_tables

    site = folder / "bare.localhost"
    (site / "db").mkdir(parents=True, exist_ok=True)
    (site / "site_config.json").write_text(json.dumps({"db_name": name, "db_type": "sqlite"}))
    frappe.init("bare.localhost", sites_path=str(folder), force=True)
    frappe.local.db = get_db(cur_db_name=name)
    frappe.local.session = frappe._dict(user="Administrator")
    frappe.local.system_settings = frappe._dict(time_zone="Asia/Shanghai")
    create_framework_tables()
    return frappe.local.db


def make_table(doctype="Ticket", fields=None, **meta):
    """Make the table of a DocType that has no document of its own."""
    from frappe.database.schema import DBTable

    table = DBTable(doctype, {"name": doctype, "fields": fields or FIELDS, **meta})
    table.validate()
    table.sync()
    return table
