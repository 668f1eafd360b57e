"""The time limit of a problem category: its own, or that of its nearest ancestor, or the settings' default.

The whole tree is read in one query and kept in the site's cache, because every ticket asks. Whatever
changes the tree calls `forget()`.
"""

import frappe

CACHE_KEY = "cadre_incentive:category_limits"
CALENDAR_DAYS = "Calendar Days"
# Ten years: a longer limit is a slip of the keyboard, and would leave the calendar.
LONGEST_LIMIT = 3660


def limit_of(category: str) -> tuple[int, str]:
    """Return (length in days, "Calendar Days" or "Working Days") of a category; policy A3, time-limit list.

    A category that does not exist (yet) has the settings' default: whether it exists is the link check's
    business.
    """
    return limits().get(category) or default_limit()


def limits() -> dict[str, tuple[int, str]]:
    """Return every category that has a limit, its own or an inherited one."""
    return frappe.cache.get_value(CACHE_KEY, generator=_read)


def default_limit() -> tuple[int, str]:
    """Return the limit of the settings for categories that have none on the way to the root."""
    settings = frappe.get_cached_doc("Cadre Incentive Settings")
    return int(settings.default_time_limit or 0), settings.default_time_limit_unit or CALENDAR_DAYS


def forget() -> None:
    """Drop the cached limits now, and again when the transaction ends.

    Now, so that this transaction sees its own change; at its end, because another process may meanwhile
    have cached what stood before the commit, and because after a rollback this process's own reading is
    void.
    """
    _drop()
    frappe.db.after_commit.add(_drop)
    frappe.db.after_rollback.add(_drop)


def _drop() -> None:
    frappe.cache.delete_value(CACHE_KEY)


def _read() -> dict[str, tuple[int, str]]:
    rows = frappe.get_all(
        "Problem Category",
        fields=["name", "parent_problem_category", "time_limit", "time_limit_unit"],
        order_by="lft asc",
    )
    found = {}
    # Parents come before their children in the order of lft, so one pass is enough.
    for row in rows:
        if row.time_limit:
            found[row.name] = (int(row.time_limit), row.time_limit_unit or CALENDAR_DAYS)
        elif row.parent_problem_category in found:
            found[row.name] = found[row.parent_problem_category]
    return found
