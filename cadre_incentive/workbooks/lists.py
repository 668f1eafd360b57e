"""The sheets with one row per entry: red list, black list, all units."""

from collections.abc import Callable, Iterable

import pandas as pd
from frappe import _

from cadre_incentive.cadre_incentive.doctype.red_black_list.strikes import limit_reached
from cadre_incentive.workbooks import style
from cadre_incentive.workbooks.data import Month
from cadre_incentive.workbooks.sheet import SHARE, TEXT, WHOLE, Book, Column

ENTRY = "Red Black List Entry"
CENTRE = (("align", "center"),)
WRAP = (("text_wrap", True),)
SMALL = (("text_wrap", True), ("font_size", 9))
CODE = (("text_wrap", True), ("font_size", 9), ("font_color", style.GREY))


def add_red(book: Book, month: Month, footer: str) -> None:
    """Add the red list: the best of each board and track, by lower bound."""
    frame = month.entries[month.entries["colour"] == "Red"]
    columns = [*_identity(), *_figures(), _reason(68)]
    frame = frame.sort_values(["board", "track", "low"], ascending=[True, True, False], kind="stable")
    _add(book, _("Red List"), footer, columns, _rows(frame, _with_reason), style.RED_HEADER, style.RED)


def add_black(book: Book, month: Month, footer: str) -> None:
    """Add the black list: the lowest of each board and track, by upper bound, with strikes and principals."""
    frame = month.entries[month.entries["colour"] == "Black"]
    frame = frame.sort_values(["board", "track", "high"], kind="stable")
    alarm = (("align", "center"), ("bold", True), ("font_color", style.RED), ("text_wrap", True))
    columns = [
        *_identity(),
        *_figures(),
        Column(_("Strikes This Year"), WHOLE, 12, CENTRE),
        Column(_("Strike Limit Reached"), TEXT, 22, alarm),
        Column(_("Principals of the Strikes"), TEXT, 26, WRAP),
        _reason(56),
    ]
    rows = _rows(frame, _with_strikes())
    _add(book, _("Black List"), footer, columns, rows, style.BLACK_HEADER, style.BLACK)


def add_all(book: Book, month: Month, footer: str) -> None:
    """Add every unit of every board, ranked ones first, with what became of it and why."""
    colour = Column(_("Result", context="Workbook"), TEXT, 14, CENTRE)
    columns = [*_identity(), *_figures(), colour, _reason(68)]
    rows = _rows(month.entries, _with_result())
    sheet, top, end = _add(book, _("All Units"), footer, columns, rows, style.HEADER, style.BLUE)
    result = columns.index(colour)
    for text, background, letters in (
        (_("Red", context=ENTRY), style.PALE_RED, style.RED),
        (_("Black", context=ENTRY), style.BLACK, "#FFFFFF"),
        (_("Sample too small"), "#FFFFFF", style.GREY),
    ):
        look = book.workbook.add_format({"bg_color": background, "font_color": letters})
        rule = {"type": "cell", "criteria": "==", "value": f'"{text}"', "format": look}
        sheet.conditional_format(top + 1, result, max(end - 1, top + 1), result, rule)


def _identity() -> list[Column]:
    return [
        Column(_("Board"), TEXT, 22, WRAP),
        Column(_("Track"), TEXT, 13, WRAP),
        Column(_("Rank", context=ENTRY), WHOLE, 6, CENTRE),
        Column(_("Unit Code"), TEXT, 10, CODE),
        Column(_("Unit"), TEXT, 18, (("bold", True), ("text_wrap", True))),
    ]


def _figures() -> list[Column]:
    return [
        Column(_("Successes k"), WHOLE, 9),
        Column(_("Cases n"), WHOLE, 9),
        Column(_("Rate"), SHARE, 9, (("bold", True),)),
        Column(_("95 % from"), SHARE, 9),
        Column(_("95 % to"), SHARE, 9),
    ]


def _reason(width: float) -> Column:
    return Column(_("Reason", context=ENTRY), TEXT, width, SMALL)


def _rows(frame: pd.DataFrame, rest) -> Iterable[list]:
    for entry in frame.itertuples(index=False):
        yield [
            entry.board,
            entry.track,
            entry.rank if entry.ranked else None,
            entry.unit,
            entry.unit_name or entry.unit,
            entry.k,
            entry.n,
            entry.rate,
            entry.low,
            entry.high,
            *rest(entry),
        ]


def _with_reason(entry) -> list:
    return [entry.reason]


def _with_strikes() -> Callable:
    mark = limit_reached()

    def rest(entry) -> list:
        reached = mark if entry.third_strike else None
        return [entry.strikes, reached, entry.strike_principals, entry.reason]

    return rest


def _with_result() -> Callable:
    # Translated once, not for each of a hundred thousand rows.
    named = {"Red": _("Red", context=ENTRY), "Black": _("Black", context=ENTRY)}
    not_listed, too_small = _("Not listed"), _("Sample too small")

    def rest(entry) -> list:
        result = named.get(entry.colour) or (not_listed if entry.ranked else too_small)
        return [result, entry.reason]

    return rest


def _add(book: Book, title: str, footer: str, columns: list[Column], rows, header: dict, colour: str):
    sheet = book.add_sheet(title, footer)
    sheet.set_tab_color(colour)
    sheet.set_row(0, 32)
    sheet.write_string(0, 0, title, book.format(**{**style.TITLE, "font_color": colour}))
    top = 1
    # A row does not grow with its text by itself: room for two lines of reason.
    sheet.set_default_row(30)
    sheet.set_row(top, 32)
    end = book.add_table(sheet, columns, rows, top=top, header=header, body=style.BODY)
    if end == top + 1:
        sheet.write_string(end, 0, _("No entries this month."), book.format(**style.SUBTITLE))
    rate = next(index for index, column in enumerate(columns) if column.kind == SHARE)
    bar = {
        "type": "data_bar", "bar_color": "#C5D5EC", "bar_solid": True,
        "min_type": "num", "min_value": 0, "max_type": "num", "max_value": 1,
    }  # fmt: skip
    sheet.conditional_format(top + 1, rate, max(end - 1, top + 1), rate, bar)
    book.finish_table(sheet, columns, top, end)
    return sheet, top, end
