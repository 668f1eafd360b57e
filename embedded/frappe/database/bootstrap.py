"""The tables that must be there before the first DocType can be installed."""

import json
import os

import frappe

# DocTypes that describe DocTypes: their tables are made from the files, since no meta can be read yet.
_FIRST = (
    ("core", "docfield"),
    ("core", "docperm"),
    ("core", "doctype_action"),
    ("core", "doctype_link"),
    ("core", "doctype_state"),
    ("core", "doctype"),
    ("core", "module_def"),
    ("core", "defaultvalue"),
)

_TABLES = """
create table if not exists `tabSeries` (name varchar(100) primary key, current int(10) not null default 0);
create table if not exists `tabSingles` (doctype varchar(255), field varchar(255), value longtext);
create index if not exists `tabSingles.singles_doctype_field_index` on `tabSingles` (doctype, field);
create table if not exists `__Sequences` (name varchar(140) primary key, value bigint not null);
create table if not exists `__UserSettings` (
    user varchar(180) not null, doctype varchar(180) not null, data text, unique (user, doctype)
);
create table if not exists `__global_search` (
    doctype varchar(100), name varchar(140), title varchar(140), content text, route varchar(140),
    published int(1) not null default 0, unique (doctype, name)
);
create table if not exists `tabSessions` (
    user varchar(255), sid varchar(255), sessiondata longtext, ipaddress varchar(16), lastupdate datetime(6),
    status varchar(20)
);
create index if not exists `tabSessions.sid` on `tabSessions` (sid);
"""


def create_auth_table():
    """Where password hashes and encrypted secrets lie."""
    frappe.db.sql_ddl(
        "create table if not exists `__Auth` ("
        "doctype varchar(140) not null, name varchar(255) not null, fieldname varchar(140) not null, "
        "password text not null, encrypted int(1) not null default 0, primary key (doctype, name, fieldname))"
    )


def create_framework_tables():
    """Create what is missing of the framework's tables. Safe to run again."""
    from frappe.database.schema import DBTable

    for statement in _TABLES.split(";\n"):
        if statement.strip():
            frappe.db.sql(statement)
    frappe.db.commit()
    create_auth_table()
    base = os.path.dirname(os.path.abspath(frappe.__file__))
    for module, name in _FIRST:
        path = os.path.join(base, module, "doctype", name, f"{name}.json")
        if not os.path.exists(path):
            continue
        with open(path, encoding="utf-8") as f:
            description = json.load(f)
        table = DBTable(description["name"], frappe._dict(description))
        if table.is_new():
            table.create()
