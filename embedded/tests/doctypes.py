"""DocTypes that tests make at run time. Making one commits, so each is made once per site."""

import frappe

RIGHTS = (
    "read",
    "write",
    "create",
    "delete",
    "submit",
    "cancel",
    "report",
    "share",
    "print",
    "email",
    "export",
)


def rule(role, *granted, **properties):
    """A permission rule that grants these rights and no other (a rule's own defaults grant most)."""
    return {**{right: int(right in granted) for right in RIGHTS}, "role": role, **properties}


def field(fieldname, fieldtype="Data", **properties):
    """One field as DocType JSON has it."""
    return {
        "fieldname": fieldname,
        "fieldtype": fieldtype,
        "label": fieldname.replace("_", " ").title(),
        **properties,
    }


def make_doctype(name, fields, permissions=None, **properties):
    """Make a custom DocType unless the site has it; returns its name."""
    if not frappe.db.exists("DocType", name):
        frappe.get_doc(
            {
                "doctype": "DocType",
                "name": name,
                "module": "Core",
                "custom": 1,
                "fields": fields,
                "permissions": []
                if properties.get("istable")
                else permissions or [rule("System Manager", "read", "write", "create", "delete")],
                **properties,
            }
        ).insert()
    return name


def make_user(email, *roles):
    """An enabled user with these roles (made where missing); returns his name."""
    for role in roles:
        if not frappe.db.exists("Role", role):
            frappe.get_doc(doctype="Role", role_name=role).insert()
    if frappe.db.exists("User", email):
        user = frappe.get_doc("User", email)
        user.set("roles", [])
    else:
        user = frappe.get_doc(doctype="User", email=email, first_name=email.split("@")[0])
    user.append_roles(*roles)
    return user.save().name


def use_controller(monkeypatch, doctype, controller):
    """Let a class answer for a DocType during one test."""
    controllers = frappe.controllers.setdefault(frappe.local.site, {})
    monkeypatch.setitem(controllers, doctype, controller)


def use_doc_events(events):
    """Let `doc_events` be these until the site is left."""
    frappe.local.doc_events_hooks = events
