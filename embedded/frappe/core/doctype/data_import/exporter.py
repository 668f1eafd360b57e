"""Records as a table that the Importer reads again: one row a document, further rows for its child rows."""

import frappe
from frappe import _
from frappe.model import display_fieldtypes, no_value_fields, table_fields
from frappe.permissions import can_export
from frappe.utils import flt, format_duration
from frappe.utils.csvutils import build_csv_response
from frappe.utils.xlsxutils import build_xlsx_response


class Exporter:
    """`export_fields`: {DocType: [fields], table field: [fields of its rows]}, "Mandatory" or "All"."""

    def __init__(
        self,
        doctype,
        export_fields=None,
        export_data=False,
        export_filters=None,
        export_page_length=None,
        file_type="CSV",
    ):
        self.doctype, self.meta, self.file_type = doctype, frappe.get_meta(doctype), file_type
        self.filters, self.page_length = export_filters, export_page_length
        self.columns = self._columns(self._asked(export_fields))
        self.csv_array = [self._header()]
        self.data = list(self._rows()) if export_data else []
        self.csv_array += self.data

    def get_csv_array(self) -> list[list]:
        """Header and rows."""
        return self.csv_array

    def get_csv_array_for_export(self) -> list[list]:
        """The same; a template without records gets two empty rows."""
        return self.csv_array if self.data else [*self.csv_array, [], []]

    def build_response(self) -> None:
        """Answer with the file."""
        from frappe.core.doctype.access_log.access_log import make_access_log

        if self.data:
            make_access_log(doctype=self.doctype, file_type=self.file_type, method="Data Import")
        build = build_xlsx_response if self.file_type == "Excel" else build_csv_response
        build(self.get_csv_array_for_export(), _(self.doctype))

    def _asked(self, export_fields) -> dict[str, list[str]]:
        if isinstance(export_fields, dict):
            return export_fields
        only_mandatory = export_fields == "Mandatory"

        def names(doctype):
            fields = [df for df in frappe.get_meta(doctype).fields if df.reqd or not only_mandatory]
            return ["name", *(df.fieldname for df in fields if df.fieldtype not in table_fields)]

        asked = {self.doctype: names(self.doctype)}
        for table in self.meta.get_table_fields():
            if table.reqd or not only_mandatory:
                asked[table.fieldname] = names(table.options)
        return asked

    def _columns(self, asked: dict[str, list[str]]) -> list:
        """The fields asked for, those above the user's level left out; child fields know their table."""
        columns = []
        tables = {df.fieldname: df for df in self.meta.get_table_fields()}
        levels = set(self.meta.get_permlevel_access("read"))
        is_admin = frappe.session.user == "Administrator"
        for key, names in asked.items():
            table = tables.get(key)
            if key != self.doctype and not table:
                continue
            meta = frappe.get_meta(table.options) if table else self.meta
            if table and table.permlevel and table.permlevel not in levels and not is_admin:
                continue
            if "name" in names:
                columns.append(frappe._dict(fieldname="name", fieldtype="Data", label="ID", table=table))
            for name in names:
                df = meta.get_field(name)
                if not df or df.fieldtype in (*display_fieldtypes, *no_value_fields):
                    continue
                if df.permlevel and df.permlevel not in levels and not is_admin:
                    continue
                columns.append(frappe._dict(df.as_dict(), table=table))
        return columns

    def _header(self) -> list[str]:
        header: list[str] = []
        for df in self.columns:
            label = _(df.label or df.fieldname)
            if df.table:
                label = f"{label} ({_(df.table.label or df.table.fieldname)})"
            if label in header:
                # Two fields of one label: the second goes by its name.
                label = f"{df.table.fieldname}.{df.fieldname}" if df.table else df.fieldname
            header.append(label)
        return header

    def _rows(self):
        documents = self._documents()
        if not can_export(self.doctype):
            own_only = can_export(self.doctype, is_owner=True)
            if not own_only or any(doc.owner != frappe.session.user for doc in documents):
                raise frappe.PermissionError(
                    _("You are not allowed to export {} doctype").format(self.doctype)
                )  # fmt: skip
        children = self._children([doc.name for doc in documents])
        for doc in documents:
            rows = [self._row(None, doc, None)]
            for table, by_parent in children.items():
                for i, child in enumerate(by_parent.get(str(doc.name), ())):
                    if i == len(rows):
                        rows.append([""] * len(self.columns))
                    rows[i] = self._row(table, child, rows[i])
            yield from rows

    def _row(self, table: str | None, doc, row: list | None) -> list:
        row = row or [""] * len(self.columns)
        for i, df in enumerate(self.columns):
            if (df.table.fieldname if df.table else None) == table:
                value = doc.get(df.fieldname)
                row[i] = format_duration(flt(value), df.hide_days) if df.fieldtype == "Duration" else value
        return row

    def _documents(self) -> list:
        order = "lft asc" if self.meta.is_nested_set() else "creation desc"
        names = [df.fieldname for df in self.columns if not df.table]
        return frappe.get_list(
            self.doctype,
            filters=self.filters,
            fields=[f"`tab{self.doctype}`.`{name}`" for name in dict.fromkeys(["name", "owner", *names])],
            limit_page_length=self.page_length or 0,
            order_by=f"`tab{self.doctype}`.{order}",
        )

    def _children(self, parents: list[str]) -> dict[str, dict]:
        """{table field: {parent: rows}} of documents that the user may read."""
        out: dict[str, dict] = {}
        for table in {df.table.fieldname: df.table for df in self.columns if df.table}.values():
            names = [
                df.fieldname for df in self.columns if df.table and df.table.fieldname == table.fieldname
            ]
            rows = frappe.get_all(
                table.options,
                filters={
                    "parent": ("in", parents),
                    "parentfield": table.fieldname,
                    "parenttype": self.doctype,
                },
                fields=list(dict.fromkeys(["name", "idx", "parent", *names])),
                order_by="idx asc",
            )
            grouped = out.setdefault(table.fieldname, {})
            for row in rows:
                grouped.setdefault(str(row.parent), []).append(row)
        return out
