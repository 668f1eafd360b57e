"""One JSON line per request in the site's `logs/frappe.web.log`. Query strings and bodies are not written."""

import json
import logging
import os
from functools import lru_cache
from logging.handlers import RotatingFileHandler

import frappe

MAX_BYTES = 10_000_000
FILES = 5


@lru_cache(maxsize=32)
def _logger(site_path: str) -> logging.Logger:
    folder = os.path.join(site_path, "logs")
    os.makedirs(folder, exist_ok=True)
    logger = logging.Logger(f"frappe.web-{site_path}", logging.INFO)
    handler = RotatingFileHandler(
        os.path.join(folder, "frappe.web.log"), maxBytes=MAX_BYTES, backupCount=FILES, encoding="utf-8"
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    logger.addHandler(handler)
    return logger


def write(request, response, seconds: float) -> None:
    """Log a request: id, user, address, method, path, status, milliseconds."""
    entry = {
        "request_id": request.id,
        "user": (frappe.local.get("session") or {}).get("user"),
        "remote_addr": request.remote_addr,
        "method": request.method,
        "path": request.path,
        "status": response.status_code,
        "ms": round(seconds * 1000, 1),
    }
    _logger(os.path.abspath(frappe.local.site_path)).info(json.dumps(entry, ensure_ascii=False))
