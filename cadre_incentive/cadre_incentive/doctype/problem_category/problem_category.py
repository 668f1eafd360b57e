"""Problem Category: the tree of problems (policy A2) with the time limit of each branch (policy A3)."""

import frappe
from frappe import _
from frappe.utils import cint
from frappe.utils.nestedset import NestedSet

from cadre_incentive import trees
from cadre_incentive.cadre_incentive.doctype.problem_category import limits
from cadre_incentive.kinds import CheckedDocument


class ProblemCategory(CheckedDocument, NestedSet):
    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        category_name: DF.Data
        description: DF.SmallText | None
        is_group: DF.Check
        lft: DF.Int
        old_parent: DF.Link | None
        parent_problem_category: DF.Link | None
        rgt: DF.Int
        time_limit: DF.Int
        time_limit_unit: DF.Literal["Calendar Days", "Working Days"]
    # end: auto-generated types

    nsm_parent_field = "parent_problem_category"

    def validate(self):
        trees.keep_place(self)
        self.check_time_limit()
        self.check_parent_is_a_group()

    def on_update(self):
        super().on_update()
        limits.forget()

    def on_trash(self):
        super().on_trash()
        limits.forget()

    def after_rename(self, olddn, newdn, merge=False):
        super().after_rename(olddn, newdn, merge)
        limits.forget()

    def check_time_limit(self):
        """A limit is a number of days; 0 means that the nearest ancestor's holds."""
        if not 0 <= cint(self.time_limit) <= limits.LONGEST_LIMIT:
            frappe.throw(
                _("The time limit of {0} must be from 0 to {1} days.").format(
                    self.category_name, limits.LONGEST_LIMIT
                )
            )
        if self.time_limit and not self.time_limit_unit:
            self.time_limit_unit = limits.CALENDAR_DAYS

    def check_parent_is_a_group(self):
        """A category under a leaf would be lost in every sum over groups."""
        parent = self.parent_problem_category
        if not parent or not (self.is_new() or self.has_value_changed("parent_problem_category")):
            return
        if parent == self.name:
            frappe.throw(_("{0} cannot be its own parent.").format(parent))
        if not frappe.db.get_value("Problem Category", parent, "is_group"):
            frappe.throw(_("{0} is not a group: it cannot have categories under it.").format(parent))
