"""Loggers that write to files of the bench and of the site."""

import logging
import os
from logging.handlers import RotatingFileHandler

import frappe


def get_logger(
    module=None,
    with_more_info=False,
    allow_site=True,
    filter=None,
    max_size=100_000,
    file_count=20,
    stream_only=False,
) -> logging.Logger:
    """The logger `<module>-<site>`; files `<bench>/logs/<module>.log` and `<site>/logs/<module>.log`."""
    site = frappe.local.get("site") if allow_site is True else allow_site
    name = f"{module}-{site or 'all'}"
    if name in frappe.loggers:
        return frappe.loggers[name]

    module = module or "frappe"
    logger = logging.getLogger(name)
    logger.setLevel(frappe.log_level or logging.ERROR)
    logger.propagate = False
    formatter = logging.Formatter(f"%(asctime)s %(levelname)s {module} %(message)s")

    handlers: list[logging.Handler] = []
    if stream_only:
        handlers.append(logging.StreamHandler())
    else:
        from frappe.utils import get_bench_path

        folders = [os.path.join(get_bench_path(), "logs")]
        if site:
            folders.append(frappe.get_site_path("logs"))
        for folder in folders:
            os.makedirs(folder, exist_ok=True)
            path = os.path.join(folder, f"{module}.log")
            handlers.append(
                RotatingFileHandler(
                    path, maxBytes=max_size, backupCount=file_count, encoding="utf-8", delay=True
                )
            )
    for handler in handlers:
        handler.setFormatter(formatter)
        logger.addHandler(handler)
    if filter:
        logger.addFilter(filter)
    frappe.loggers[name] = logger
    return logger


def set_log_level(level) -> None:
    frappe.log_level = getattr(logging, (level or "").upper(), None) or logging.ERROR
    frappe.loggers.clear()
