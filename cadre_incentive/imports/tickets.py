"""Import issue tickets from a table: good rows land, bad rows are handed back with the reason.

The file is read twice: once to hear every row's opinion on its unit's parent and to be sure that it can
be read to its end, once to import in batches, each of which is committed. A killed import therefore
leaves whole batches, and running it again brings the rest.

A row is known by (source, external id). One that stands already adds nothing. There is one thing it may
tell us: that a ticket still open here has since been resolved; then the ticket is resolved, by an
ordinary save, with its history. Everything else about a ticket that stands is its own.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

import frappe
from frappe import _

from cadre_incentive.cadre_incentive.doctype.issue_ticket import rules
from cadre_incentive.cadre_incentive.doctype.issue_ticket.bulk import insert_tickets
from cadre_incentive.cadre_incentive.doctype.problem_category.limits import limit_of
from cadre_incentive.imports import maps
from cadre_incentive.imports.categories import Categories
from cadre_incentive.imports.errors import BadCell, refuse
from cadre_incentive.imports.files import Row, Table
from cadre_incentive.imports.records import Reader, Record
from cadre_incentive.imports.rejects import Rejects
from cadre_incentive.imports.units import Units

BATCH = 1000
Progress = Callable[[int, int], None]


@dataclass
class Result:
    """What an import did, or would do in a dry run; counts are rows, except those that name what was made."""

    file: str
    dry_run: bool = False
    rows: int = 0
    added: int = 0
    existing: int = 0
    updated: int = 0
    rejected: int = 0
    units_made: int = 0
    categories_made: int = 0
    tracks_made: int = 0
    rejected_file: str | None = None
    warnings: list[str] = field(default_factory=list)
    first_rejected: list[tuple[int, str, str]] = field(default_factory=list)

    def lines(self) -> list[str]:
        """Return the summary as sentences in the user's language."""
        title = _("Dry run: nothing was changed.") if self.dry_run else _("Import finished.")
        lines = [
            f"{title} {self.file}",
            _(
                "Rows: {0}; added: {1}; already there: {2}; of these newly resolved: {3}; rejected: {4}"
            ).format(self.rows, self.added, self.existing, self.updated, self.rejected),
            _("Made: {0} units, {1} categories, {2} tracks").format(
                self.units_made, self.categories_made, self.tracks_made
            ),
        ]
        lines += [_("Warning: {0}").format(warning) for warning in self.warnings]
        lines += [
            _("Line {0}, column {1}: {2}").format(line, column or "–", reason)
            for line, column, reason in self.first_rejected
        ]
        if self.rejected_file:
            lines.append(_("Rejected rows: {0}").format(self.rejected_file))
        return lines


def import_file(path: str, map_path: str, dry_run: bool = False, progress: Progress | None = None) -> Result:
    """Import a CSV, CSV.gz or XLSX file by a map and return what happened.

    `progress(done, total)` is called with rows after every batch. Commits after every batch, unless it is
    a dry run. Raises ImportRefused, before anything is changed, where the file or the map is no use.
    """
    mapping = maps.load(os.fspath(map_path))
    return _Import(mapping, os.fspath(path), dry_run).run(progress)


class _Import:
    def __init__(self, mapping: maps.Map, path: str, dry_run: bool):
        self.mapping = mapping
        self.table = Table(path)
        self.dry_run = dry_run
        self.header = self.table.header()
        self.reader = Reader(mapping, self.header)
        self.units = Units(mapping.track, dry_run)
        self.categories = Categories(mapping, dry_run)
        self.rejects = Rejects(path, self.header, dry_run)
        self.result = Result(path, dry_run)
        self.line_of: dict[str, int] = {}
        self.spans: dict[str, tuple[datetime, datetime]] = {}

    def run(self, progress: Progress | None) -> Result:
        self.hear()
        try:
            for batch in self.batches():
                self.take(batch)
                if not self.dry_run:
                    frappe.db.commit()
                if progress:
                    progress(self.done, self.result.rows)
        except BaseException as error:
            self.rejects.discard()
            frappe.db.rollback()
            # Frappe looks into args, which an interrupt has not.
            if error.args and frappe.db.is_unique_key_violation(error):
                refuse(_("Somebody else imports the same rows at the moment. Run the import again."))
            raise
        return self.summed_up()

    def hear(self) -> None:
        """Read the whole file once: it can be read to its end, it has rows, and every row has voted."""
        for row in self.data():
            self.result.rows += 1
            self.units.vote(*self.reader.unit_and_parent(row))
        if not self.result.rows:
            refuse(_("{0} has a header and no rows.").format(self.table.path))
        self.units.settle()

    def data(self) -> Iterator[Row]:
        rows = self.table.rows()
        next(rows)
        return rows

    def batches(self) -> Iterator[list[Record]]:
        self.done = 0
        batch = []
        for row in self.data():
            self.done += 1
            try:
                batch.append(self.fresh(self.reader.read(row)))
            except BadCell as problem:
                self.rejects.add(row, problem)
            if len(batch) == BATCH:
                yield batch
                batch = []
        if batch:
            yield batch

    def fresh(self, record: Record) -> Record:
        """Return the record unless the file has had its number before."""
        first = self.line_of.setdefault(record.key, record.line)
        if first != record.line:
            column = self.mapping.columns["external_id"]
            raise BadCell(column, _("{0} stands in line {1} already.").format(record.external_id, first))
        return record

    def take(self, batch: list[Record]) -> None:
        known = {
            ticket.external_key: ticket
            for ticket in frappe.get_all(
                "Issue Ticket",
                filters={"external_key": ["in", [record.key for record in batch]]},
                fields=["name", "external_key", "state", "resolved_on"],
            )
        }
        new = [record for record in batch if record.key not in known]
        self.result.added += len(new)
        self.result.existing += len(batch) - len(new)
        self.add(new)
        for record in batch:
            if record.key in known:
                self.resolve(known[record.key], record)

    def add(self, records: list[Record]) -> None:
        tickets = []
        for record in records:
            unit, category = self.units.name_of(record.unit), self.categories.name_of(record.category)
            first, last = self.spans.get(category, (record.reported_on, record.reported_on))
            self.spans[category] = (min(first, record.reported_on), max(last, record.reported_on))
            if self.dry_run:
                continue
            tickets.append(
                {
                    "source": self.mapping.source,
                    "external_id": record.external_id,
                    "external_key": record.key,
                    "unit": unit,
                    "category": category,
                    "description": record.description,
                    "reported_on": record.reported_on,
                    "resolved_on": record.resolved_on,
                }
            )
        insert_tickets(tickets)

    def resolve(self, ticket, record: Record) -> None:
        if not record.resolved_on or ticket.resolved_on or ticket.state not in rules.OPEN_STATES:
            return
        self.result.updated += 1
        if not self.dry_run:
            doc = frappe.get_doc("Issue Ticket", ticket.name)
            doc.resolved_on = record.resolved_on
            doc.save()

    def summed_up(self) -> Result:
        result = self.result
        result.rejected = self.rejects.count
        result.first_rejected = self.rejects.first
        result.rejected_file = self.rejects.close()
        result.units_made = self.units.made
        result.tracks_made = self.units.tracks_made
        result.categories_made = self.categories.made
        result.warnings = self.units.warnings + self.categories.warnings + self.calendar_notes()
        return result

    def calendar_notes(self) -> list[str]:
        """Say over which years that nobody has entered the new tickets' working days were counted."""
        notes = {
            rules.calendar_note(limit_of(category)[1], first, rules.due_on(category, last))
            for category, (first, last) in self.spans.items()
        }
        return sorted(notes - {None})
