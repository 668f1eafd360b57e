import frappe
from frappe import _
from frappe.utils import getdate
from frappe.utils.nestedset import NestedSet

from cadre_incentive import immutable, trees
from cadre_incentive.kinds import CheckedDocument


class GovernmentUnit(CheckedDocument, NestedSet):
    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        from cadre_incentive.cadre_incentive.doctype.government_unit_principal.government_unit_principal import (  # noqa: E501
            GovernmentUnitPrincipal,
        )

        code_key: DF.Data | None
        enabled: DF.Check
        is_group: DF.Check
        lft: DF.Int
        old_parent: DF.Link | None
        parent_government_unit: DF.Link | None
        principals: DF.Table[GovernmentUnitPrincipal]
        rgt: DF.Int
        succeeded_by: DF.Link | None
        track: DF.Link | None
        unit_code: DF.Data
        unit_name: DF.Data
    # end: auto-generated types

    nsm_parent_field = "parent_government_unit"

    def before_insert(self):
        super().before_insert()
        immutable.set_code(self, "unit_code")

    def before_rename(self, old, new, merge=False):
        immutable.refuse_rename(self)

    def validate(self):
        trees.keep_place(self)
        self.validate_group()
        self.validate_successor()
        self.validate_principals()

    def on_update(self):
        super().on_update()
        if self.has_value_changed("parent_government_unit"):
            # Frappe keeps the units below each permitted unit, per user
            frappe.cache.delete_value("user_permissions")

    def validate_group(self):
        parent = self.parent_government_unit
        if parent and parent != self.name and not frappe.db.get_value("Government Unit", parent, "is_group"):
            frappe.throw(
                _("{0} is no group: tick Is Group there before you put units under it.").format(parent)
            )
        if self.is_group or self.is_new():
            return
        if frappe.db.exists("Government Unit", {"parent_government_unit": self.name}):
            frappe.throw(_("{0} has units under it and stays a group.").format(self.name))

    def validate_successor(self):
        """The succession must lead somewhere: a unit never succeeds itself, not through others either."""
        seen = {self.name}
        successor = self.succeeded_by
        while successor:
            if successor in seen:
                frappe.throw(_("{0} would succeed itself.").format(successor))
            seen.add(successor)
            successor = frappe.db.get_value("Government Unit", successor, "succeeded_by")

    def check_cadres_exist(self):
        """Frappe lets a link pass over which other fields are fetched, such as the cadre's name."""
        named = {row.cadre for row in self.principals if row.cadre}
        known = frappe.get_all("Cadre", filters={"name": ["in", list(named)]}, pluck="name") if named else ()
        for cadre in sorted(named.difference(known)):
            frappe.throw(_("Cadre {0} does not exist.").format(cadre), frappe.LinkValidationError)

    def validate_principals(self):
        """Every day has at most one principal, else a strike could not name him (policy E1)."""
        self.check_cadres_exist()
        terms = []
        for row in self.principals:
            start = getdate(row.from_date)
            end = getdate(row.to_date) if row.to_date else None
            if end and end < start:
                frappe.throw(_("Row {0}: the term ends on {1}, before it begins.").format(row.idx, end))
            terms.append((start, end, row.idx))
        terms.sort(key=lambda term: (term[0], term[2]))
        for (_start, end, idx), (start, _end, next_idx) in zip(terms, terms[1:], strict=False):
            if end is None or start <= end:
                frappe.throw(
                    _("Rows {0} and {1}: the terms of two principals overlap.").format(idx, next_idx)
                )
