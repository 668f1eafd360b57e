"""Whom a Notification goes to: addresses in fields, users by role, assignees, cc and bcc."""

import frappe
from frappe.utils import validate_email_address
from frappe.utils.user import get_users_with_role


def list_of_recipients(alert, doc, context: dict) -> tuple[list[str], list[str], list[str]]:
    """Addresses of recipients, cc and bcc, each once and in order."""
    to, cc, bcc = [], [], []
    for row in alert.recipients:
        if row.condition and not frappe.safe_eval(row.condition, None, dict(context)):
            continue
        if row.receiver_by_document_field:
            to += _in_field(doc, row.receiver_by_document_field)
        if row.receiver_by_role:
            to += emails_of_role(row.receiver_by_role)
        cc += _rendered(row.cc, context)
        bcc += _rendered(row.bcc, context)
    if alert.send_to_all_assignees:
        to += _assignees(doc)
    return tuple(list(dict.fromkeys(addresses)) for addresses in (to, cc, bcc))


def _in_field(doc, spec: str) -> list[str]:
    """Addresses in a field; `field,table` stands for the field in every row of the table."""
    field, _comma, table = spec.partition(",")
    values = [row.get(field) for row in doc.get(table) or []] if table else [doc.get(field)]
    found = []
    for value in values:
        if value and validate_email_address(value):
            found += [part.strip() for part in value.replace(",", "\n").split("\n") if part.strip()]
    return found


def emails_of_role(role: str) -> list[str]:
    """Addresses of the enabled users that hold a role."""
    users = get_users_with_role(role)
    if not users:
        return []
    rows = frappe.get_all("User", filters={"name": ("in", users)}, pluck="email", order_by="name asc")
    return [email for email in rows if email]


def _rendered(template: str | None, context: dict) -> list[str]:
    if not template:
        return []
    text = frappe.render_template(template, context) if "{" in template else template
    return [part.strip() for part in text.replace(",", "\n").split("\n") if part.strip()]


def _assignees(doc) -> list[str]:
    return frappe.get_all(
        "ToDo",
        filters={"status": "Open", "reference_type": doc.doctype, "reference_name": doc.name},
        pluck="allocated_to",
    )
