"""The sheet of overdue tickets: who, in which category, how many, and how many are still open."""

from frappe import _

from cadre_incentive.workbooks import style
from cadre_incentive.workbooks.data import Month
from cadre_incentive.workbooks.sheet import SHARE, TEXT, WHOLE, Book, Column

FIRST_NUMBER = 5
OVERDUE = FIRST_NUMBER + 1


def add(book: Book, month: Month, footer: str) -> None:
    """Add the tickets due in the month that were late or still open at the cut-off, by unit and category."""
    title = _("Overdue Tickets")
    sheet = book.add_sheet(title, footer)
    sheet.set_tab_color(style.GREY)
    sheet.set_row(0, 32)
    sheet.write_string(0, 0, title, book.format(**style.TITLE))
    columns = [
        Column(_("Unit Code"), TEXT, 10, (("font_size", 9), ("font_color", style.GREY))),
        Column(_("Unit"), TEXT, 24, (("bold", True),)),
        Column(_("Track"), TEXT, 18),
        Column(_("Branch"), TEXT, 20),
        Column(_("Category", context="Issue Ticket"), TEXT, 40),
        Column(_("Due this month"), WHOLE, 11),
        Column(_("Overdue"), WHOLE, 11, (("bold", True), ("font_color", style.RED))),
        Column(_("Resolved late"), WHOLE, 11),
        Column(_("Still open"), WHOLE, 11),
        Column(_("Overdue share"), SHARE, 11),
    ]
    frame = month.overdue
    rows = (
        [
            row.unit,
            row.unit_name if isinstance(row.unit_name, str) else row.unit,
            row.track,
            row.category_parent,
            row.category,
            row.due,
            row.overdue,
            row.late,
            row.open,
            row.share,
        ]
        for row in frame.itertuples(index=False)
    )
    top = 1
    sheet.set_default_row(19)
    sheet.set_row(top, 32)
    end = book.add_table(sheet, columns, rows, top=top, header=style.HEADER, body=style.BODY)
    book.finish_table(sheet, columns, top, end)
    if frame.empty:
        sheet.write_string(end, 0, _("No entries this month."), book.format(**style.SUBTITLE))
        return
    bar = {"type": "data_bar", "bar_color": "#F2B8B2", "bar_solid": True}
    sheet.conditional_format(top + 1, OVERDUE, end - 1, OVERDUE, bar)
    _add_total(book, sheet, end, frame)


def _add_total(book: Book, sheet, row: int, frame) -> None:
    look = {**style.BODY, "indent": 1, "bold": True, "bg_color": style.PALE_BLUE, "top": 2}
    sheet.write_string(row, 0, _("Total", context="Workbook"), book.format(**look))
    for column in range(1, FIRST_NUMBER):
        sheet.write_blank(row, column, None, book.format(**look))
    for column, name in enumerate(["due", "overdue", "late", "open"], start=FIRST_NUMBER):
        sheet.write_number(
            row, column, int(frame[name].sum()), book.format(**look, align="right", num_format="#,##0")
        )
    share = frame["overdue"].sum() / frame["due"].sum()
    sheet.write_number(
        row, FIRST_NUMBER + 4, float(share), book.format(**look, align="right", num_format="0.0%")
    )
