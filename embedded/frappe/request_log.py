"""One JSON line per request in the site's `logs/frappe.web.log`. Query strings and bodies are not written."""

import contextlib
import json
import os
import threading
from datetime import datetime, timezone

import frappe

MAX_BYTES = 10_000_000
KEPT_FILES = 5

_lock = threading.Lock()
_handles: dict = {}


def write(request, response, seconds: float) -> None:
    """Log a request: time (UTC), id, user, address, method, path, status, milliseconds."""
    entry = {
        "time": datetime.now(timezone.utc).isoformat(timespec="milliseconds"),
        "request_id": request.id,
        "user": (frappe.local.get("session") or {}).get("user"),
        "remote_addr": request.remote_addr,
        "method": request.method,
        "path": request.path,
        "status": response.status_code,
        "ms": round(seconds * 1000, 1),
    }
    path = os.path.join(os.path.abspath(frappe.local.site_path), "logs", "frappe.web.log")
    with _lock, contextlib.suppress(OSError):  # a full disk must not take the service down with the log
        handle = _handles.get(path)
        if handle is None:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            handle = _handles[path] = open(path, "a", encoding="utf-8", buffering=1)  # noqa: SIM115
        handle.write(json.dumps(entry) + "\n")
        if handle.tell() > MAX_BYTES:
            _handles.pop(path).close()
            _rotate(path)


def _rotate(path: str) -> None:
    for number in range(KEPT_FILES - 1, 0, -1):
        with contextlib.suppress(FileNotFoundError):
            os.replace(f"{path}.{number}", f"{path}.{number + 1}")
    os.replace(path, f"{path}.1")
