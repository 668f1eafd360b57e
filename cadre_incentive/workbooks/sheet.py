"""A small writer of Excel sheets: typed columns, any number of rows, constant memory.

Rows come as an iterator and are written in order, each cell by its column's type and never by a guess: a
text that begins with = + - or @ stays a text, and what is not there (None, NaN) stays blank.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

TEXT, WHOLE, SHARE, MOMENT = "text", "whole", "share", "moment"
A4 = 9
MOST_ROWS = 1_048_576


@dataclass(frozen=True)
class Column:
    """A column: its header, its type, its width in characters of the default font.

    TEXT takes str, WHOLE int, SHARE a float where 1.0 is 100 %, MOMENT a datetime or date; all take None.
    `style` adds properties of an XlsxWriter format to those of the type.
    """

    title: str
    kind: str = TEXT
    width: float = 12
    style: tuple[tuple[str, object], ...] = ()


class Book:
    """A workbook in constant memory. Same content, same bytes: `created` is given, not the clock's."""

    NUMBER_FORMATS = {WHOLE: "#,##0", SHARE: "0.0%", MOMENT: "yyyy-mm-dd hh:mm"}

    def __init__(
        self,
        path: str,
        created: datetime,
        font: str = "Calibri",
        size: float = 10.5,
        scratch: str | None = None,
    ):
        self.font = font
        self._formats = {}
        self.workbook = Workbook(
            path,
            {
                "constant_memory": True,
                # Where the rows wait until the file is put together; the system's own place if None.
                "tmpdir": scratch,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "default_format_properties": {"font_name": font, "font_size": size},
            },
        )
        self.workbook.set_properties({"created": created})

    def close(self) -> None:
        self.workbook.close()

    def format(self, **properties):
        """Return the format with these properties, the same object for the same ones."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self.workbook.add_format(
                {"font_name": self.font, "valign": "vcenter", **properties}
            )
        return self._formats[key]

    def add_sheet(self, name: str, footer: str, landscape: bool = True) -> Worksheet:
        """Add a sheet that prints on A4, as wide as the page, with page numbers; no grid lines."""
        sheet = self.workbook.add_worksheet(name)
        sheet.set_paper(A4)
        if landscape:
            sheet.set_landscape()
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.center_horizontally()
        sheet.hide_gridlines(2)
        sheet.set_footer(footer)
        return sheet

    def add_table(
        self,
        sheet: Worksheet,
        columns: Sequence[Column],
        rows: Iterable[Sequence],
        top: int = 0,
        header: dict | None = None,
        body: dict | None = None,
    ) -> int:
        """Write a header at row `top` (from 0) and the rows under it; return the row after the last."""
        style = self.format(**{"bold": True, "text_wrap": True, "align": "center", **(header or {})})
        for index, column in enumerate(columns):
            sheet.set_column(index, index, column.width)
            sheet.write_string(top, index, column.title, style)
        return write_rows(sheet, top + 1, self._writers(sheet, columns, body or {}), rows)

    def finish_table(self, sheet: Worksheet, columns: Sequence[Column], top: int, end: int) -> None:
        """Freeze and repeat everything down to the header at `top`; add filters where there are rows."""
        sheet.freeze_panes(top + 1, 0)
        sheet.repeat_rows(0, top)
        if end > top + 1:
            sheet.autofilter(top, 0, end - 1, len(columns) - 1)

    def _writers(self, sheet: Worksheet, columns: Sequence[Column], body: dict) -> list[tuple]:
        writers = []
        for column in columns:
            style = {**body, **dict(column.style)}
            if column.kind in self.NUMBER_FORMATS:
                style["num_format"] = self.NUMBER_FORMATS[column.kind]
            if "align" not in style:
                style |= {"indent": 1, "align": "left" if column.kind == TEXT else "right"}
            writers.append((_writer(sheet, column.kind), self.format(**style)))
        return writers


def _writer(sheet: Worksheet, kind: str) -> Callable:
    return {
        TEXT: sheet.write_string,
        WHOLE: sheet.write_number,
        SHARE: sheet.write_number,
        MOMENT: sheet.write_datetime,
    }[kind]


def write_rows(sheet: Worksheet, top: int, writers: list[tuple], rows: Iterable[Sequence]) -> int:
    """Write rows from `top` on, each cell with its column's (function, format); return the row after.

    Raises ValueError where a sheet has no more rows. XlsxWriter itself cuts a text at Excel's bound of
    32,767.
    """
    blank = sheet.write_blank
    numbered = [(index, write, style) for index, (write, style) in enumerate(writers)]
    row = top
    for cells in rows:
        if row == MOST_ROWS:
            raise ValueError(f"a sheet holds {MOST_ROWS} rows")
        for (index, write, style), value in zip(numbered, cells, strict=True):
            # NaN and NaT are the only values that differ from themselves.
            if value is None or value != value or value == "":
                blank(row, index, None, style)
            else:
                write(row, index, value, style)
        row += 1
    return row


def write_table(path: str, columns: Sequence[Column], rows: Iterable[Sequence], created: datetime) -> None:
    """Write one plain table as a workbook of one sheet."""
    book = Book(path, created)
    sheet = book.add_sheet("Sheet1", "&C&P / &N")
    end = book.add_table(sheet, columns, rows)
    book.finish_table(sheet, columns, 0, end)
    book.close()
