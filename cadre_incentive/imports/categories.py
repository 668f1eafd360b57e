"""Categories that a file names and the site lacks, with the map's time limit."""

import frappe
from frappe import _

from cadre_incentive import codes
from cadre_incentive.cadre_incentive.doctype.problem_category.limits import limit_of
from cadre_incentive.imports.errors import refuse
from cadre_incentive.imports.maps import Map


class Categories:
    """Knows every category by its folded name and makes the missing ones on request.

    A parent that the import makes carries the limit and its children inherit it, so that an administrator
    changes it in one place; under a parent that stands already with another limit, the new children carry
    it themselves. In a dry run nothing is made, only counted.
    """

    def __init__(self, mapping: Map, dry_run: bool = False):
        self.warnings: list[str] = []
        self.made = 0
        self._limit = (mapping.time_limit, mapping.time_limit_unit) if mapping.time_limit else None
        self._parent = codes.normalise(mapping.category_parent) if mapping.category_parent else None
        self._dry_run = dry_run
        self._seen: set[str] = set()
        rows = frappe.get_all("Problem Category", fields=["name", "is_group"])
        self._known = {codes.key(row.name): row.name for row in rows}
        leaves = {row.name for row in rows if not row.is_group}
        parent = self._known.get(codes.key(self._parent)) if self._parent else None
        if parent in leaves:
            refuse(_("The category {0} is not a group: no category can be made under it.").format(parent))

    def name_of(self, category: str) -> str:
        """Return the category's name on this site, making it and its parent where they are missing."""
        folded = codes.key(category)
        if folded not in self._known:
            self._make(folded, category, self._ensure_parent(), is_group=False)
        elif folded not in self._seen:
            self._warn_of_other_limit(self._known[folded])
        self._seen.add(folded)
        return self._known[folded]

    def _ensure_parent(self) -> str | None:
        if not self._parent:
            return None
        folded = codes.key(self._parent)
        if folded not in self._known:
            self._make(folded, self._parent, None, is_group=True)
            self._seen.add(folded)
        return self._known[folded]

    def _make(self, folded: str, name: str, parent: str | None, is_group: bool) -> None:
        if not self._dry_run:
            category = frappe.new_doc("Problem Category")
            category.category_name = name
            category.parent_problem_category = parent
            category.is_group = int(is_group)
            if self._limit and (not parent or limit_of(parent) != self._limit):
                category.time_limit, category.time_limit_unit = self._limit
            name = category.insert().name
        self.made += 1
        self._known[folded] = name

    def _warn_of_other_limit(self, name: str) -> None:
        if not self._limit or limit_of(name) == self._limit:
            return
        length, unit = limit_of(name)
        self.warnings.append(
            _("The category {0} stands already with a limit of {1} {2}, which is kept.").format(
                name, length, _(unit)
            )
        )
