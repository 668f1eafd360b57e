"""Posting and reversing; the only two ways to change what the ledger says."""

import frappe
from frappe import _
from frappe.utils import nowdate


def post(
    kind: str,
    party_type: str,
    party: str,
    *,
    quantity: int = 1,
    points: float = 0.0,
    posting_date: str | None = None,
    **about,
) -> str:
    """Post one entry and return its name.

    quantity is 1 for a posting and −1 for a reversal; posting_date defaults to the site's today. about
    holds the other fields of Merit Ledger Entry (item_type, item, period, principal, voucher_type,
    voucher_no, reverses, remarks). Raises frappe.ValidationError where the entry contradicts itself.
    """
    entry = frappe.get_doc(
        {
            "doctype": "Merit Ledger Entry",
            "posting_date": posting_date or nowdate(),
            "kind": kind,
            "party_type": party_type,
            "party": party,
            "quantity": quantity,
            "points": points,
            **about,
        }
    )
    # Entries follow from decisions that were permitted where they were made; nobody posts by hand.
    entry.flags.from_ledger = True
    entry.insert(ignore_permissions=True)
    return entry.name


def reverse(entry: str, **about) -> str:
    """Post the exact opposite of an entry and return its name; voucher and remarks may be given.

    Refuses an entry that is itself a reversal or has been reversed already.
    """
    original = frappe.get_doc("Merit Ledger Entry", entry)
    if original.reverses:
        frappe.throw(_("{0} is itself a reversal: post a new entry instead").format(entry))
    carried = ("item_type", "item", "period", "principal", "voucher_type", "voucher_no")
    fields = {field: original.get(field) for field in carried} | about
    return post(
        original.kind,
        original.party_type,
        original.party,
        quantity=-original.quantity,
        points=-original.points,
        reverses=entry,
        **fields,
    )
