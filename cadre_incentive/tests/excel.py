"""Workbooks as tests read them."""

import warnings

import openpyxl

# What openpyxl does not carry over when it reads; nothing that is wrong with the file.
NOT_READ = "(Unknown|Conditional Formatting) extension"


def load_workbook(file, **options):
    """Read a workbook; a warning of anything but what openpyxl leaves out is an error."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        warnings.filterwarnings("ignore", NOT_READ, UserWarning)
        return openpyxl.load_workbook(file, **options)
