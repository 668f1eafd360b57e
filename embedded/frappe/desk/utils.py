"""Files that desk calls answer with, and the addresses of desk pages."""

import csv
import io

import frappe
from frappe import _
from frappe.utils import cint, cstr


def validate_route_conflict(doctype: str, name: str) -> None:
    """Raise NameError if a Workspace or DocType of another kind has the same address in the desk."""
    if frappe.flags.in_migrate:
        return
    for other in ("Workspace", "DocType"):
        names = frappe.get_all(other, pluck="name")
        if any(slug(found) == slug(name) for found in names if other != doctype and found != name):
            frappe.throw(_("Name already taken, please set a new name"), frappe.NameError)


def slug(name: str) -> str:
    """A name as it stands in an address."""
    return name.lower().replace(" ", "-")


def pop_csv_params(form_dict: dict) -> dict:
    """Delimiter and quoting that the client wishes, taken out of the form. Raises ValidationError."""
    quoting = cint(form_dict.pop("csv_quoting", csv.QUOTE_NONNUMERIC))
    if quoting not in (csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC):
        frappe.throw(_("Unknown quoting {0}").format(quoting))
    delimiter = cstr(form_dict.pop("csv_delimiter", None) or ",")[0]
    if delimiter in '"\r\n':
        frappe.throw(_("Unknown delimiter {0}").format(delimiter))
    return {"delimiter": delimiter, "quoting": quoting}


def get_csv_bytes(data: list[list], csv_params: dict) -> bytes:
    """Rows as CSV in UTF-8."""
    out = io.StringIO()
    csv.writer(out, **csv_params).writerows(data)
    return out.getvalue().encode("utf-8")


def provide_binary_file(filename: str, extension: str, content: bytes) -> None:
    """Answer with a file."""
    frappe.response["type"] = "binary"
    frappe.response["filecontent"] = content
    frappe.response["filename"] = f"{_(filename)}.{extension}"
