"""Workflow: states, transitions, and what saving it changes on its DocType."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.model.observers import forget_observers
from frappe.utils import cint


class Workflow(Document):
    """States and transitions of one DocType; at most one of a DocType is active."""

    def validate(self) -> None:
        self.set_active()
        self.create_custom_field_for_workflow_state()
        self.update_default_workflow_status()
        self.validate_docstatus()

    def on_update(self) -> None:
        self.forget()

    def on_trash(self) -> None:
        self.forget()

    def after_rename(self, old: str, new: str, merge: bool = False) -> None:
        self.forget()

    def forget(self) -> None:
        """Let every document of the DocType meet this workflow as it is now."""
        frappe.clear_cache(doctype=self.document_type)
        before = self.get_doc_before_save()
        if before and before.document_type != self.document_type:
            frappe.clear_cache(doctype=before.document_type)
        forget_observers()

    def set_active(self) -> None:
        """The active workflow takes the place of the DocType's other ones."""
        if self.is_active:
            others = {"document_type": self.document_type, "name": ("!=", self.name or ""), "is_active": 1}
            for name in frappe.get_all("Workflow", filters=others, pluck="name"):
                frappe.db.set_value("Workflow", name, "is_active", 0, update_modified=False)
                frappe.clear_document_cache("Workflow", name)

    def create_custom_field_for_workflow_state(self) -> None:
        """Give the DocType a hidden field for the state, unless it has one of this name."""
        frappe.clear_cache(doctype=self.document_type)
        if frappe.get_meta(self.document_type).get_field(self.workflow_state_field):
            return
        frappe.get_doc(
            {
                "doctype": "Custom Field",
                "dt": self.document_type,
                "fieldname": self.workflow_state_field,
                "label": self.workflow_state_field.replace("_", " ").title(),
                "hidden": 1,
                "allow_on_submit": 1,
                "no_copy": 1,
                "fieldtype": "Link",
                "options": "Workflow State",
                "owner": "Administrator",
            }
        ).save()
        frappe.msgprint(
            _("Created Custom Field {0} in {1}").format(self.workflow_state_field, self.document_type)
        )

    def update_default_workflow_status(self) -> None:
        """Documents without a state get the first one of their docstatus."""
        if frappe.get_meta(self.document_type).issingle:
            return
        firsts: dict[str, str] = {}
        for row in self.states:
            firsts.setdefault(row.doc_status, row.state)
        table = frappe.qb.DocType(self.document_type)
        field = table[self.workflow_state_field]
        for docstatus, state in firsts.items():
            (
                frappe.qb.update(table)
                .set(field, state)
                .where((field.isnull() | (field == "")) & (table.docstatus == cint(docstatus)))
            ).run()

    def validate_docstatus(self) -> None:
        """Refuse transitions between unknown states, out of a cancelled one, and back to a draft."""
        states = {row.state: row for row in self.states}
        for row in self.transitions:
            for name in (row.state, row.next_state):
                if name not in states:
                    frappe.throw(_("{0} not a valid State").format(name))
            step = (states[row.state].doc_status, states[row.next_state].doc_status)
            if step[0] == "2":
                frappe.throw(
                    _("Cannot change state of Cancelled Document. Transition row {0}").format(row.idx)
                )
            if step == ("1", "0"):
                frappe.throw(
                    _("Submitted Document cannot be converted back to draft. Transition row {0}").format(
                        row.idx
                    )
                )
            if step == ("0", "2"):
                frappe.throw(_("Cannot cancel before submitting. See Transition {0}").format(row.idx))


@frappe.whitelist()
def get_workflow_state_count(doctype: str, workflow_state_field: str, states) -> list[dict] | None:
    """How many documents are in states other than `states`, by state. Needs `read` on the DocType."""
    frappe.has_permission(doctype, "read", throw=True)
    if workflow_state_field not in frappe.get_meta(doctype).get_valid_columns():
        return None
    rows = frappe.get_all(
        doctype,
        fields=[workflow_state_field, "count(*) as count"],
        filters={workflow_state_field: ["not in", frappe.parse_json(states)]},
        group_by=workflow_state_field,
    )
    return [row for row in rows if row[workflow_state_field]]
