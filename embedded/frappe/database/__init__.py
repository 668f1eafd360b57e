"""The database layer: one SQLite file per site behind `frappe.db`."""

from frappe.database.database import savepoint

__all__ = ["bootstrap_database", "drop_user_and_database", "get_db", "savepoint", "setup_database"]


def get_db(host=None, user=None, password=None, port=None, cur_db_name=None, socket=None):
    """Return an unconnected SQLiteDatabase for the current site.

    The server arguments (host, user, password, port, socket) are those of Frappe and mean nothing to a file.
    `cur_db_name` may be a bare name (then the file is `sites/<site>/db/<name>.db`) or a path to a file.
    """
    from frappe.database.database import SQLiteDatabase

    return SQLiteDatabase(host, user, password, port, cur_db_name, socket)


def setup_database(force=False, verbose=None, **kwargs):
    """Make an empty database file for the current site.

    Raises frappe.ValidationError if one with tables is there and `force` is not set.
    """
    import frappe
    from frappe.database.connection import remove_database_files

    db = get_db(cur_db_name=frappe.conf.get("db_name"))
    if force:
        remove_database_files(db.path)
    db.connect()
    try:
        if db.get_tables(cached=False):
            frappe.throw(f"Database {db.path} already exists; use --force to replace it")
    finally:
        db.close()


def bootstrap_database(verbose=None, source_sql=None):
    """Create the tables that no DocType file describes, and those of the DocTypes that describe DocTypes."""
    import frappe
    from frappe.database.bootstrap import create_framework_tables

    if source_sql:
        raise NotImplementedError("bootstrap_database(source_sql)")
    if not frappe.local.db:
        frappe.connect()
    create_framework_tables()


def drop_user_and_database(db_name, root_login=None, root_password=None):
    """Remove the site's database file together with its journal files."""
    from frappe.database.connection import remove_database_files

    remove_database_files(get_db(cur_db_name=db_name).path)
