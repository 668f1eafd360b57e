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
        self._of_rows: set[str] = set()
        self._spelling: dict[str, str] = {}
        rows = frappe.get_all("Government Unit", fields=["name", "is_group"])
        self._known = {codes.key(row.name): (row.name, row.is_group) for row in rows}

    def vote(self, unit: str, parent: str) -> None:
        """Count one row's opinion on where a unit belongs."""
        if unit:
            self._of_rows.add(self._folded(unit))
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
            if len(ranked) > 1:
                self._warn_of_split(unit, ranked)
        self._break_circles()
        self._groups.update(self._parents.values())
        for parent in self._groups & self._known.keys():
            name, is_group = self._known[parent]
            if not is_group:
                refuse(_("The unit {0} is not a group: no unit can be made under it.").format(name))

    def name_of(self, unit: str) -> str:
        """Return the unit's name on this site, making it and those above it where they are missing."""
        folded = self._folded(unit)
        missing = []
        above = folded
        while above and above not in self._known:
            missing.append(above)
            above = self._parents.get(above)
        for each in reversed(missing):
            parent = self._parents.get(each)
            # A unit that is only a parent holds no tickets of this file and competes with nobody.
            track = self._ensure_track() if each in self._of_rows else None
            self._make(each, self._known[parent][0] if parent else None, track)
        return self._known[folded][0]

    def _break_circles(self) -> None:
        """Put one unit of each circle at the top, the same one whatever the order of the rows."""
        settled = set()
        for unit in sorted(self._parents):
            way = set()
            while unit in self._parents and unit not in settled:
                way.add(unit)
                if self._parents[unit] in way:
                    del self._parents[unit]
                    self.warnings.append(
                        _("The file puts {0} under units that stand under it: it was put at the top.").format(
                            self._spelling[unit]
                        )
                    )
                    break
                unit = self._parents[unit]
            settled |= way

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
