"""CSV: written from rows, read into rows."""

import csv
import io

import frappe
from frappe import _


class UnicodeWriter:
    """Collects rows as CSV text."""

    def __init__(self, encoding: str = "utf-8", quoting: int = csv.QUOTE_NONNUMERIC):
        self.encoding = encoding
        self.queue = io.StringIO()
        self.writer = csv.writer(self.queue, quoting=quoting)

    def writerow(self, row) -> None:
        self.writer.writerow(row)

    def getvalue(self) -> str:
        return self.queue.getvalue()


def to_csv(data) -> str:
    """Rows as CSV text; texts are quoted."""
    writer = UnicodeWriter()
    for row in data:
        writer.writerow(row)
    return writer.getvalue()


def build_csv_response(data, filename: str) -> None:
    """Answer with a CSV file of these rows."""
    frappe.response["result"] = to_csv(data)
    frappe.response["doctype"] = filename
    frappe.response["type"] = "csv"


def read_csv_content(fcontent, use_sniffer: bool = False) -> list[list]:
    """Rows of CSV text or bytes (UTF-8, else GB18030, else Latin-1); blanks around cells are cut off.

    The delimiter is found by looking. Raises ValidationError for text that is no CSV.
    """
    if isinstance(fcontent, bytes):
        fcontent = _decoded(fcontent)
    try:
        dialect = csv.Sniffer().sniff(fcontent[:4096], delimiters=",;\t|")
        dialect.doublequote = True
    except csv.Error:
        dialect = csv.excel
    try:
        return [[_cell(value) for value in row] for row in csv.reader(io.StringIO(fcontent), dialect)]
    except csv.Error as error:
        frappe.throw(_("Not a valid Comma Separated Value (CSV File)") + f": {error}")


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")


def _cell(value: str):
    value = value.strip()
    return None if value == "" else value


def read_csv_content_from_attached_file(doc) -> list[list]:
    """Rows of the File attached to a document."""
    name = frappe.db.get_value("File", {"attached_to_doctype": doc.doctype, "attached_to_name": doc.name})
    if not name:
        frappe.throw(_("File not attached"))
    return read_csv_content(frappe.get_doc("File", name).get_content())


def get_csv_content_from_google_sheets(url: str):
    """Reading from Google Sheets is not answered: this host fetches nothing from the internet."""
    raise NotImplementedError("frappe.utils.csvutils.get_csv_content_from_google_sheets")
