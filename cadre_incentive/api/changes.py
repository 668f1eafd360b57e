"""What has changed since a moment: a feed by which another system keeps its copy of a DocType up to date."""

import json
from typing import NamedTuple

import frappe
from frappe import _
from frappe.utils import get_datetime

MOST = 1000
_SEPARATOR = "|"
_SAVED, _DELETED = "saved", "deleted"


class Event(NamedTuple):
    """Something that happened to a document. Events are in the order of their moments; within one moment
    those
    of saving come first, each kind in the database's order of `key`."""

    at: str
    kind: str
    key: str
    name: str
    is_visible: bool = True


class Position(NamedTuple):
    """Up to where a reader has come. Without a key everything of the moment has been seen."""

    at: str | None = None
    kind: str = _DELETED
    key: str | None = None


@frappe.whitelist()
def since(doctype: str, after: str | None = None, limit: int = 100) -> dict:
    """{"changes": [{"name", "at", "deleted"}], "next", "more"}: documents saved or deleted since, oldest
    first.

    `after` is a moment ("YYYY-MM-DD HH:MM:SS", the site's time) or the `next` of the answer before;
    without it
    the feed begins at the beginning. `next` stays what it was when nothing has happened. `more` tells
    that the
    next call finds something at once; a page may be shorter than `limit` (1 to 1000), even empty, with
    more to
    come.

    Only documents that the user may read now, and deleted ones that he could have read, are named. One
    that he
    may no longer read, though it is there, is not reported. Raises frappe.PermissionError, and
    frappe.ValidationError for a DocType without a list, a bad moment or a bad limit.
    """
    frappe.has_permission(doctype, "read", throw=True)
    meta = frappe.get_meta(doctype)
    if meta.istable or meta.issingle:
        frappe.throw(_("{0} has no list of its own").format(_(doctype)))
    if not 1 <= limit <= MOST:
        frappe.throw(_("The limit lies between 1 and {0}").format(MOST))
    position = _position(after)
    events = _saved(doctype, position, limit) + _deleted(doctype, position, limit)
    # The sort is stable: what the database has put in order within a moment stays so.
    events.sort(key=lambda event: (event.at, event.kind != _SAVED))
    page = events[:limit]
    return {
        "changes": [
            {"name": event.name, "at": event.at, "deleted": int(event.kind == _DELETED)}
            for event in page
            if event.is_visible
        ],
        "next": _SEPARATOR.join(page[-1][:3]) if page else after,
        "more": len(events) > limit,
    }


def _position(after: str | None) -> Position:
    if not after:
        return Position()
    moment, _separator, rest = after.partition(_SEPARATOR)
    kind, _separator, key = rest.partition(_SEPARATOR)
    try:
        parsed = get_datetime(moment)
    except Exception:
        parsed = None
    if not parsed or kind not in ("", _SAVED, _DELETED):
        frappe.throw(_("{0} is not a moment").format(frappe.bold(frappe.utils.escape_html(after))))
    return Position(_text(parsed), kind, key) if key else Position(_text(parsed))


def _text(moment) -> str:
    """Moments as texts that sort in their order."""
    return get_datetime(moment).strftime("%Y-%m-%d %H:%M:%S.%f")


def _pages(position: Position, kind: str, field: str) -> list[list]:
    """Filters of what lies behind a position: the rest of its moment, then what is later."""
    if not position.at:
        return [[]]
    later = [[field, ">", position.at]]
    if position.kind == kind and position.key:
        return [[[field, "=", position.at], ["name", ">", position.key]], later]
    if position.kind == _SAVED and kind == _DELETED:
        return [[[field, ">=", position.at]]]
    return [later]


def _saved(doctype: str, position: Position, limit: int) -> list[Event]:
    """One more than asked for, so that it shows whether there is more."""
    rows = []
    for filters in _pages(position, _SAVED, "modified"):
        rows += frappe.get_list(
            doctype,
            filters=filters,
            fields=["name", "modified"],
            order_by="modified asc, name asc",
            limit_page_length=limit + 1,
        )
    return [Event(_text(row.modified), _SAVED, str(row.name), str(row.name)) for row in rows[: limit + 1]]


def _deleted(doctype: str, position: Position, limit: int) -> list[Event]:
    """The same of deletions. Their keys are those of the Deleted Documents, which tell a reader nothing."""
    rows = []
    for filters in _pages(position, _DELETED, "creation"):
        rows += frappe.get_all(
            "Deleted Document",
            filters=[["deleted_doctype", "=", doctype], *filters],
            fields=["name", "deleted_name", "creation", "data"],
            order_by="creation asc, name asc",
            limit_page_length=limit + 1,
        )
    return [
        Event(_text(row.creation), _DELETED, row.name, row.deleted_name, _was_readable(row.data))
        for row in rows[: limit + 1]
    ]


def _was_readable(data: str | None) -> bool:
    """Whether the user could read the document as it was when it was deleted."""
    try:
        doc = frappe.get_doc(json.loads(data))
    except (TypeError, ValueError):
        return False
    return bool(frappe.has_permission(doc.doctype, "read", doc=doc))
