"""Writing all records of the app to a stream."""

from collections.abc import Callable, Iterator

import frappe

import cadre_incentive
from cadre_incentive.transfer import records, stream
from cadre_incentive.transfer.parts import doctypes, parts, series_prefixes


def export_records(path: str, progress: Callable[[int, int], None] | None = None) -> int:
    """Write every record of the app, with people, rights and forms, to a file; returns their number."""
    found = [(part, records.names(part)) for part in parts()]
    total, done = sum(len(names) for _part, names in found), 0

    def all_records() -> Iterator[dict]:
        nonlocal done
        for part, names in found:
            for record in records.read(part, names):
                yield record
                done += 1
                if progress and done % records.CHUNK == 0:
                    progress(done, total)
        if counters := _counters():
            yield {"doctype": "Series", "counters": counters}

    count = stream.write(path, cadre_incentive.__version__, all_records())
    if progress:
        progress(total, total)
    return count


def _counters() -> dict[str, int]:
    """How far the app's naming series have come."""
    series = frappe.qb.Table("tabSeries")
    found = {}
    for prefix in series_prefixes(doctypes()):
        query = (
            frappe.qb.from_(series).select(series.name, series.current).where(series.name.like(f"{prefix}%"))
        )
        found.update({row[0]: int(row[1]) for row in query.run()})
    return found
