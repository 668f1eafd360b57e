"""Fields above the reader's level: left out of what a query answers, refused where it could guess at them.

Frappe 15 leaves them out of the answer only; filters, orders and groups on them tell their values there. And
it shows through `link.field` and child tables what the reader may not open.
"""

import re

import frappe
from frappe import _
from frappe.model import default_fields
from frappe.model.db_query_guard import columns_of

ALIAS = re.compile(r"^(?P<field>.+?)\s+as\s+(?P<alias>[`'\"]?[\w :.-]+[`'\"]?)$", re.IGNORECASE | re.DOTALL)


class FieldLevels:
    """Part of DatabaseQuery."""

    def apply_fieldlevel_read_permissions(self):
        """Take out fields that the user may not read; `*` becomes those that may be."""
        if self.flags.ignore_permissions:
            return
        known = {*self.tables, *(link.alias for link in self.link_tables)}
        kept, self._dropped_aliases = [], set()
        for field in self.fields:
            if field.endswith(".*") and field[:-2] in known:
                kept += [f"{field[:-2]}.`{name}`" for name in self._permitted(field[:-2])]
                continue
            allowed = True
            for table, column in columns_of(field):
                table = table or self.table
                if table not in known:
                    raise frappe.PermissionError(table)
                if not self._is_shown(table, column):
                    allowed = False
            if allowed:
                kept.append(field)
                continue
            if match := ALIAS.match(field):
                self._dropped_aliases.add(_bare(match.group("alias")))
            if self.as_list:
                kept.append(None)
        self.fields = kept

    def check_filtered_field(self, doctype: str, fieldname: str) -> None:
        """Raise PermissionError for a filter on a field that the user may not read."""
        if self.flags.ignore_permissions:
            return
        for table, column in columns_of(fieldname):
            self._refuse_hidden(table or f"`tab{doctype}`", column)

    def check_sorted_fields(self, text: str | None) -> None:
        """Raise PermissionError for an order or a group by a field that the user may not read."""
        if self.flags.ignore_permissions or not text:
            return
        for table, column in columns_of(text):
            if not table and column.lower() in self._dropped_aliases:
                _refuse(column)
            if column == "*" or column.isdigit():
                continue
            known = [*self.tables, *(link.alias for link in self.link_tables)]
            if table and table not in known:
                _refuse(column)
            for each in [table] if table else known:
                self._refuse_hidden(each, column)

    def may_sort_by(self, fieldname: str) -> bool:
        """Whether the list may be sorted by this field of its DocType."""
        return (
            self.flags.ignore_permissions
            or self._is_shown(self.table, fieldname)
            or self._may_select_by(self.table, fieldname)
        )

    def visible_parentfields(self, child: str, parent: str) -> list[str] | None:
        """Table fields of `parent` with rows of `child` that the user may read; None if that is all of them.

        Raises PermissionError if it is none of them.
        """
        meta = frappe.get_meta(parent)
        fields = [df for df in meta.get_table_fields() if df.options == child]
        levels = meta.get_permlevel_access("read", user=self.user)
        shown = [df.fieldname for df in fields if not df.permlevel or df.permlevel in levels]
        if len(shown) == len(fields):
            return None
        if not shown:
            raise frappe.PermissionError
        return shown

    def _refuse_hidden(self, table: str, column: str) -> None:
        if self._is_shown(table, column) or self._may_select_by(table, column):
            return
        # The database does not tell upper from lower case in the name of a column.
        shown = {each.lower() for each in self._permitted(table)}
        if column.lower() in self._columns(table) - shown:
            _refuse(column)

    def _is_shown(self, table: str, column: str) -> bool:
        from frappe.model import optional_fields

        if column == "*":
            return False
        return column in self._permitted(table) or column in optional_fields

    def _may_select_by(self, table: str, column: str) -> bool:
        """Whoever may select a DocType's documents, not read them, sees names and what is searched by; forms
        filter and sort by a little more."""
        doctype = self._doctype_of(table)
        if self.permission_map.get(doctype) != "select":
            return False
        if column in default_fields or column in ("lft", "rgt"):
            return True
        meta = frappe.get_meta(doctype)
        df = meta.get_field(column)
        named = (meta.title_field, meta.get("nsm_parent_field"))
        return bool(df and not df.permlevel and (df.fieldtype == "Check" or column in named))

    def _permitted(self, table: str) -> dict:
        """Columns of a table that the user may see, in their order."""
        from frappe.model import get_permitted_fields

        if table not in self._permitted_columns:
            doctype = self._doctype_of(table)
            own = doctype == self.doctype
            fields = get_permitted_fields(
                doctype=doctype,
                parenttype=self.parent_doctype if own else self.doctype,
                user=self.user,
                permission_type=self.permission_map.get(doctype),
                ignore_virtual=True,
            )
            self._permitted_columns[table] = dict.fromkeys(fields).keys()
        return self._permitted_columns[table]

    def _doctype_of(self, table: str) -> str:
        return next((link.doctype for link in self.link_tables if link.alias == table), table[4:-1])

    def _columns(self, table: str) -> set[str]:
        try:
            return {column.lower() for column in frappe.db.get_table_columns(self._doctype_of(table))}
        except frappe.db.TableMissingError:
            return set()


def _bare(alias: str) -> str:
    return alias.strip("`'\"").lower()


def _refuse(column: str):
    frappe.throw(_("Field not permitted in query: {0}").format(column), frappe.PermissionError)
