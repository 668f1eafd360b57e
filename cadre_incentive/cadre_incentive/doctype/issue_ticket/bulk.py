"""Insert many tickets at once, by the same rules as one by one.

For imports and demo data. Links are the caller's to check. Per-document events (hooks on `doc_events`,
notifications) are not raised: a hundred thousand old tickets must not send a hundred thousand messages.
"""

import frappe
from frappe import _
from frappe.model.naming import make_autoname
from frappe.utils import now

from cadre_incentive.cadre_incentive.doctype.issue_ticket import rules

CHUNK = 500
COMPUTED = ("name", "owner", "creation", "modified", "modified_by", "docstatus", "idx")


def insert_tickets(tickets: list[dict]) -> list[str]:
    """Insert tickets and return their names, in order.

    Each has unit, category and reported_on (datetime), and may have any other field; what it leaves out
    is computed as the controller would, or has the DocType's default. Raises frappe.ValidationError on a
    ticket that the controller would refuse by its dates, and MandatoryError where this site demands a
    field that the tickets do not have.
    """
    if not tickets:
        return []
    meta = frappe.get_meta("Issue Ticket")
    blank = frappe.new_doc("Issue Ticket").as_dict()
    defaults = {
        column: blank.get(column)
        for column in meta.get_valid_columns()
        if column not in COMPUTED and blank.get(column) is not None
    }
    rows = [{**defaults, **completed(ticket)} for ticket in tickets]
    _check_mandatory(meta, rows)
    names = _reserve_names(defaults["naming_series"], len(rows))
    stamp, user = now(), frappe.session.user
    for name, row in zip(names, rows, strict=True):
        row.update(
            name=name, owner=user, modified_by=user, creation=stamp, modified=stamp, docstatus=0, idx=0
        )
    columns = sorted(set().union(*rows))
    frappe.db.bulk_insert(
        "Issue Ticket",
        columns,
        [tuple(row.get(column) for column in columns) for row in rows],
        chunk_size=CHUNK,
    )
    return names


def completed(ticket: dict) -> dict:
    """Return the ticket with subject, external key, state and due date as the controller computes them."""
    ticket = {field: _clean(value) for field, value in ticket.items()}
    reported_on, resolved_on = ticket["reported_on"], ticket.get("resolved_on")
    if rules.resolved_too_early(reported_on, resolved_on):
        frappe.throw(_("A ticket cannot be resolved before the day on which it was reported."))
    if not ticket.get("external_key"):
        ticket["external_key"] = rules.external_key(ticket.get("source"), ticket.get("external_id"))
    if not ticket.get("subject"):
        ticket["subject"] = rules.subject_of(ticket.get("description"), fallback=ticket["category"])
    ticket["state"] = rules.state_with(ticket.get("state"), resolved_on)
    if not ticket.get("due_on"):
        ticket["due_on"] = rules.due_on(ticket["category"], reported_on)
    return ticket


def _clean(value):
    # What looks like HTML passes the same filter as in a form.
    if isinstance(value, str) and ("<" in value or ">" in value):
        from frappe.utils.html_utils import sanitize_html

        return sanitize_html(value)
    return value


def _check_mandatory(meta, rows: list[dict]) -> None:
    for df in meta.get("fields", {"reqd": 1}):
        if any(row.get(df.fieldname) in (None, "") for row in rows):
            frappe.throw(
                _("This site demands {0} of every ticket.").format(_(df.label, context="Issue Ticket")),
                frappe.MandatoryError,
            )


def _reserve_names(series: str, count: int) -> list[str]:
    """Take consecutive names of a series; its row stays locked until the transaction ends."""
    first = make_autoname(series, "Issue Ticket")
    table = frappe.qb.DocType("Series")
    width = series.count("#")
    prefix = first[:-width]
    if not frappe.qb.from_(table).select(table.current).where(table.name == prefix).run():
        frappe.throw(_("The naming series {0} cannot number many tickets at once.").format(series))
    number = int(first[-width:])
    frappe.qb.update(table).set(table.current, number + count - 1).where(table.name == prefix).run()
    return [f"{prefix}{number + offset:0{width}d}" for offset in range(count)]
