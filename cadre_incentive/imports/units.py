"""Units that a file names and the site lacks.

What exists is left where it is; what is missing is made by ordinary documents, so that the rules of trees
and codes hold here too.
"""

from collections import Counter, defaultdict

import frappe
from frappe import _

from cadre_incentive import codes
from cadre_incentive.imports.errors import refuse


class Units:
    """Knows every unit by its folded name and makes the missing ones on request.

    Every row votes for its unit's parent before the first unit is made. In a dry run nothing is made,
    only counted.
    """

    def __init__(self, track: str | None, dry_run: bool = False):
        self.warnings: list[str] = []
        self.made = 0
        self.tracks_made = 0
        self._track = track
        self._track_exists = False
        self._dry_run = dry_run
        self._votes = defaultdict(Counter)
        self._parents: dict[str, str] = {}
        self._groups: set[str] = set()
        self._spelling: dict[str, str] = {}
        rows = frappe.get_all("Government Unit", fields=["name", "is_group"])
        self._known = {codes.key(row.name): (row.name, row.is_group) for row in rows}

    def vote(self, unit: str, parent: str) -> None:
        """Count one row's opinion on where a unit belongs."""
        if unit and parent:
            self._votes[self._folded(unit)][self._folded(parent)] += 1

    def settle(self) -> None:
        """Decide each new unit's parent by majority (a tie goes to the first in the alphabet).

        Raises ImportRefused where an existing unit that is no group would have to take units under it.
        """
        for unit, votes in self._votes.items():
            ranked = sorted(votes.items(), key=lambda item: (-item[1], item[0]))
            winner = ranked[0][0]
            if unit in self._known or winner == unit:
                continue
            self._parents[unit] = winner
            self._groups.add(winner)
            if len(ranked) > 1:
                self._warn_of_split(unit, ranked)
        for parent in self._groups & self._known.keys():
            name, is_group = self._known[parent]
            if not is_group:
                refuse(_("The unit {0} is not a group: no unit can be made under it.").format(name))

    def name_of(self, unit: str) -> str:
        """Return the unit's name on this site, making it and its parent where they are missing."""
        folded = self._folded(unit)
        if folded not in self._known:
            parent = self._parents.get(folded)
            # A parent stands at the top: the map says nothing of what is above it.
            if parent and parent not in self._known:
                self._make(parent, parent_name=None, track=None)
            parent_name = self._known[parent][0] if parent else None
            self._make(folded, parent_name, self._ensure_track())
        return self._known[folded][0]

    def _folded(self, name: str) -> str:
        folded = codes.key(name)
        self._spelling.setdefault(folded, name)
        return folded

    def _warn_of_split(self, unit: str, ranked: list[tuple[str, int]]) -> None:
        parents = ", ".join(f"{self._spelling[parent]} ({count})" for parent, count in ranked)
        self.warnings.append(
            _("The file puts {0} under several parents: {1}. {2} was taken.").format(
                self._spelling[unit], parents, self._spelling[ranked[0][0]]
            )
        )

    def _make(self, folded: str, parent_name: str | None, track: str | None) -> None:
        name = self._spelling[folded]
        is_group = folded in self._groups
        if not self._dry_run:
            unit = frappe.new_doc("Government Unit")
            unit.unit_code = unit.unit_name = name
            unit.parent_government_unit = parent_name
            unit.is_group = int(is_group)
            unit.track = track
            name = unit.insert().name
        self.made += 1
        self._known[folded] = (name, is_group)

    def _ensure_track(self) -> str | None:
        if self._track and not self._track_exists:
            existing = frappe.db.get_value("Assessment Track", {"track_name": self._track}, "name")
            if not existing:
                if not self._dry_run:
                    track = frappe.new_doc("Assessment Track")
                    track.track_name = self._track
                    track.insert()
                self.tracks_made += 1
            self._track = existing or self._track
            self._track_exists = True
        return self._track
