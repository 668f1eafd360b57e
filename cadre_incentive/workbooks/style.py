"""Colours, fonts and the few looks that the leaders' workbook uses."""

# A font's name cannot carry a fallback in XLSX; where this one is missing, every spreadsheet takes the
# system's own Chinese face.
FONTS = {"zh": "微软雅黑"}
LATIN = "Calibri"

RED = "#B42318"
PALE_RED = "#FDECEA"
BLACK = "#262626"
PALE_BLACK = "#E7E7E7"
BLUE = "#1F3864"
PALE_BLUE = "#EEF2F8"
GREY = "#7F7F7F"
AMBER = "#FFF4D6"
LINE = "#D0D4DA"

TITLE = {"bold": True, "font_size": 20, "font_color": BLUE}
SUBTITLE = {"font_color": GREY}
SECTION = {"bold": True, "font_size": 13, "font_color": BLUE, "bottom": 2, "bottom_color": BLUE}
BODY = {"border": 1, "border_color": LINE}
HEADER = {"font_color": "#FFFFFF", "bg_color": BLUE, "border": 1, "border_color": LINE}
RED_HEADER = {**HEADER, "bg_color": RED}
BLACK_HEADER = {**HEADER, "bg_color": BLACK}


def font_of(language: str) -> str:
    """Return the font's name for a language code."""
    return FONTS.get((language or "").split("-")[0], LATIN)
