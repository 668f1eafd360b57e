"""What Frappe has against a name, asked before anything of that name is made."""

import frappe
from frappe.model.naming import validate_name


def objection(doctype: str, name: str) -> str | None:
    """Return why no document of this type can have this name, or None where one can."""
    try:
        validate_name(doctype, name)
    # Frappe's NameError is no ValidationError.
    except (frappe.NameError, frappe.ValidationError) as error:
        frappe.clear_last_message()
        return str(error)
    return None
