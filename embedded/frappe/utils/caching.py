"""Decorators that remember what a function answered: in this request, in this process, in `frappe.cache`."""

import json
import time
from collections import defaultdict
from collections.abc import Callable
from functools import wraps

import frappe

_SITE_CACHE: dict = defaultdict(lambda: defaultdict(dict))


def _call_key(args: tuple, kwargs: dict) -> int:
    return hash((args, frozenset(kwargs.items()))) if kwargs else hash(args)


def reset_request_cache() -> None:
    """Forget what `request_cache` remembered."""
    frappe.local.__dict__.pop("request_cache", None)


def clear_site_cache() -> None:
    """Forget what `site_cache` remembered, of all sites."""
    _SITE_CACHE.clear()


def request_cache(func: Callable) -> Callable:
    """Call the function once per request and set of arguments (unhashable arguments: every time)."""

    @wraps(func)
    def wrapper(*args, **kwargs):
        local = frappe.local.__dict__
        if not local.get("initialised"):
            return func(*args, **kwargs)
        try:
            key = _call_key(args, kwargs)
        except TypeError:
            return func(*args, **kwargs)
        remembered = local.setdefault("request_cache", {}).setdefault(func, {})
        if key not in remembered:
            remembered[key] = func(*args, **kwargs)
        return remembered[key]

    return wrapper


def site_cache(ttl=None, maxsize: int | None = None) -> Callable:
    """Remember per site in this process; `ttl` in seconds for the whole function, `maxsize` calls per site.

    Arguments must be writable as JSON. `function.clear_cache()` forgets, for all sites.
    """

    def decorate(func):
        func_key = f"{func.__module__}.{func.__name__}"
        seconds = ttl if ttl is not None and not callable(ttl) else None
        expires = [time.monotonic() + seconds] if seconds is not None else None

        def clear_cache():
            _SITE_CACHE[func_key].clear()

        @wraps(func)
        def wrapper(*args, **kwargs):
            if not frappe.local.get("initialised"):
                return func(*args, **kwargs)
            if expires and time.monotonic() >= expires[0]:
                clear_cache()
                expires[0] = time.monotonic() + seconds
            key = json.dumps((args, kwargs))
            remembered = _SITE_CACHE[func_key][frappe.local.site_path]
            if key not in remembered:
                if maxsize is not None and len(remembered) >= maxsize:
                    remembered.pop(next(iter(remembered)), None)
                remembered[key] = func(*args, **kwargs)
            return remembered[key]

        func.clear_cache = clear_cache
        wrapper.clear_cache = clear_cache
        return wrapper

    return decorate(ttl) if callable(ttl) else decorate


def redis_cache(ttl=3600, user: str | bool | None = None, shared: bool = False) -> Callable:
    """Remember in `frappe.cache` for `ttl` seconds; `user=True` per user, `shared=True` across sites."""

    def decorate(func):
        func_key = f"{func.__module__}.{func.__qualname__}"
        seconds = 3600 if callable(ttl) else ttl

        def clear_cache():
            frappe.cache.delete_keys(func_key)

        @wraps(func)
        def wrapper(*args, **kwargs):
            key = f"{func_key}::{_call_key(args, kwargs)}"
            if frappe.cache.exists(key, user=user, shared=shared):
                return frappe.cache.get_value(key, user=user, shared=shared, expires=True)
            value = func(*args, **kwargs)
            frappe.cache.set_value(key, value, expires_in_sec=seconds, user=user, shared=shared)
            return value

        func.clear_cache = clear_cache
        wrapper.clear_cache = clear_cache
        return wrapper

    return decorate(ttl) if callable(ttl) else decorate
