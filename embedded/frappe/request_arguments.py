"""What a client's arguments must be whatever method is called: a name is a text, not a list or a dict."""

import frappe

_DOCTYPES = frozenset(
    (
        "doctype",
        "dt",
        "document_type",
        "link_doctype",
        "parent_doctype",
        "parenttype",
        "ref_doctype",
        "reference_doctype",
    )
)
_NAMES = frozenset(
    ("dn", "docname", "name", "new_name", "old_name", "ref_docname", "reference_name", "report_name")
)


def check_names(arguments: dict) -> None:
    """Raise FrappeTypeError for a DocType that is no text, and a name that is no text or number."""
    for key, value in arguments.items():
        if value is None or isinstance(value, str):
            continue
        if key in _DOCTYPES or (key in _NAMES and not isinstance(value, int)):
            frappe.throw(
                frappe._("Argument {0} must be a text").format(key), frappe.exceptions.FrappeTypeError
            )


def as_dict(value) -> dict:
    """A dict that a client sent as such or as JSON. Raises ValidationError for all else."""
    return _of_kind(value, dict)


def as_list(value) -> list:
    """A list that a client sent as such or as JSON. Raises ValidationError for all else."""
    return _of_kind(value, list)


def as_dicts(value) -> list[dict]:
    """A list of dicts that a client sent as such or as JSON. Raises ValidationError for all else."""
    return [_of_kind(each, dict) for each in as_list(value)]


def _of_kind(value, kind: type):
    try:
        value = frappe.parse_json(value)
    except ValueError:
        value = None
    if not isinstance(value, kind):
        frappe.throw(frappe._("Invalid request arguments"))
    return value
