"""Reading a stream into this site.

The stream wins: afterwards each of its records stands here as it stood there, with its name, owner, times,
state and place in the tree; other records stay. A second time changes nothing.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import groupby

import frappe
from frappe import _
from frappe.utils.nestedset import rebuild_tree

import cadre_incentive
from cadre_incentive.transfer import records, stream
from cadre_incentive.transfer.parts import (
    APP,
    Part,
    about_parts,
    doctypes,
    of_app_and_tables,
    own_parts,
    people_parts,
    schema_parts,
)
from cadre_incentive.transfer.store import store
from cadre_incentive.workdays import loader


def import_records(
    path: str,
    dry_run: bool = False,
    progress: Callable[[int, int], None] | None = None,
    commit: bool = True,
) -> Counter:
    """Import a stream; returns how many records were "added", "changed", and the "same" already.

    The whole stream is checked before anything is written. What changes the schema or the rights is written
    and committed first, all other records in one transaction (`commit=False` leaves it open). `dry_run`
    writes nothing. Raises StreamError.
    """
    total = stream.check(path, cadre_incentive.__version__)
    made = {record["name"] for record in stream.records(path) if record.get("doctype") == "DocType"}
    early, late = _early(), _late()
    _check_kinds(path, {*early, *late}, made)

    # DocTypes that link to each other come one after the other.
    frappe.flags.in_import = frappe.flags.in_fixtures = True
    counts: Counter = Counter()
    done = 0
    trees = []
    try:
        for is_early in (True, False):
            kinds = early if is_early else _late()
            for doctype, found in groupby(stream.records(path), key=lambda record: record.get("doctype")):
                if doctype == "Series":
                    if not is_early and not dry_run:
                        for record in found:
                            _raise_counters(record["counters"])
                    continue
                if doctype not in kinds:
                    if not is_early and doctype in made:  # only on a dry run: it would have been made by now
                        counts["added"] += sum(1 for _record in found)
                    continue
                part = kinds[doctype]
                for chunk in _chunks(found):
                    counts.update(_import_chunk(part, chunk, dry_run))
                    frappe.db.transaction_writes = 0
                    done += len(chunk)
                    if progress:
                        progress(done, total)
                if part.fields is None and frappe.get_meta(doctype).has_field("lft"):
                    trees.append(doctype)
            if is_early and not dry_run and (counts["added"] or counts["changed"]):
                if commit:
                    frappe.db.commit()
                frappe.clear_cache()
        if not dry_run:
            _mend_trees(path, trees)
            if commit:
                frappe.db.commit()
    except BaseException:
        if commit:
            frappe.db.rollback()
        raise
    finally:
        frappe.flags.in_import = frappe.flags.in_fixtures = False
        loader.clear_cache()
        frappe.clear_cache()
    return counts


def _early() -> dict[str, Part]:
    return {part.doctype: part for part in schema_parts(of_app_and_tables())}


def _late() -> dict[str, Part]:
    own = doctypes()
    return {part.doctype: part for part in (*people_parts(own), *own_parts(own), *about_parts(own))}


def _check_kinds(path: str, known: set[str], made: set[str]) -> None:
    """A stream brings only what this app exports, and records of the DocTypes that it makes itself."""
    modules = set(frappe.get_all("Module Def", filters={"app_name": APP}, pluck="name"))
    for name in made & set(frappe.get_all("DocType", filters={"custom": 0}, pluck="name")):
        raise stream.StreamError(_("The stream brings what this app does not know: {0}").format(name))
    known = known | made
    for record in stream.records(path):
        if record.get("doctype") == "DocType" and not (
            record.get("custom") and record.get("module") in modules
        ):
            raise stream.StreamError(
                _("The stream brings what this app does not know: {0}").format(record.get("name"))
            )
        doctype = record.get("doctype")
        counters = record.get("counters")
        named = isinstance(record.get("name"), str) and record["name"]
        if not (doctype in known and named) and not (doctype == "Series" and isinstance(counters, dict)):
            raise stream.StreamError(_("The stream brings what this app does not know: {0}").format(doctype))


def _chunks(found: Iterator[dict]) -> Iterator[list[dict]]:
    chunk: list[dict] = []
    for record in found:
        chunk.append(record)
        if len(chunk) == records.CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _import_chunk(part: Part, chunk: list[dict], dry_run: bool) -> Counter:
    counts: Counter = Counter()
    present = {record["name"]: record for record in records.read(part, [record["name"] for record in chunk])}
    for record in chunk:
        stands = present.get(record["name"])
        if stands is not None and (part.how == "keep" or stream.line(stands) == stream.line(record)):
            counts["same"] += 1
            continue
        if not dry_run:
            store(part, record, new=stands is None)
        counts["added" if stands is None else "changed"] += 1
    return counts


def _raise_counters(counters: dict[str, int]) -> None:
    """New names go on after those of the stream and those of this site."""
    series = frappe.qb.Table("tabSeries")
    for name, current in counters.items():
        here = frappe.qb.from_(series).select(series.current).where(series.name == name).run()
        if not here:
            frappe.qb.into(series).columns(series.name, series.current).insert(name, int(current)).run()
        elif int(here[0][0]) < int(current):
            frappe.qb.update(series).set(series.current, int(current)).where(series.name == name).run()


def _mend_trees(path: str, trees: list[str]) -> None:
    """Where a tree has nodes that the stream does not know, the places of all of them are found anew."""
    for doctype in trees:
        brought = sum(record.get("doctype") == doctype for record in stream.records(path))
        if frappe.db.count(doctype) != brought:
            parent_field = (
                frappe.get_meta(doctype).get("nsm_parent_field") or f"parent_{frappe.scrub(doctype)}"
            )
            rebuild_tree(doctype, parent_field)
