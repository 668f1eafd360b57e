"""The sheet that explains: rules, formulas, thresholds, cut-off, calendar notes, digests (policy E1)."""

import math
import unicodedata
from collections.abc import Iterator

from frappe import _

from cadre_incentive.cadre_incentive.doctype.red_black_list.strikes import strike_limit
from cadre_incentive.workbooks import style
from cadre_incentive.workbooks.data import Month
from cadre_incentive.workbooks.sheet import Book

TEXT_WIDTH = 112
LINE_HEIGHT = 16


def add(book: Book, month: Month, footer: str) -> None:
    """Add topic and text, two columns; the text wraps."""
    title = _("Method", context="Workbook")
    sheet = book.add_sheet(title, footer)
    sheet.set_tab_color(style.GREY)
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, TEXT_WIDTH)
    sheet.set_row(0, 32)
    sheet.write_string(0, 0, title, book.format(**style.TITLE))
    topic = book.format(**style.BODY, indent=1, bold=True, bg_color=style.PALE_BLUE, text_wrap=True)
    text = book.format(**style.BODY, indent=1, text_wrap=True)
    for row, (name, explanation) in enumerate([*_rules(), *_lists(month)], start=1):
        sheet.set_row(row, LINE_HEIGHT * _lines(explanation) + 6)
        sheet.write_string(row, 0, name, topic)
        sheet.write_string(row, 1, explanation, text)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)


def _lines(text: str) -> int:
    """Return how many lines a text takes in its column: a row does not grow with its text by itself."""
    return sum(max(1, math.ceil(_width(line) / (TEXT_WIDTH - 8))) for line in text.split("\n"))


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _rules() -> Iterator[tuple[str, str]]:
    yield (
        _("Which cases count"),
        _(
            "A ticket belongs to the month in which it fell due; its time limit is counted from the day "
            "after it was reported; cancelled tickets count in neither rate of tickets. An answer belongs "
            "to the month in which it was given, and to the unit and category that its ticket had then; it "
            "stays counted when the ticket is cancelled or moved later."
        ),
    )
    yield (
        _("On-time Rate"),
        _("Tickets due in the month and resolved on or before the due date ÷ all tickets due in the month."),
    )
    yield (
        _("Resolution Rate"),
        _("Tickets due in the month and resolved at the cut-off ÷ all tickets due in the month."),
    )
    yield (
        _("Satisfaction Rate"),
        _("Satisfied answers (4 or 5 of 5, as set) ÷ all answers given in the month."),
    )
    yield (
        _("95 % interval"),
        _(
            "Wilson interval: centre = (p + z²/2n) ÷ (1 + z²/n), half width = z ÷ (1 + z²/n) × "
            "√(p(1−p)/n + z²/4n²), with p = k/n and z = 1.96. The fewer the cases, the wider the interval: "
            "small samples are not punished by chance."
        ),
    )
    yield (
        _("Red List"),
        _(
            "At least the minimum sample, and the lower bound reaches the red line; the best of each track "
            "by lower bound. Entries that tie at the cut are all listed."
        ),
    )
    yield (
        _("Black List"),
        _(
            "At least the minimum sample, and the upper bound is under the black line; the lowest of each "
            "track by upper bound. Entries that tie at the cut are all listed."
        ),
    )
    yield (
        _("Rank", context="Red Black List Entry"),
        _(
            "By rate, then by number of cases, inside the track only; units under the minimum sample are "
            "not ranked."
        ),
    )
    yield (
        _("Strikes"),
        _(
            "A published black entry is one strike per unit, work item and month, however many boards and "
            "versions. Strikes are counted over the calendar year, as they stand on the ledger when this is "
            "written; the mark says that a black unit's strikes reach the limit of {0}."
        ).format(strike_limit()),
    )


def _lists(month: Month) -> Iterator[tuple[str, str]]:
    for head in month.lists.itertuples(index=False):
        cutoff = head.cutoff.strftime("%Y-%m-%d %H:%M:%S")
        lines = [
            _("{0}; version {1}, {2}; cut-off {3}").format(
                _(head.metric), head.version, _(head.status, context="Red Black List"), cutoff
            ),
            _(
                "Red line {0} %, black line {1} %, minimum sample {2}; per track up to {3} red, {4} black"
            ).format(
                f"{head.red_line:g}",
                f"{head.black_line:g}",
                head.minimum_sample,
                head.red_limit,
                head.black_limit,
            ),
            _("Track: {0}; category: {1}; work item: {2}").format(
                head.track or _("every track by itself"), head.category or _("all"), head.item
            ),
        ]
        if head.supersedes:
            lines.append(_("Supersedes {0}").format(head.supersedes))
        if head.calendar_note:
            lines.append(_("Calendar: {0}").format(head.calendar_note))
        lines.append(_("List {0}, digest of the input {1}").format(head.name, head.input_digest))
        yield head.board, "\n".join(lines)
