"""The file of an import: its header matched to fields, its rows gathered into documents, what is odd
about them."""

import os

import frappe
from frappe import _
from frappe.core.doctype.data_import.columns import Column, get_id_field, is_blank
from frappe.core.doctype.data_import.values import parse_value, warning_of
from frappe.model import child_table_fields, default_fields
from frappe.utils.csvutils import read_csv_content
from frappe.utils.xlsxutils import read_xlsx_file_from_attached_file

INSERT = "Insert New Records"
UPDATE = "Update Existing Records"
MAX_ROWS_IN_PREVIEW = 10
_SHOWN_OF_FIELD = ("fieldtype", "fieldname", "label", "options", "parent", "reqd", "default", "read_only")

__all__ = ["INSERT", "UPDATE", "ImportFile", "get_id_field"]


class Row:
    """A row of the file, by its number there."""

    def __init__(self, index: int, data: list, width: int):
        self.row_number = index + 1
        self.data = data
        self.warnings: list[dict] = []
        if len(data) != width:
            fewer = len(data) < width
            message = "Row has less values than columns" if fewer else "Row has more values than columns"
            self.warnings.append({"row": self.row_number, "message": _(message)})

    def get(self, index: int):
        """A cell; None where the row is too short."""
        return self.data[index] if index < len(self.data) else None


class ImportFile:
    """`file`: the address of a File that the user may read, or (`from_disk`: commands only) a path.

    Raises ValidationError for a file that is missing, of another kind or without a header and a row.
    """

    def __init__(self, doctype, file, template_options=None, import_type=None, *, from_disk=False):
        self.doctype, self.import_type = doctype, import_type
        mapping = (template_options or {}).get("column_to_field_map") or {}
        self.raw_data = read(file, from_disk)
        rows = [(i, row) for i, row in enumerate(self.raw_data) if not all(is_blank(value) for value in row)]
        if len(rows) < 2:
            frappe.throw(
                _("Import template should contain a Header and atleast one row."), title=_("Template Error")
            )
        header = rows[0][1]
        self.columns: list[Column] = []
        for i, title in enumerate(header):
            values = [row[i] if i < len(row) else None for _index, row in rows[1:]]
            seen = [column.header_title for column in self.columns]
            self.columns.append(Column(i, title, doctype, values, mapping.get(str(i)), title in seen))
        self.data = [Row(index, row, len(header)) for index, row in rows[1:]]

    def get_warnings(self) -> list[dict]:
        """What is odd about columns and rows; `type` "info" does not keep from importing."""
        return [w for part in (self.columns, self.data) for each in part for w in each.warnings]

    def get_data_for_import_preview(self) -> frappe._dict:
        """{columns, data, warnings} with the first rows, each led by its number."""
        columns = [frappe._dict(header_title="Sr. No", skip_import=True)]
        for column in self.columns:
            shown = column.as_dict()
            if column.df:
                shown.df = {key: column.df.get(key) for key in _SHOWN_OF_FIELD}
            columns.append(shown)
        out = frappe._dict(columns=columns, warnings=self.get_warnings())
        out.data = [[row.row_number, *row.data] for row in self.data[:MAX_ROWS_IN_PREVIEW]]
        if len(self.data) > MAX_ROWS_IN_PREVIEW:
            out.update(
                max_rows_exceeded=True,
                max_rows_in_preview=MAX_ROWS_IN_PREVIEW,
                total_number_of_rows=len(self.data),
            )
        return out

    def get_payloads_for_import(self) -> list[frappe._dict]:
        """[{doc, rows}]: the values of each document, and the rows that they came from.

        Rows whose own columns are all empty belong to the document above: they are its child rows.
        """
        own = [column for column in self.columns if column.is_used and not column.table]
        groups: list[list[Row]] = []
        tables = {
            column.table.fieldname: column.table for column in self.columns if column.is_used and column.table
        }
        for row in self.data:
            if groups and tables and all(is_blank(row.get(column.index)) for column in own):
                groups[-1].append(row)
            else:
                groups.append([row])
        return [frappe._dict(doc=self._document(rows, own, tables), rows=rows) for rows in groups]

    def _document(self, rows: list[Row], own: list[Column], tables: dict) -> frappe._dict:
        doc = self._values(self.doctype, rows[0], own) or frappe._dict()
        for fieldname, table in tables.items():
            columns = [c for c in self.columns if c.is_used and c.table and c.table.fieldname == fieldname]
            for row in rows:
                child = self._values(table.options, row, columns, table)
                if child is not None:
                    doc.setdefault(fieldname, []).append(child)
        return doc

    def _values(self, doctype: str, row: Row, columns: list[Column], table=None):
        """What a row says of a document or child row; None if it says nothing."""
        cells = [(column, row.get(column.index)) for column in columns]
        if all(is_blank(value) for _column, value in cells):
            return None
        values = self._start(doctype, table, {c.df.fieldname: value for c, value in cells}.get("name"))
        for column, cell in cells:
            if is_blank(cell):
                continue
            if warning := warning_of(cell, column):
                row.warnings.append({"row": row.row_number, **warning})
                continue
            values[column.df.fieldname] = parse_value(cell, column)
        return values

    def _start(self, doctype: str, table, name) -> frappe._dict:
        """What the file's values are laid over: the defaults of new documents and rows, a child row as it
        is."""
        if self.import_type == UPDATE and not table:
            return frappe._dict()
        if self.import_type == UPDATE and name and frappe.db.exists(doctype, name):
            return frappe._dict(frappe.get_doc(doctype, name).as_dict())
        values = frappe.new_doc(doctype, parentfield=table.fieldname if table else None, as_dict=True)
        tables = {df.fieldname for df in frappe.get_meta(doctype).get_table_fields()}
        left_out = {*default_fields, *child_table_fields, "__islocal", "__unsaved", *tables}
        return frappe._dict({key: value for key, value in values.items() if key not in left_out})


def read(file: str | None, from_disk: bool = False) -> list[list]:
    """Rows of a CSV or Excel file. Only a File that the session's user may read, unless `from_disk`."""
    if not file:
        frappe.throw(_("Invalid template file for import"))
    if from_disk:
        if not os.path.exists(file):
            frappe.throw(_("Invalid template file for import"))
        with open(file, "rb") as handle:
            content = handle.read()
    else:
        if not frappe.db.exists("File", {"file_url": file}):
            frappe.throw(_("Invalid template file for import"))
        doc = frappe.get_doc("File", {"file_url": file})
        doc.check_permission("read")
        content = doc.get_content()
    if not content:
        frappe.throw(_("Invalid or corrupted content for import"))
    extension = os.path.splitext(file)[1].lower()
    if extension == ".csv":
        return read_csv_content(content)
    if extension == ".xlsx":
        content = content.encode() if isinstance(content, str) else content
        return read_xlsx_file_from_attached_file(fcontent=content)
    frappe.throw(_("Import template should be of type .csv, .xlsx or .xls"), title=_("Template Error"))
