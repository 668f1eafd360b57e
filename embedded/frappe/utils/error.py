"""Error Log."""

import frappe


def log_error(title=None, message=None, reference_doctype=None, reference_name=None, *, defer_insert=False):
    """Insert an Error Log; the text with line breaks is the traceback, whichever argument it came in.

    Without a message the traceback of the exception being handled is kept.
    Without a database the title is printed.
    """
    traceback = message
    if message and title and "\n" in title:
        traceback, title = title, message
    title = title or "Error"
    traceback = frappe.as_unicode(traceback or frappe.get_traceback(with_context=True))
    if not frappe.db:
        print(f"Failed to log error in db: {title}")
        return None
    return frappe.get_doc(
        doctype="Error Log",
        error=traceback,
        method=title,
        reference_doctype=reference_doctype,
        reference_name=reference_name,
    ).insert(ignore_permissions=True)


def log_error_snapshot(exception: Exception) -> None:
    """Log an exception that reached the top, unless it only says who may not come in."""
    quiet = (
        frappe.AuthenticationError,
        frappe.CSRFTokenError,
        frappe.SecurityException,
        frappe.InReadOnlyMode,
    )
    if isinstance(exception, quiet):
        return
    log_error(title=str(exception))
