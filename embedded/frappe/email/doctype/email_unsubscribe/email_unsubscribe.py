"""Email Unsubscribe: who wants no more mail about a document, or none at all."""

import frappe
from frappe import _
from frappe.model.document import Document


class EmailUnsubscribe(Document):
    """One address and one document; without a document, every mail of the queue's unsubscribable kinds."""

    def validate(self) -> None:
        if self.global_unsubscribe:
            self._refuse_twin({"global_unsubscribe": 1}, _("{0} already unsubscribed").format(self.email))
            return
        if not (self.reference_doctype and self.reference_name):
            frappe.throw(_("Reference DocType and Reference Name are required"), frappe.MandatoryError)
        if not self.is_new() and self.get_doc_before_save().global_unsubscribe:
            frappe.throw(_("Delete this record to allow sending to this email address"))
        self._refuse_twin(
            {"reference_doctype": self.reference_doctype, "reference_name": self.reference_name},
            _("{0} already unsubscribed for {1} {2}").format(
                self.email, self.reference_doctype, self.reference_name
            ),
        )

    def _refuse_twin(self, filters: dict, message: str) -> None:
        if frappe.db.exists(
            "Email Unsubscribe", {**filters, "email": self.email, "name": ("!=", self.name or "")}
        ):
            frappe.throw(message, frappe.DuplicateEntryError)

    def on_update(self) -> None:
        if self.reference_doctype and self.reference_name:
            doc = frappe.get_doc(self.reference_doctype, self.reference_name)
            doc.add_comment("Label", _("Left this conversation"), comment_email=self.email)


def unsubscribed(emails, reference_doctype: str | None, reference_name: str | None) -> set[str]:
    """Those of the addresses that want no mail about this document, or none at all."""
    emails = list(emails)
    if not emails:
        return set()
    rows = frappe.get_all(
        "Email Unsubscribe",
        filters={"email": ("in", emails)},
        fields=["email", "global_unsubscribe", "reference_doctype", "reference_name"],
    )
    return {
        row.email
        for row in rows
        if row.global_unsubscribe
        or (row.reference_doctype == reference_doctype and row.reference_name == reference_name)
    }
