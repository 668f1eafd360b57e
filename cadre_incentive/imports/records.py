"""A row of the file → the values of a ticket, or the reason why not."""

from dataclasses import dataclass
from datetime import date, datetime

from frappe import _

from cadre_incentive import codes
from cadre_incentive.cadre_incentive.doctype.issue_ticket import rules
from cadre_incentive.imports import names
from cadre_incentive.imports.dates import in_range
from cadre_incentive.imports.errors import BadCell, refuse
from cadre_incentive.imports.files import ERROR_CELLS, Row
from cadre_incentive.imports.maps import NAME_LENGTH, Map

# What a Text column of MariaDB holds, in bytes.
TEXT_BYTES = 65_535
DOCTYPES = {"unit": "Government Unit", "category": "Problem Category"}


@dataclass
class Record:
    """One good row: plain values, dates parsed, names normalised; `key` is the ticket's external key."""

    line: int
    key: str
    external_id: str
    unit: str
    parent: str
    category: str
    reported_on: datetime
    resolved_on: datetime | None
    description: str | None
    cells: list


def as_text(cell) -> str:
    """Return a cell as trimmed text; a workbook's whole number has no decimals."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return str(cell).strip()


class Reader:
    """Reads rows of one file by one map."""

    def __init__(self, mapping: Map, header: list[str]):
        self.mapping = mapping
        self.header = header
        for name in mapping.headers:
            if header.count(name) > 1:
                refuse(_("The file has the column {0} twice.").format(name))
            if name not in header:
                refuse(_("The file lacks the mapped column {0}.").format(name))
        self.at = {field: header.index(name) for field, name in mapping.columns.items()}
        parent = mapping.unit_parent_column
        self.parent_at = header.index(parent) if parent else None
        self._objections: dict[tuple[str, str], str | None] = {}

    def unit_and_parent(self, row: Row) -> tuple[str, str]:
        """Return the normalised unit and its parent in this row; "" for both where one is no name."""
        if not self._fits(row):
            return "", ""
        try:
            return self._code(row, "unit"), self._parent(row)
        except BadCell:
            return "", ""

    def read(self, row: Row) -> Record:
        """Return the row's record; raises BadCell naming the column that makes the row unusable."""
        if not self._fits(row):
            reason = _("The row has {0} cells, the header has {1}.").format(len(row.cells), len(self.header))
            raise BadCell("", reason)
        external_id = self._external_id(row)
        reported_on = self._date(row, "reported_on")
        if not reported_on:
            raise BadCell(self._header("reported_on"), _("The cell is empty."))
        resolved_on = self._date(row, "resolved_on")
        if rules.resolved_too_early(reported_on, resolved_on):
            reason = _("A ticket cannot be resolved before the day on which it was reported.")
            raise BadCell(self._header("resolved_on"), reason)
        return Record(
            line=row.line,
            key=rules.external_key(self.mapping.source, external_id),
            external_id=external_id,
            unit=self._code(row, "unit"),
            parent=self._parent(row),
            category=self._code(row, "category"),
            reported_on=reported_on,
            resolved_on=resolved_on,
            description=self._description(row),
            cells=row.cells,
        )

    def _fits(self, row: Row) -> bool:
        # A workbook's rows end at their last cell that holds anything; a CSV's rows must be complete.
        extra = row.cells[len(self.header) :]
        return len(row.cells) == len(self.header) or (row.padded and not any(as_text(cell) for cell in extra))

    def _cell(self, row: Row, position: int):
        return row.cells[position] if position < len(row.cells) else None

    def _header(self, field: str) -> str:
        return self.mapping.columns[field]

    def _text(self, row: Row, field: str) -> str:
        if field not in self.at:
            return ""
        text = as_text(self._cell(row, self.at[field]))
        if row.padded and text in ERROR_CELLS:
            raise BadCell(self._header(field), _("The cell holds the error {0}.").format(text))
        return text

    def _name(self, row: Row, field: str) -> str:
        text = self._text(row, field)
        if not text:
            raise BadCell(self._header(field), _("The cell is empty."))
        return text

    def _external_id(self, row: Row) -> str:
        # Stored as it is written: that is what has to fit, with what nobody sees in it.
        text = self._name(row, "external_id")
        self._check_length(text, self._header("external_id"))
        return text

    def _code(self, row: Row, field: str) -> str:
        return self._made_of(self._name(row, field), field, self._header(field))

    def _parent(self, row: Row) -> str:
        if self.parent_at is None:
            return ""
        text = as_text(self._cell(row, self.parent_at))
        return self._made_of(text, "unit", self.mapping.unit_parent_column)

    def _made_of(self, text: str, field: str, header: str) -> str:
        """Return the text as the name of a unit or category; raises BadCell where none can have it."""
        name = codes.normalise(text)
        self._check_length(name, header)
        asked = DOCTYPES[field], name
        if asked not in self._objections:
            self._objections[asked] = names.objection(*asked) if name else None
        if reason := self._objections[asked]:
            raise BadCell(header, reason)
        return name

    def _check_length(self, text: str, header: str) -> None:
        if len(text) > NAME_LENGTH:
            raise BadCell(header, _("The text is longer than {0} characters.").format(NAME_LENGTH))

    def _description(self, row: Row) -> str | None:
        text = self._text(row, "description")
        if len(text.encode()) > TEXT_BYTES:
            raise BadCell(
                self._header("description"), _("The text is longer than {0} bytes.").format(TEXT_BYTES)
            )
        return text or None

    def _date(self, row: Row, field: str) -> datetime | None:
        if field not in self.at:
            return None
        cell = self._cell(row, self.at[field])
        try:
            if isinstance(cell, datetime):
                return in_range(cell.replace(tzinfo=None))
            if isinstance(cell, date):
                return in_range(datetime(cell.year, cell.month, cell.day))
            text = self._text(row, field)
            return self.mapping.parse_date(text) if text else None
        except ValueError:
            reason = _("{0} is not a date of the form {1}.").format(
                as_text(cell)[:60], self.mapping.date_format
            )
            raise BadCell(self._header(field), reason) from None
