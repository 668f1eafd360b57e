"""The leaders' workbook of a month (policy E7): summary, red, black, all units, overdue, method."""

import os
from collections.abc import Callable

import frappe
from frappe import _

from cadre_incentive.cadre_incentive.doctype.red_black_list.cutoffs import month_of
from cadre_incentive.scratch import Scratch
from cadre_incentive.workbooks import data, lists, method, overdue, style, summary
from cadre_incentive.workbooks.language import site_language
from cadre_incentive.workbooks.sheet import Book

SHEETS = (summary.add, lists.add_red, lists.add_black, lists.add_all, overdue.add, method.add)


def write(period: str, out: str, progress: Callable[[int, int], None] | None = None) -> str:
    """Write the workbook of a month ("YYYY-MM") to `out` and return its path.

    Shows the newest list of every board, draft or published, and says which, in the site's language; no
    draft of a disabled board. The file appears whole or not at all, and the same lists, records and ledger
    give the same bytes.
    `progress(done, total)` is called after every sheet. Refuses (frappe.ValidationError) a malformed
    period, a month without lists, a name that does not end in .xlsx and a folder that does not exist.
    """
    with site_language() as language:
        target = _target(out)
        month = data.read(month_of(period))
        with Scratch(target) as scratch:
            _write(month, scratch, language, progress)
            scratch.finish()
    return target


def _write(
    month: data.Month, scratch: Scratch, language: str, progress: Callable[[int, int], None] | None
) -> None:
    created = month.cutoff.replace(microsecond=0)
    book = Book(scratch.path, created, font=style.font_of(language), scratch=scratch.folder)
    footer = f"&L{_('Red and black lists')} {month.period}&R&P / &N"
    for done, add in enumerate(SHEETS, start=1):
        add(book, month, footer)
        if progress:
            progress(done, len(SHEETS))
    book.close()


def _target(out: str) -> str:
    target = os.path.abspath(os.fspath(out))
    folder = os.path.dirname(target)
    if not target.lower().endswith(".xlsx"):
        frappe.throw(_("{0}: the workbook's name must end in .xlsx.").format(out))
    if not os.path.isdir(folder):
        frappe.throw(_("The folder {0} does not exist.").format(folder))
    if not os.access(folder, os.W_OK) or os.path.isdir(target):
        frappe.throw(_("{0} cannot be written.").format(target))
    return target
