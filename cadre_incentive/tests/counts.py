"""Many records in one call, for tests that are about counts and not about single records."""

import frappe
from frappe.utils import add_days, get_first_day, now


def file_tickets(unit, category, k: int, n: int, period: str = "2024-09", state: str | None = None) -> None:
    """n tickets of a unit that fall due in a month, the first k resolved on the due date, the rest open."""
    due_on = add_days(get_first_day(f"{period}-01"), 14)
    moment = now()
    columns = ["name", "creation", "modified", "owner", "modified_by", "docstatus", "idx"]
    columns += ["subject", "unit", "category", "reported_on", "due_on", "resolved_on", "state"]
    rows = []
    for number in range(n):
        done = number < k
        row = [f"T-{frappe.generate_hash(length=12)}", moment, moment, "Administrator", "Administrator", 0, 0]
        row += ["Lamp out of order", unit.name, category.name, f"{period}-01 09:00:00", str(due_on)]
        row += [f"{due_on} 23:59:59" if done else None, state or ("Resolved" if done else "Reported")]
        rows.append(row)
    if rows:
        frappe.db.bulk_insert("Issue Ticket", columns, rows)
