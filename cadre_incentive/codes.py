"""Codes of units and cadres: written in one way, immutable, told apart on every database alike."""

import unicodedata


def normalise(code: str | None) -> str:
    """`code` in one way of writing: NFKC (full-width forms become plain), trimmed, inner spaces single."""
    return " ".join(unicodedata.normalize("NFKC", code or "").split())


def key(code: str | None) -> str:
    """What two codes have in common that differ only by case, width or spaces.

    MariaDB would take such codes for one and the same, SQLite for two: the app refuses the second
    on both.
    """
    return normalise(normalise(code).casefold())
