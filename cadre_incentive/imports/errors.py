"""What an import says when it takes nothing of a file."""

from typing import NoReturn

import frappe


class ImportRefused(frappe.ValidationError):
    """The file or its map cannot be used: nothing was imported."""


def refuse(message: str) -> NoReturn:
    """Raise ImportRefused with a sentence in the user's language."""
    frappe.throw(message, ImportRefused)


class BadCell(Exception):
    """One cell makes its row unusable: the file's header, and a sentence in the user's language."""

    def __init__(self, column: str, reason: str):
        super().__init__(column, reason)
        self.column = column
        self.reason = reason
