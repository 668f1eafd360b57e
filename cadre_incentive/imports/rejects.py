"""Rows that could not be imported, in a file that a person mends and imports again."""

import csv
import os
import re

from frappe import _

from cadre_incentive.imports.errors import BadCell, refuse
from cadre_incentive.imports.files import Row
from cadre_incentive.imports.records import as_text
from cadre_incentive.scratch import Scratch, sweep

# A spreadsheet takes a text that begins so for a formula; full-width signs too, in East Asian editions.
FORMULA = re.compile(r"[=+\-@\t\r＝＋－＠]")
NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")


class Rejects:
    """Writes `<file>.rejected.csv`: line, column, reason, then the row as it stood. No bad row, no file.

    UTF-8 with a byte order mark, without which Excel shows Chinese as garbage. Written beside its final
    name and moved there by `close`, so that a reader never sees half a file.
    """

    def __init__(self, path: str, header: list[str], dry_run: bool = False):
        self.path = f"{path}.rejected.csv"
        self.header = header
        self.dry_run = dry_run
        self.count = 0
        self.first = []
        self._scratch = self._file = self._writer = None

    def add(self, row: Row, problem: BadCell) -> None:
        """Note one bad row; raises ImportRefused where it cannot be written, for no row is lost silently."""
        self.count += 1
        if len(self.first) < 20:
            self.first.append((row.line, problem.column, problem.reason))
        if self.dry_run:
            return
        if not self._writer:
            self._open()
        self._writer.writerow(
            [row.line, harmless(problem.column), harmless(problem.reason), *map(harmless, row.cells)]
        )

    def close(self) -> str | None:
        """Put the file in its place, or remove the one of an earlier run; return its path if there is one."""
        if self.dry_run:
            return None
        if self._file:
            self._file.close()
            self._scratch.finish()
            self._scratch.close()
            return self.path
        sweep(os.path.abspath(self.path))
        if os.path.exists(self.path):
            os.remove(self.path)
        return None

    def discard(self) -> None:
        """Drop what was written: the import stopped."""
        if self._file and not self._file.closed:
            self._file.close()
            self._scratch.close()

    def _open(self) -> None:
        try:
            self._scratch = Scratch(os.path.abspath(self.path))
            self._file = open(self._scratch.path, "w", encoding="utf-8-sig", newline="")  # noqa: SIM115
        except OSError as error:
            refuse(_("The rejected rows cannot be written to {0}: {1}").format(self.path, error.strerror))
        self._writer = csv.writer(self._file)
        self._writer.writerow(
            [
                _("Line", context="Ticket Import"),
                _("Column"),
                _("Reason", context="Ticket Import"),
                *map(harmless, self.header),
            ]
        )


def harmless(cell) -> str:
    """Return a cell's text so that a spreadsheet shows it and does not run it."""
    text = as_text(cell)
    if FORMULA.match(text) and not NUMBER.fullmatch(text):
        return f"'{text}"
    return text
