"""Events to browsers. None is connected here: progress is kept for whoever asks, the rest goes to nobody.

The last progress of each room lies in a file of the site, because the job that makes it holds a transaction
and often runs in another process than the server that is asked.
"""

import hashlib
import json
import os
import time
from contextlib import suppress

import frappe

KEPT_SECONDS = 3600
_FOLDER = "progress"
_KEPT_EVENTS = ("progress", "task_progress")


def publish_progress(percent, title=None, doctype=None, docname=None, description=None, task_id=None) -> None:
    """Show how far a job is (0–100): to who watches the document, else to the user, or by the task's id."""
    publish_realtime(
        "progress",
        {"percent": percent, "title": title, "description": description},
        user=None if doctype and docname else frappe.session.user,
        doctype=doctype,
        docname=docname,
        task_id=task_id,
    )


def publish_realtime(
    event=None,
    message=None,
    room=None,
    user=None,
    doctype=None,
    docname=None,
    task_id=None,
    after_commit=False,
) -> None:
    """Send an event to a task's room, else a user's, a document's or everybody's. Only progress is kept."""
    task_id = task_id or frappe.local.get("task_id")
    event = event or ("task_progress" if task_id else "global")
    if event not in _KEPT_EVENTS:
        return
    kept = {
        "event": event,
        "message": {**(message or {}), **({"task_id": task_id} if task_id else {})},
        "user": frappe.session.user,
    }
    room = room or _room(task_id, user, doctype, docname)
    if after_commit and not task_id and frappe.local.get("db"):
        frappe.db.after_commit.add(lambda: _keep(room, kept))
    else:
        _keep(room, kept)


def _room(task_id=None, user=None, doctype=None, docname=None) -> str:
    if task_id:
        return get_task_progress_room(task_id)
    if user:
        return get_user_room(user)
    return get_doc_room(doctype, docname) if doctype and docname else get_site_room()


def _path(room: str) -> str:
    name = hashlib.sha256(room.encode()).hexdigest()[:40]
    return frappe.get_site_path(_FOLDER, f"{name}.json")


def _keep(room: str, kept: dict) -> None:
    path = _path(room)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    interim = f"{path}.{frappe.generate_hash(length=8)}"
    with open(interim, "w", encoding="utf-8") as handle:
        handle.write(frappe.as_json(kept, indent=None))
    os.replace(interim, path)


@frappe.whitelist()
def get_progress(task_id: str | None = None, doctype: str | None = None, docname: str | None = None):
    """The last progress of a task, a document, or one's own jobs: `{"percent", "title", "description"}`.

    None if there is none, or none for an hour. A document's wants the right to read it; a task's is told to
    the user who started it, and to System Managers.
    """
    if task_id:
        room = get_task_progress_room(task_id)
    elif doctype and docname:
        frappe.has_permission(doctype, "read", doc=docname, throw=True)
        room = get_doc_room(doctype, docname)
    else:
        room = get_user_room(frappe.session.user)
    path = _path(room)
    try:
        if time.time() - os.stat(path).st_mtime > KEPT_SECONDS:
            return None
        with open(path, encoding="utf-8") as handle:
            kept = json.load(handle)
    except FileNotFoundError:
        return None
    if task_id and kept["user"] != frappe.session.user:
        frappe.only_for("System Manager")
    return kept["message"]


def forget_old_progress() -> None:
    """Remove what nobody can ask for any more."""
    folder = frappe.get_site_path(_FOLDER)
    for name in os.listdir(folder) if os.path.isdir(folder) else ():
        path = os.path.join(folder, name)
        with suppress(FileNotFoundError):
            if time.time() - os.stat(path).st_mtime > KEPT_SECONDS:
                os.remove(path)


# --- rooms, under Frappe's names


def get_doctype_room(doctype: str) -> str:
    return f"doctype:{doctype}"


def get_doc_room(doctype: str, docname) -> str:
    return f"doc:{doctype}/{docname}"


def get_user_room(user: str) -> str:
    return f"user:{user}"


def get_site_room() -> str:
    return "all"


def get_task_progress_room(task_id: str) -> str:
    return f"task_progress:{task_id}"


def get_website_room() -> str:
    return "website"
