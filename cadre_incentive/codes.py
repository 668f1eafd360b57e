"""Codes of units and cadres: written in one way, immutable, told apart on every database alike."""

import unicodedata

# zero-width and other format characters, control characters: nobody sees them, databases differ over them
UNSEEN = frozenset({"Cc", "Cf"})


def normalise(code: str | None) -> str:
    """`code` in one way of writing.

    NFKC (full-width forms become plain), trimmed, inner spaces single, nothing unseen.
    """
    text = " ".join(unicodedata.normalize("NFKC", code or "").split())
    seen = "".join(char for char in text if unicodedata.category(char) not in UNSEEN)
    # a character taken out may bring together what composes, or two spaces
    return seen if seen == text else normalise(seen)


def key(code: str | None) -> str:
    """What two codes have in common that differ only by case, width or spaces.

    MariaDB would take such codes for one and the same, SQLite for two: the app refuses the second
    on both.
    """
    text = normalise(code)
    while (folded := normalise(text.casefold())) != text:
        text = folded
    return text
