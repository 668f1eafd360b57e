"""ToDo: a task of a user, maybe about a document, which then knows to whom it is assigned (`_assign`)."""

import json

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.permissions import AUTOMATIC_ROLES, get_doctype_roles
from frappe.utils import get_fullname, parse_addr


class ToDo(Document):
    """One task."""

    def validate(self) -> None:
        self.flags.assignment = None
        if not (self.reference_type and self.reference_name):
            return  # nobody to leave a comment with
        before = self.get_doc_before_save()
        if not before:
            self.flags.assignment = ("Assigned", self._assigned_text())
        elif before.status != self.status:
            self.flags.assignment = ("Assignment Completed", self._removed_text())

    def _assigned_text(self) -> str:
        by = get_fullname(self.assigned_by)
        if self.assigned_by == self.allocated_to:
            return _("{0} self assigned this task: {1}").format(by, self.description)
        return _("{0} assigned {1}: {2}").format(by, get_fullname(self.allocated_to), self.description)

    def _removed_text(self) -> str:
        me = get_fullname(frappe.session.user)
        if self.allocated_to == frappe.session.user:
            return _("{0} removed their assignment.").format(me)
        return _("Assignment of {0} removed by {1}").format(get_fullname(self.allocated_to), me)

    def on_update(self) -> None:
        if self.flags.assignment:
            kind, text = self.flags.assignment
            frappe.get_doc(self.reference_type, self.reference_name).add_comment(kind, text)
        self.update_in_reference()

    def on_trash(self) -> None:
        self.update_in_reference(without_this=True)

    def update_in_reference(self, without_this: bool = False) -> None:
        """Write to the document who has an open task about it, the newest first."""
        if not (self.reference_type and self.reference_name):
            return
        users = frappe.get_all(
            "ToDo",
            filters={
                "reference_type": self.reference_type,
                "reference_name": self.reference_name,
                "status": ("not in", ("Cancelled", "Closed")),
                "allocated_to": ("is", "set"),
                "name": ("!=", self.name if without_this else ""),
            },
            pluck="allocated_to",
            order_by="creation desc",
        )
        value = json.dumps(users) if users else ""
        if frappe.get_meta(self.reference_type).issingle:
            frappe.db.set_single_value(self.reference_type, "_assign", value, update_modified=False)
        else:
            frappe.db.set_value(
                self.reference_type, self.reference_name, "_assign", value, update_modified=False
            )

    @classmethod
    def get_owners(cls, filters=None) -> list[str]:
        """Addresses of those whom the tasks are allocated to."""
        users = frappe.get_all("ToDo", filters=filters or {}, pluck="allocated_to")
        return [parse_addr(user)[1] for user in users if user]


def on_doctype_update() -> None:
    frappe.db.add_index("ToDo", ["reference_type", "reference_name"])


def _sees_all(user: str, ptype: str = "read") -> bool:
    """Whether a role of the user's, beyond those that everybody has, grants ToDo."""
    roles = set(get_doctype_roles("ToDo", ptype)) - set(AUTOMATIC_ROLES)
    return not roles.isdisjoint(frappe.get_roles(user))


def get_permission_query_conditions(user: str | None = None) -> str | None:
    """Tasks allocated to or assigned by the user."""
    user = user or frappe.session.user
    if _sees_all(user):
        return None
    me = frappe.db.escape(user)
    return f"(`tabToDo`.allocated_to = {me} or `tabToDo`.assigned_by = {me})"


def has_permission(doc, ptype: str = "read", user: str | None = None) -> bool:
    """The same for one document."""
    user = user or frappe.session.user
    return _sees_all(user, ptype) or user in (doc.allocated_to, doc.assigned_by)


@frappe.whitelist()
def new_todo(description: str) -> None:
    """A task for the session's user."""
    frappe.get_doc({"doctype": "ToDo", "description": description}).insert()
