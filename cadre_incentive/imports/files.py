"""Tables as people send them: CSV, CSV.gz, XLSX. A file that is not what its name says is refused whole."""

import csv
import gzip
import os
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from frappe import _

from cadre_incentive.imports.errors import refuse

MAGIC = {
    b"\x1f\x8b": "gzip",
    b"PK\x03\x04": "zip (XLSX)",
    b"\xd0\xcf\x11\xe0": "Microsoft Office 97–2003 (XLS)",
    b"%PDF": "PDF",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}
ERROR_CELLS = {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"}


@dataclass(frozen=True)
class Row:
    """One row: the file's line (CSV) or row (XLSX), counted from 1, and its cells in the header's order.

    `padded` rows come from a workbook, whose rows may end early or run on with empty cells.
    """

    line: int
    cells: list
    padded: bool = False


class Table:
    """A table on disk that can be read from its top as often as needed, with constant memory."""

    def __init__(self, path: str):
        self.path = path
        self.kind = _kind(path)
        _check_magic(path, self.kind)

    def rows(self) -> Iterator[Row]:
        """Yield the header and every row that is not blank; raises ImportRefused on a damaged file."""
        return _xlsx_rows(self.path) if self.kind == "xlsx" else _csv_rows(self.path, self.kind)

    def header(self) -> list[str]:
        """Return the header's cells as text."""
        for row in self.rows():
            return [str(cell).strip() if cell is not None else "" for cell in row.cells]
        refuse(_("{0} is empty.").format(self.path))


def _kind(path: str) -> str:
    name = os.path.basename(path).lower()
    for suffix, kind in ((".csv.gz", "gz"), (".csv", "csv"), (".xlsx", "xlsx")):
        if name.endswith(suffix):
            return kind
    refuse(_("{0}: only .csv, .csv.gz and .xlsx are read.").format(path))


def _check_magic(path: str, kind: str) -> None:
    try:
        with open(path, "rb") as file:
            start = file.read(4)
    except OSError as error:
        refuse(_("{0} cannot be read: {1}").format(path, error.strerror))
    if not start:
        refuse(_("{0} is empty.").format(path))
    found = next((name for magic, name in MAGIC.items() if start.startswith(magic)), None)
    wanted = {"gz": "gzip", "xlsx": "zip (XLSX)", "csv": None}[kind]
    if found != wanted:
        refuse(_("{0} is not what its name says: it is {1}.").format(path, found or _("something else")))
    if kind == "xlsx":
        _check_workbook(path)


def _check_workbook(path: str) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except zipfile.BadZipFile:
        refuse(_("{0} is damaged: {1}").format(path, "zip"))
    if not {"[Content_Types].xml", "xl/workbook.xml"} <= names:
        refuse(_("{0} is not what its name says: it is {1}.").format(path, "zip"))


def _csv_rows(path: str, kind: str) -> Iterator[Row]:
    opener = gzip.open if kind == "gz" else open
    reader = None
    try:
        with opener(path, "rt", encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(_lines_of_text(path, file), strict=True)
            start = 1
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    yield Row(start, cells)
                start = reader.line_num + 1
    except UnicodeDecodeError:
        line = reader.line_num + 1 if reader else 1
        refuse(_("{0} is not UTF-8 text (near line {1}): save it as CSV UTF-8.").format(path, line))
    except csv.Error as error:
        refuse(_("{0} is damaged near line {1}: {2}").format(path, reader.line_num, error))
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        refuse(_("{0} is damaged: {1}").format(path, error))


def _lines_of_text(path: str, file) -> Iterator[str]:
    # Looked for before the reader sees them: Python 3.10's csv has its own words for NUL.
    for line in file:
        if "\x00" in line:
            refuse(_("{0} is not what its name says: it is {1}.").format(path, _("something else")))
        yield line


def _xlsx_rows(path: str) -> Iterator[Row]:
    # openpyxl costs a quarter of a second, which a CSV need not pay.
    from openpyxl import load_workbook

    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except Exception as error:
        # openpyxl raises whatever its XML and zip layers raise; to the reader they all mean the same.
        refuse(_("{0} is damaged: {1}").format(path, error))
    try:
        if not book.worksheets:
            refuse(_("{0} is empty.").format(path))
        sheet = book.worksheets[0]
        # The stated dimension of a foreign writer's sheet may be wrong, and would cut rows off.
        sheet.reset_dimensions()
        for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
            cells = list(cells)
            if any(cell is not None and str(cell).strip() for cell in cells):
                yield Row(number, cells, padded=True)
    except (zipfile.BadZipFile, zlib.error, EOFError, SyntaxError, KeyError, ValueError) as error:
        # SyntaxError: ElementTree's ParseError is one.
        refuse(_("{0} is damaged: {1}").format(path, error))
    finally:
        book.close()
