"""Messages to the user, errors thrown at them, and what is logged."""

import functools

import frappe
from frappe.exceptions import ValidationError
from frappe.types.frappedict import _dict


@functools.lru_cache(maxsize=1024)
def _strip_html_tags(message):
    from frappe.utils import strip_html_tags

    return strip_html_tags(message)


def msgprint(
    msg,
    title: str | None = None,
    raise_exception: bool | type[Exception] = False,
    as_table: bool = False,
    as_list: bool = False,
    indicator: str | None = None,
    alert: bool = False,
    primary_action=None,
    is_minimizable: bool = False,
    wide: bool = False,
    *,
    realtime: bool = False,
) -> None:
    """Append a message to `frappe.message_log`; raise `raise_exception` with its text if given.

    `raise_exception=True` raises ValidationError. With `flags.mute_messages` nothing is logged.
    """
    if isinstance(msg, bytes):
        msg = msg.decode("utf-8")
    out = _dict(message=msg)

    def finish():
        if raise_exception:
            is_type = isinstance(raise_exception, type) and issubclass(raise_exception, Exception)
            error = (raise_exception if is_type else ValidationError)(msg)
            if out.__frappe_exc_id:
                error.__frappe_exc_id = out.__frappe_exc_id
            raise error

    if frappe.local.flags.mute_messages:
        finish()
        return
    if realtime:
        raise NotImplementedError("frappe.msgprint(realtime=True)")

    if as_table and type(msg) in (list, tuple):
        out.as_table = 1
    if as_list and type(msg) in (list, tuple):
        out.as_list = 1
    if frappe.local.flags.print_messages and msg:
        print(f"Message: {_strip_html_tags(str(msg))}")

    out.title = title or frappe._("Message", context="Default title of the message dialog")
    if not indicator and raise_exception:
        indicator = "red"
    if indicator:
        out.indicator = indicator
    if is_minimizable:
        out.is_minimizable = is_minimizable
    if alert:
        out.alert = 1
    if raise_exception:
        out.raise_exception = 1
        out.__frappe_exc_id = frappe.generate_hash()
    if primary_action:
        out.primary_action = primary_action
    if wide:
        out.wide = wide

    frappe.local.message_log.append(out)
    finish()


def throw(
    msg,
    exc: type[Exception] = ValidationError,
    title: str | None = None,
    is_minimizable: bool = False,
    wide: bool = False,
    as_list: bool = False,
    primary_action=None,
) -> None:
    """Log a message for the user and raise `exc` with its text."""
    frappe.msgprint(
        msg,
        raise_exception=exc,
        title=title,
        indicator="red",
        is_minimizable=is_minimizable,
        wide=wide,
        as_list=as_list,
        primary_action=primary_action,
    )


def clear_messages() -> None:
    frappe.local.message_log = []


def get_message_log() -> list[dict]:
    return list(frappe.local.message_log)


def clear_last_message() -> None:
    if frappe.local.message_log:
        frappe.local.message_log = frappe.local.message_log[:-1]


def errprint(msg) -> None:
    """Add to the errors of this request, and print where there is no request."""
    text = frappe.as_unicode(msg)
    if not frappe.local.get("request"):
        print(text)
    frappe.local.error_log.append({"exc": text})


def log(msg) -> None:
    """Add to the debug log of this request, and print where there is no request."""
    if not frappe.local.get("request"):
        print(repr(msg))
    frappe.local.debug_log.append(frappe.as_unicode(msg))


def bold(text) -> str:
    return f"<strong>{text}</strong>"


def get_traceback(with_context: bool = False) -> str:
    """The traceback of the exception being handled; empty if there is none."""
    from frappe.utils import get_traceback

    return get_traceback(with_context=with_context)


def log_error(title=None, message=None, reference_doctype=None, reference_name=None, *, defer_insert=False):
    """Write an Error Log with the present traceback (or `message`); returns it."""
    from frappe.utils.error import log_error

    return log_error(title, message, reference_doctype, reference_name, defer_insert=defer_insert)


def logger(module=None, with_more_info=False, allow_site=True, filter=None, max_size=100_000, file_count=20):
    """A logger that writes to `logs/<module>.log` of the bench and of the site."""
    from frappe.utils.logger import get_logger

    return get_logger(module, with_more_info, allow_site, filter, max_size, file_count)
