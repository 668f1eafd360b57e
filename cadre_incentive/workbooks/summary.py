"""The first sheet: one look for whoever leads. Boards, who is on the lists, the year so far, two charts."""

import pandas as pd
from frappe import _

from cadre_incentive.cadre_incentive.doctype.red_black_list.strikes import limit_reached
from cadre_incentive.workbooks import style
from cadre_incentive.workbooks.data import Month
from cadre_incentive.workbooks.sheet import Book

LAST = 12
MOST_LISTED = 15
LIST = "Red Black List"
ENTRY = "Red Black List Entry"
MOST_IN_CHART = 8
CHART_ROWS, ROW_HEIGHT = 15, 20


def add(book: Book, month: Month, footer: str) -> None:
    """Write the sheet from top to bottom: constant memory does not go back."""
    _Summary(book, month, footer).write()


class _Summary:
    def __init__(self, book: Book, month: Month, footer: str):
        self.book = book
        self.month = month
        self.name = _("Summary", context="Workbook")
        self.sheet = book.add_sheet(self.name, footer)
        self.row = 0

    def write(self) -> None:
        self.sheet.set_tab_color(style.BLUE)
        self.sheet.set_default_row(ROW_HEIGHT)
        self.sheet.set_column(0, 0, 25)
        self.sheet.set_column(1, LAST, 10.5)
        self.write_title()
        first_board = self.write_boards()
        first_month = self.write_trend()
        self.add_charts(first_board, first_month)
        self.sheet.set_h_pagebreaks([self.row])
        self.write_black()
        self.write_red()

    def write_title(self) -> None:
        month, book = self.month, self.book
        period = month.period
        title = _("Red and Black Lists {0}-{1}").format(period.year, f"{period.month:02}")
        self.sheet.set_row(0, 36)
        self.sheet.merge_range(0, 0, 0, LAST, title, book.format(**style.TITLE, align="center"))
        drafts = int((month.lists["status"] == "Draft").sum())
        facts = [
            _("Data as of {0}").format(month.cutoff.strftime("%Y-%m-%d %H:%M")),
            _("Boards: {0}").format(len(month.lists)),
            _("95 % Wilson intervals, compared inside each track only"),
        ]
        look = {**style.SUBTITLE, "align": "center"}
        self.sheet.merge_range(1, 0, 1, LAST, "  ·  ".join(facts), book.format(**look))
        self.row = 2
        if drafts:
            warning = _("{0} of {1} lists are drafts, not published yet: for internal use.").format(
                drafts, len(month.lists)
            )
            look = {"bold": True, "font_color": style.RED, "bg_color": style.PALE_RED, "align": "center"}
            self.sheet.merge_range(2, 0, 2, LAST, warning, book.format(**look))
            self.row = 3

    def section(self, title: str) -> None:
        self.row += 1
        self.sheet.set_row(self.row, 24)
        look = self.book.format(**style.SECTION)
        self.sheet.merge_range(self.row, 0, self.row, LAST, title, look)
        self.row += 1

    def header(self, titles: list[tuple[str, int]], look: dict) -> None:
        """Write a header; each title spans so many columns."""
        self.sheet.set_row(self.row, 30)
        self.line(titles, {**look, "bold": True, "align": "center", "text_wrap": True})

    def line(
        self, cells: list[tuple[object, int]], look: dict, formats: dict[int, dict] | None = None
    ) -> None:
        """Write one row; each cell spans so many columns; `formats` adds to the look of single cells."""
        column = 0
        for index, (value, span) in enumerate(cells):
            properties = {**look, **(formats or {}).get(index, {})}
            if "border" in properties and "align" not in properties:
                properties |= {"indent": 1, "align": "left" if isinstance(value, str) else "right"}
            if isinstance(value, str) and "border" in properties and "text_wrap" not in properties:
                properties["shrink"] = True
            cell_format = self.book.format(**properties)
            if value is None or value != value:
                value = ""
            if span > 1:
                # merge_range writes blanks only after the first cell: the text goes in by its type.
                self.sheet.merge_range(self.row, column, self.row, column + span - 1, "", cell_format)
            if isinstance(value, str):
                self.sheet.write_string(self.row, column, value, cell_format)
            else:
                self.sheet.write_number(self.row, column, value, cell_format)
            column += span
        self.row += 1

    def write_boards(self) -> int:
        """Write a row per board and return the first one's number."""
        self.section(_("Boards of the month"))
        titles = [
            _("Board"), _("Metric"), _("Work item"), _("Status"), _("Units"),
            _("Red", context=ENTRY), _("Not listed"),
            _("Black", context=ENTRY), _("Sample too small"),
            _("Strike Limit Reached"), _("Successes k"), _("Cases n"), _("Overall rate"),
        ]  # fmt: skip
        self.header([(title, 1) for title in titles], style.HEADER)
        first = self.row
        centre = {"align": "center", "text_wrap": True}
        for head in self.month.lists.itertuples(index=False):
            formats = dict.fromkeys(range(1, 10), centre)
            formats[0] = {"bold": True, "text_wrap": True}
            formats[5] = {**centre, "font_color": style.RED, "bold": True}
            formats[7] = {**centre, "bold": True}
            formats[9] = {**centre, "font_color": style.RED, "bold": True}
            formats[10] = formats[11] = {"num_format": "#,##0"}
            formats[12] = {"num_format": "0.0%", "bold": True}
            status = f"{_(head.status, context=LIST)} v{head.version}"
            item = head.item if head.item_type == "Key Work Item" else "–"
            cells = [
                head.board, _(head.metric), item, status, head.units, head.red, head.between, head.black,
                head.small, head.third, head.k, head.n, head.rate,
            ]  # fmt: skip
            self.sheet.set_row(self.row, 30)
            self.line([(cell, 1) for cell in cells], style.BODY, formats)
        return first

    def write_black(self) -> None:
        frame = self.month.entries[self.month.entries["colour"] == "Black"].copy()
        frame["third"] = frame["third_strike"] > 0
        frame = frame.sort_values(["third", "strikes", "high"], ascending=[False, False, True], kind="stable")
        self.section(_("On the black list: {0}").format(len(frame)))
        self.header(
            [
                (_("Unit"), 1), (_("Track"), 1), (_("Board"), 2), ("k / n", 1), (_("Rate"), 1),
                (_("95 % to"), 1), (_("Strikes This Year"), 1), (_("Principals of the Strikes"), 3),
                (_("Remark"), 2),
            ],
            style.BLACK_HEADER,
        )  # fmt: skip
        mark = limit_reached()
        remark_look = {"font_color": style.RED, "bold": True, "align": "center"}
        for entry in frame.head(MOST_LISTED).itertuples(index=False):
            look = {**style.BODY, "bg_color": style.AMBER} if entry.third else style.BODY
            remark = mark if entry.third else ""
            self.line(
                [
                    (entry.unit_name or entry.unit, 1), (entry.track, 1), (entry.board, 2),
                    (f"{entry.k} / {entry.n}", 1), (entry.rate, 1), (entry.high, 1), (entry.strikes, 1),
                    (entry.strike_principals, 3), (remark, 2),
                ],
                look,
                {**_figures(), 6: {"align": "center", "bold": True}, 8: remark_look},
            )  # fmt: skip
        self.rest(frame, _("Black List"))

    def write_red(self) -> None:
        frame = self.month.entries[self.month.entries["colour"] == "Red"]
        frame = frame.sort_values(["board", "track", "low"], ascending=[True, True, False], kind="stable")
        self.section(_("On the red list: {0}").format(len(frame)))
        self.header(
            [
                (_("Unit"), 1), (_("Track"), 1), (_("Board"), 2), ("k / n", 1), (_("Rate"), 1),
                (_("95 % from"), 1), (_("Reason", context=ENTRY), 6),
            ],
            style.RED_HEADER,
        )  # fmt: skip
        for entry in frame.head(MOST_LISTED).itertuples(index=False):
            self.sheet.set_row(self.row, 30)
            self.line(
                [
                    (entry.unit_name or entry.unit, 1), (entry.track, 1), (entry.board, 2),
                    (f"{entry.k} / {entry.n}", 1), (entry.rate, 1), (entry.low, 1), (entry.reason, 6),
                ],
                style.BODY,
                {**_figures(), 6: {"text_wrap": True, "font_size": 9}},
            )  # fmt: skip
        self.rest(frame, _("Red List"))

    def rest(self, frame: pd.DataFrame, sheet_name: str) -> None:
        look = style.SUBTITLE
        if frame.empty:
            self.line([(_("No entries this month."), 1)], look)
        elif len(frame) > MOST_LISTED:
            text = _("… and {0} more: see the sheet {1}.").format(len(frame) - MOST_LISTED, sheet_name)
            self.line([(text, 1)], look)

    def write_trend(self) -> int:
        """Write a row per board with a column per month of the year; return the header's row."""
        trend, year = self.month.trend, self.month.period.year
        self.section(_("The year so far: rate of all units together"))
        months = [f"{year}-{number:02}" for number in range(1, 13)]
        top = self.row
        self.header([(_("Board"), 1), *((month, 1) for month in months)], style.HEADER)
        for board in trend.columns:
            rates = [trend[board].get(month) for month in months]
            formats = {index: {"num_format": "0.0%"} for index in range(1, LAST + 1)}
            self.line([(board, 1), *((rate, 1) for rate in rates)], style.BODY, formats | {0: {"bold": True}})
        return top

    def add_charts(self, first_board: int, trend_top: int) -> None:
        self.row += 1
        boards = min(len(self.month.trend.columns), MOST_IN_CHART)
        line = self.book.workbook.add_chart({"type": "line"})
        for index in range(boards):
            row = trend_top + 1 + index
            line.add_series(
                {
                    "name": [self.name, row, 0],
                    "categories": [self.name, trend_top, 1, trend_top, self.month.period.month],
                    "values": [self.name, row, 1, row, self.month.period.month],
                    "marker": {"type": "circle", "size": 5},
                    "line": {"width": 2.25},
                }
            )
        line.set_title(self.text(_("The year so far"), 12))
        line.set_y_axis({"num_format": "0%", "max": 1, "num_font": {"name": self.book.font}, **_GRID})
        line.set_x_axis({"num_font": {"name": self.book.font}})
        self.place(line, 0)
        bar = self.book.workbook.add_chart({"type": "bar", "subtype": "percent_stacked"})
        last = first_board + min(len(self.month.lists), MOST_IN_CHART) - 1
        for column, colour in ((5, style.RED), (6, "#A9BEDD"), (7, style.BLACK), (8, "#D9D9D9")):
            bar.add_series(
                {
                    "name": [self.name, first_board - 1, column],
                    "categories": [self.name, first_board, 0, last, 0],
                    "values": [self.name, first_board, column, last, column],
                    "fill": {"color": colour},
                    "gap": 60,
                }
            )
        bar.set_title(self.text(_("Where the units stand"), 12))
        bar.set_x_axis({"num_format": "0%", "num_font": {"name": self.book.font}, **_GRID})
        bar.set_y_axis({"reverse": True, "num_font": {"name": self.book.font}})
        self.place(bar, 6)
        self.row += CHART_ROWS

    def place(self, chart, column: int) -> None:
        chart.set_legend({"position": "bottom", "font": {"name": self.book.font}})
        chart.set_chartarea({"border": {"color": style.LINE}})
        chart.set_size({"width": 545, "height": (CHART_ROWS - 1) * ROW_HEIGHT * 4 // 3})
        self.sheet.insert_chart(self.row, column, chart, {"x_offset": 4, "y_offset": 4})

    def text(self, title: str, size: float) -> dict:
        return {"name": title, "name_font": {"name": self.book.font, "size": size, "color": style.BLUE}}


_GRID = {"major_gridlines": {"visible": True, "line": {"color": style.LINE, "width": 0.5}}}


def _figures() -> dict[int, dict]:
    return {
        0: {"bold": True},
        3: {"align": "center"},
        4: {"num_format": "0.0%", "bold": True},
        5: {"num_format": "0.0%"},
    }
