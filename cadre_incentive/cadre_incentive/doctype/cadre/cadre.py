import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate

from cadre_incentive import immutable
from cadre_incentive.kinds import CheckedDocument


class Cadre(CheckedDocument, Document):
    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        cadre_code: DF.Data
        code_key: DF.Data | None
        full_name: DF.Data
        joined_on: DF.Date | None
        left_on: DF.Date | None
        position: DF.Data | None
        rank: DF.Data | None
        status: DF.Literal["Active", "Left"]
        unit: DF.Link
        user: DF.Link | None
    # end: auto-generated types

    def before_insert(self):
        super().before_insert()
        immutable.set_code(self, "cadre_code")

    def before_rename(self, old, new, merge=False):
        immutable.refuse_rename(self)

    def validate(self):
        if self.joined_on and self.left_on and getdate(self.left_on) < getdate(self.joined_on):
            frappe.throw(_("{0} left before joining.").format(self.full_name))
        self.validate_user()

    def validate_user(self):
        """An account belongs to one cadre: it opens his or her own record."""
        if not self.user:
            return
        other = frappe.db.get_value("Cadre", {"user": self.user, "name": ("!=", self.name)}, "name")
        if other:
            frappe.throw(
                _("User {0} belongs to cadre {1} already.").format(self.user, other),
                frappe.DuplicateEntryError,
            )
