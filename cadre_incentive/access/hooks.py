"""The two questions that Frappe asks, answered from the same condition."""

import frappe

from cadre_incentive.access.rules import RULES, TABLES

READING = frozenset({"read", "select", "print", "email", "report", "export", "share"})


def permission_query_conditions(user: str | None = None, doctype: str | None = None) -> str:
    """SQL that a list of `doctype` adds for `user`; empty where the roles alone decide."""
    parent = TABLES.get(doctype, doctype)
    condition = RULES[parent](user or frappe.session.user)
    if condition is None:
        return ""
    if parent == doctype:
        return condition.sql(doctype)
    return f"`tab{doctype}`.`parent` in (select `name` from `tab{parent}` where {condition.sql(parent)})"


def has_permission(doc, ptype: str | None = None, user: str | None = None) -> bool:
    """Whether `user` may do `ptype` with `doc`. True is said aloud: Frappe v16 takes None for a no.

    A record that is being changed must be allowed as it will be and as it is stored: else whoever
    writes his own unit into another's record would have it.
    """
    condition = RULES[doc.doctype](user or frappe.session.user)
    if condition is None:
        return True
    if not condition.holds(doc.get):
        return False
    if ptype in READING or doc.is_new():
        return True
    stored = frappe.db.get_value(doc.doctype, doc.name, sorted(condition.fields), as_dict=True)
    return stored is None or condition.holds(stored.get)
