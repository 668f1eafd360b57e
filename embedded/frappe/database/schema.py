"""A DocType's table: created from its meta, and brought in line with it when the meta changes."""

import re

import frappe
from frappe import _
from frappe.database.introspection import quote, table_of

SPECIAL_CHAR_PATTERN = re.compile(r"[\W]", flags=re.UNICODE)
_VARCHAR = re.compile(r"varchar\((\d+)\)")
_TEXTS = ("text", "longtext")
VARCHAR_LEN = 140

# Declared types as on MariaDB, but REAL for its decimals (SQLite's NUMERIC would turn 5.0 into an integer)
# and longtext for its json (which there is a longtext with a check).
TYPE_MAP = {
    "Currency": ("real", ""),
    "Int": ("int", "11"),
    "Long Int": ("bigint", "20"),
    "Float": ("real", ""),
    "Percent": ("real", ""),
    "Check": ("int", "1"),
    "Small Text": ("text", ""),
    "Long Text": ("longtext", ""),
    "Code": ("longtext", ""),
    "Text Editor": ("longtext", ""),
    "Markdown Editor": ("longtext", ""),
    "HTML Editor": ("longtext", ""),
    "Date": ("date", ""),
    "Datetime": ("datetime", "6"),
    "Time": ("time", "6"),
    "Text": ("text", ""),
    "Data": ("varchar", VARCHAR_LEN),
    "Link": ("varchar", VARCHAR_LEN),
    "Dynamic Link": ("varchar", VARCHAR_LEN),
    "Password": ("text", ""),
    "Select": ("varchar", VARCHAR_LEN),
    "Rating": ("real", ""),
    "Read Only": ("varchar", VARCHAR_LEN),
    "Attach": ("text", ""),
    "Attach Image": ("text", ""),
    "Signature": ("longtext", ""),
    "Color": ("varchar", VARCHAR_LEN),
    "Barcode": ("longtext", ""),
    "Geolocation": ("longtext", ""),
    "Duration": ("real", ""),
    "Icon": ("varchar", VARCHAR_LEN),
    "Phone": ("varchar", VARCHAR_LEN),
    "Autocomplete": ("varchar", VARCHAR_LEN),
    "JSON": ("longtext", ""),
}


class InvalidColumnName(frappe.ValidationError):
    pass


class DBTable:
    """The wanted state of one table and the way to it.

    `meta` is a Meta, or a plain dict of a DocType file (while the DocTypes that describe DocTypes are made).
    A field that is gone from the meta keeps its column and its values, as in Frappe.
    """

    def __init__(self, doctype, meta=None):
        self.doctype = doctype
        self.table_name = table_of(doctype)
        self.meta = meta or frappe.get_meta(doctype, False)
        self.columns = {column.fieldname: column for column in self._wanted_columns()}
        self.current_columns = {}

    def _wanted_columns(self):
        if not isinstance(self.meta, dict):
            fields = list(self.meta.get_fieldnames_with_value(with_field_meta=True))
        else:
            fields = list(self.meta.get("fields") or [])
        if not self.meta.get("istable"):
            names = list(frappe.db.OPTIONAL_COLUMNS)
            if self.meta.get("track_seen"):
                names.append("_seen")
            fields += [{"fieldname": name, "fieldtype": "Text"} for name in names]
        for field in fields:
            if not field.get("is_virtual") and TYPE_MAP.get(field.get("fieldtype")):
                yield DbColumn(field)

    def is_new(self):
        return self.table_name not in frappe.db.get_tables(cached=False)

    def sync(self):
        """Create or alter the table. Does nothing for a virtual DocType."""
        if self.meta.get("is_virtual"):
            return
        if self.is_new():
            self.create()
        else:
            self.alter()

    # create

    def create(self):
        """Create the table with its indexes."""
        autoincrement = not self.meta.get("issingle") and self.meta.get("autoname") == "autoincrement"
        parts = [
            "name integer primary key" if autoincrement else f"name varchar({VARCHAR_LEN}) primary key",
            "creation datetime(6)",
            "modified datetime(6)",
            f"modified_by varchar({VARCHAR_LEN})",
            f"owner varchar({VARCHAR_LEN})",
            "docstatus int(1) not null default 0",
            "idx int(8) not null default 0",
        ]
        if self.meta.get("istable"):
            parts += [f"{name} varchar({VARCHAR_LEN})" for name in ("parent", "parentfield", "parenttype")]
        standard = {part.split()[0] for part in parts}
        added = [column for column in self.columns.values() if column.fieldname not in standard]
        parts += [f"{quote(validate_column_name(c.fieldname))} {c.get_definition()}" for c in added]
        frappe.db.sql_ddl(f"create table {quote(self.table_name)} (\n" + ",\n".join(parts) + "\n)")

        self._index("parent" if self.meta.get("istable") else "modified")
        if self.meta.get("sort_field") == "creation":
            self._index("creation")
        for column in added:
            if column.unique and column.is_indexable:
                self._index(column.fieldname, unique=True)
            elif column.set_index and column.is_indexable:
                self._index(column.fieldname)
        if autoincrement:
            frappe.db.create_sequence(self.doctype, check_not_exists=True)
        frappe.db.commit()

    def _index(self, fieldname, unique=False):
        name = (
            fieldname if unique or fieldname in ("parent", "modified", "creation") else f"{fieldname}_index"
        )
        frappe.db._create_index(self.table_name, name, [fieldname], unique)

    # alter

    def validate(self):
        """Check names and lengths; a length that would cut existing values is set back, with a message."""
        if self.is_new():
            return
        self.setup_table_columns()
        for column in self.columns.values():
            if len(column.fieldname) > frappe.db.MAX_COLUMN_LENGTH:
                frappe.throw(
                    _("Fieldname is limited to 64 characters ({0})").format(frappe.bold(column.fieldname))
                )
            if TYPE_MAP[column.fieldtype][0] != "varchar":
                continue
            wanted = int(column.length or VARCHAR_LEN)
            if not 1 <= wanted <= 1000:
                frappe.throw(_("Length of {0} should be between 1 and 1000").format(column.fieldname))
            current = self.current_columns.get(column.fieldname)
            length = current and _VARCHAR.match(current.type)
            if not length or int(length.group(1)) <= wanted:
                continue
            longest = frappe.db.sql(
                f"select max(length({quote(column.fieldname)})) from {quote(self.table_name)}"
            )[0][0]
            if longest and longest > wanted:
                column.length = int(length.group(1))
                frappe.msgprint(
                    _(
                        "Reverting length to {0} for '{1}' in '{2}'. "
                        "Setting the length as {3} will cause truncation of data."
                    ).format(column.length, column.fieldname, self.doctype, wanted)
                )

    def setup_table_columns(self):
        self.current_columns = {
            column.name: column for column in frappe.db.get_table_columns_description(self.table_name)
        }

    def alter(self):
        """Add new columns, change types and defaults, make and drop indexes; in one transaction."""
        db = frappe.db
        if not self.current_columns:
            self.setup_table_columns()
        db.commit()
        changed = {}
        for column in self.columns.values():
            current = self.current_columns.get(column.fieldname)
            if current is None:
                name = quote(validate_column_name(column.fieldname))
                db.sql(f"alter table {quote(self.table_name)} add column {name} {column.get_definition()}")
            elif column.fieldname not in db.DEFAULT_COLUMNS and column.differs_from(current):
                changed[column.fieldname] = column.get_definition()
        if changed:
            from frappe.database.rebuild import rebuild_table

            rebuild_table(db, self.table_name, changed)
        for column in self.columns.values():
            self._alter_indexes(column, self.current_columns.get(column.fieldname) or frappe._dict())
        if self.meta.get("sort_field") == "creation" and not db.get_column_index(self.table_name, "creation"):
            self._index("creation")
        db.commit()

    def _alter_indexes(self, column, current):
        db, name = frappe.db, column.fieldname
        if not column.is_indexable or name == "name":
            return
        if column.unique and not current.unique:
            try:
                self._index(name, unique=True)
            except db.IntegrityError:
                db.rollback()
                frappe.throw(
                    _(
                        "{0} field cannot be set as unique in {1}, as there are non-unique existing values"
                    ).format(name, self.table_name),
                    exc=frappe.ValidationError,
                )
        elif current.unique and not column.unique:
            db._drop_index(self.table_name, db.get_column_index(self.table_name, name, unique=True).Key_name)
        index = db.get_column_index(self.table_name, name)
        if column.set_index and not column.unique and not index:
            self._index(name)
        elif index and not column.set_index and index.Key_name == f"{name}_index":
            db._drop_index(self.table_name, index.Key_name)


class DbColumn:
    """The wanted definition of one column."""

    def __init__(self, field):
        get = field.get
        self.fieldname, self.fieldtype = get("fieldname"), get("fieldtype")
        self.length, self.precision = get("length"), get("precision")
        self.default, self.options = get("default"), get("options")
        self.set_index, self.unique = bool(get("search_index")), bool(get("unique"))

    @property
    def is_indexable(self):
        return TYPE_MAP[self.fieldtype][0] not in _TEXTS

    def column_type(self):
        return get_definition(self.fieldtype, self.precision, self.length)

    def default_literal(self):
        """The DEFAULT of the column as SQL, None if it has none. Numbers always have one."""
        if self.fieldtype in ("Check", "Int"):
            return str(frappe.utils.cint(self.default))
        if self.fieldtype in ("Currency", "Float", "Percent"):
            return str(frappe.utils.flt(self.default))
        default = self.default
        if not default or default in frappe.db.DEFAULT_SHORTCUTS or str(default).startswith(":"):
            return None
        return frappe.db.escape(str(default), percent=False)

    def get_definition(self):
        literal = self.default_literal()
        if self.fieldtype in ("Check", "Int", "Currency", "Float", "Percent"):
            return f"{self.column_type()} NOT NULL DEFAULT {literal}"
        return f"{self.column_type()} DEFAULT {literal}" if literal else self.column_type()

    def differs_from(self, current):
        """Whether the column's type, default or nullability is another than the current one."""
        not_null = self.fieldtype in ("Check", "Int", "Currency", "Float", "Percent")
        return (
            current.type != self.column_type()
            or (current.default or None) != self.default_literal()
            or bool(current.not_null) != not_null
        )


def validate_column_name(name):
    """The name, if it can be a column. Raises InvalidColumnName."""
    if special := SPECIAL_CHAR_PATTERN.findall(name):
        frappe.throw(
            _("Fieldname {0} cannot have special characters like {1}").format(
                frappe.bold(name), ", ".join(f'"{c}"' for c in special)
            ),
            InvalidColumnName,
        )
    return name


def validate_column_length(fieldname):
    if len(fieldname) > frappe.db.MAX_COLUMN_LENGTH:
        frappe.throw(_("Fieldname is limited to 64 characters ({0})").format(fieldname))


def get_definition(fieldtype, precision=None, length=None):
    """Declared type of a field, None for one without a column."""
    entry = TYPE_MAP.get(fieldtype)
    if not entry:
        return None
    length = int(length or 0)
    if fieldtype == "Int" and length > 11:
        entry = TYPE_MAP["Long Int"]
    kind, size = entry
    if size and length and (kind == "varchar" or (kind == "int" and length < 11)):
        size = length
    return f"{kind}({size})" if size else kind


def add_column(doctype, column_name, fieldtype, precision=None, length=None, default=None, not_null=False):
    """Add one column if it is not there. Commits."""
    if column_name in frappe.db.get_column_types(table_of(doctype)):
        return
    definition = get_definition(fieldtype, precision, length)
    if not_null:
        definition += " not null"
    if default:
        definition += f" default {frappe.db.escape(str(default), percent=False)}"
    frappe.db.sql_ddl(f"alter table {quote(table_of(doctype))} add column {quote(column_name)} {definition}")
