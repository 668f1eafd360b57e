"""Excel workbooks: written from rows, read into rows. openpyxl is loaded when first needed."""

import re
from io import BytesIO

import frappe

_ILLEGAL = re.compile(r"[\000-\010]|[\013-\014]|[\016-\037]")
_SHEET_NAME = re.compile(r"[\\*?:/\[\]]")
_KEEP_HTML = ("Data Import Template", "Data Export")


def make_xlsx(data, sheet_name: str, wb=None, column_widths=None) -> BytesIO:
    """A workbook with one sheet of these rows; texts with HTML become plain unless the sheet is a
    template."""
    import openpyxl
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    wb = wb or openpyxl.Workbook(write_only=True)
    sheet = wb.create_sheet(_SHEET_NAME.sub(" ", sheet_name)[:31], 0)
    for i, width in enumerate(column_widths or (), 1):
        if width:
            sheet.column_dimensions[get_column_letter(i)].width = width
    for number, row in enumerate(data):
        cells = []
        for value in row:
            if isinstance(value, str):
                value = _ILLEGAL.sub("", value if sheet_name in _KEEP_HTML else handle_html(value))
            cell = WriteOnlyCell(sheet, value=value)
            if isinstance(value, str):
                cell.data_type = "s"  # never a formula
            if number == 0:
                cell.font = Font(name="Calibri", bold=True)
            cells.append(cell)
        sheet.append(cells)
    out = BytesIO()
    wb.save(out)
    return out


def handle_html(data: str) -> str:
    """A text without its HTML; lines are joined by commas."""
    if "<" not in data or ">" not in data:
        return data
    from frappe.utils import strip_html_tags
    from frappe.utils.html_utils import unescape_html

    text = re.sub(r"<br\s*/?>|</(p|div|li|tr|h\d)>", "\n", data, flags=re.IGNORECASE)
    lines = (line.strip() for line in unescape_html(strip_html_tags(text)).splitlines())
    return ", ".join(line for line in lines if line)


def read_xlsx_file_from_attached_file(file_url=None, fcontent=None, filepath=None) -> list[list]:
    """Rows of the active sheet. Raises ValidationError for what is no workbook."""
    from zipfile import BadZipFile

    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    if file_url:
        filename = frappe.get_doc("File", {"file_url": file_url}).get_full_path()
    else:
        filename = BytesIO(fcontent) if fcontent else filepath
    try:
        sheet = load_workbook(filename=filename, data_only=True, read_only=True).active
        return [[cell.value for cell in row] for row in sheet.iter_rows()]
    except (BadZipFile, InvalidFileException, KeyError, ValueError):
        frappe.throw(frappe._("Invalid or corrupted content for import"))


def read_xls_file_from_attached_file(content):
    """Excel files from before 2007 are not answered."""
    raise NotImplementedError("frappe.utils.xlsxutils.read_xls_file_from_attached_file")


def build_xlsx_response(data, filename: str) -> None:
    """Answer with a workbook of these rows."""
    from frappe.desk.utils import provide_binary_file

    provide_binary_file(filename, "xlsx", make_xlsx(data, filename).getvalue())
