"""The main job: from a month's records to a draft list, and from a draft to a published list (policy E1).

Each function works in the caller's transaction; whoever calls decides when to commit.
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

import frappe
from frappe import _
from frappe.utils import cint, flt, get_datetime, now

from cadre_incentive import readings
from cadre_incentive.cadre_incentive.doctype.red_black_list import cutoffs, strikes, versions
from cadre_incentive.cadre_incentive.doctype.red_black_list.reasons import sentence_maker
from cadre_incentive.readings import Period
from cadre_incentive.scoring import BLACK, RED, Judged, Rules, Sample, judge

COPIED = ("metric", *Rules._fields, "track", "category")
_ROW_COLUMNS = ["name", "creation", "modified", "owner", "modified_by", "docstatus", "idx"]
_PARENT_COLUMNS = ["parent", "parentfield", "parenttype"]
_COUNT_COLUMNS = ["unit", "unit_name", "track", "k", "n", "rate", "low", "high", "rank", "colour"]
ENTRY_COLUMNS = [*_ROW_COLUMNS, *_PARENT_COLUMNS, *_COUNT_COLUMNS, *strikes.FIELDS, "reason"]


class Outcome(NamedTuple):
    """What became of one board: the name of its list, or the error that stopped it."""

    board: str
    name: str | None
    error: str | None


def rebuild(board: str, period: str, cutoff: str | datetime | None = None) -> str:
    """Bring the list of a board and month ("YYYY-MM") up to date and return its name.

    Without a cut-off, that of the newest version is used again, else the default. Unchanged input gives
    the list that is there; changed input refreshes the draft, or drafts a new version of a published
    list. Refuses (frappe.ValidationError) an unknown board, a disabled one without a published list in that
    month, a malformed or future period, a cut-off before the end of the period.
    """
    month = cutoffs.parse_period(period)
    rules = versions.lock_board(board)
    there = versions.of_period(board, period)
    versions.refuse_disabled(board, rules.enabled, there)
    moment = _cutoff(cutoff, month, there)

    head, samples, unit_names = _input(rules, month, moment)
    published, draft = versions.published(there), versions.draft(there)
    if published and published.input_digest == head["input_digest"]:
        if draft:
            frappe.delete_doc("Red Black List", draft.name, ignore_permissions=True)
        return published.name
    if draft and draft.input_digest == head["input_digest"]:
        strikes.refresh_stored(draft.name, head["item_type"], head["item"], month)
        _refresh_names(draft.name, unit_names)
        return draft.name

    entries = judge(samples, _rules(rules))
    head |= _counts(entries)
    head["calendar_note"] = cutoffs.calendar_note(month, moment)
    head["supersedes"] = published.name if published else None
    name = _refresh(draft.name, head) if draft else _insert(head, there)
    _insert_entries(name, head, month, entries, unit_names)
    return name


def digest_now(board: str, period: str, cutoff: str | datetime) -> str:
    """The digest that a rebuild with this cut-off would store now."""
    rules = versions.lock_board(board)
    head, _samples, _names = _input(rules, Period.parse(period), get_datetime(cutoff))
    return head["input_digest"]


def publish(name: str) -> str:
    """Publish a draft and return its name; a list that is published already stays as it is.

    Needs the permission to submit. Refuses a draft whose cut-off lies in the future or that is stale: a
    rebuild would make another list of it.
    """
    board = frappe.db.get_value("Red Black List", name, "board")
    if not board:
        frappe.throw(_("Red Black List {0} does not exist").format(name), frappe.DoesNotExistError)
    versions.lock_board(board)
    doc = frappe.get_doc("Red Black List", name, for_update=True)
    doc.check_permission("submit")
    if doc.docstatus == 0:
        doc.submit()
    return name


def enabled_boards() -> list[str]:
    return frappe.get_all("List Board", filters={"enabled": 1}, pluck="name", order_by="name asc")


def rebuild_boards(
    boards: list[str], period: str, cutoff: str | None = None, commit: bool = False
) -> Iterator[Outcome]:
    """Rebuild board after board; one that fails is undone and logged, the others go on.

    With commit each board is a transaction of its own; without, a savepoint, and the caller commits.
    """
    for board in boards:
        if commit:
            frappe.db.rollback()  # the board is locked in a fresh transaction
        else:
            frappe.db.savepoint("rebuild_board")
        try:
            outcome = Outcome(board, rebuild(board, period, cutoff), None)
        except Exception as error:
            frappe.db.rollback(**({} if commit else {"save_point": "rebuild_board"}))
            frappe.log_error(_("Rebuild of a list failed"), f"{board} {period}\n{frappe.get_traceback()}")
            outcome = Outcome(board, None, str(error) or type(error).__name__)
        if commit:
            frappe.db.commit()
        yield outcome


def publish_boards(boards: list[str], period: str) -> Iterator[Outcome]:
    """Publish the draft of each board's month, each in a transaction of its own.

    A board whose list is published already gives that list; one without any list is an error.
    """
    for board in boards:
        frappe.db.rollback()  # the board is locked in a fresh transaction
        try:
            enabled = versions.lock_board(board).enabled
            there = versions.of_period(board, period)
            versions.refuse_disabled(board, enabled, there)
            newest = versions.draft(there) or versions.published(there)
            if not newest:
                frappe.throw(_("no list of {0}: rebuild it first").format(period))
            outcome = Outcome(board, publish(newest.name), None)
        except Exception as error:
            frappe.db.rollback()
            frappe.log_error(_("Publishing a list failed"), f"{board} {period}\n{frappe.get_traceback()}")
            outcome = Outcome(board, None, str(error) or type(error).__name__)
        frappe.db.commit()
        yield outcome


def _cutoff(given, month: Period, there: list[dict]) -> datetime:
    if given:
        return cutoffs.parse_cutoff(given, month)
    if there and there[0].cutoff:
        return get_datetime(there[0].cutoff)
    return cutoffs.default_cutoff(month)


def _input(rules: dict, month: Period, cutoff: datetime) -> tuple[dict, list[Sample], dict[str, str]]:
    """The head of a list with the digest of its input, the samples, and the names of the units."""
    samples, unit_names = _samples(rules, month, cutoff)
    head = _head(rules, month, cutoff)
    head["input_digest"] = _digest(head, samples)
    return head, samples, unit_names


def _samples(rules: dict, month: Period, cutoff: datetime) -> tuple[list[Sample], dict[str, str]]:
    """The board's samples, ordered by unit, and the names of the units."""
    unit = frappe.qb.DocType("Government Unit")
    known = {row[0]: row for row in frappe.qb.from_(unit).select(unit.name, unit.unit_name, unit.track).run()}
    samples = []
    for code, k, n in readings.read(rules.metric, month, cutoff, rules.category or None):
        track = known[code][2] or ""
        if not rules.track or track == rules.track:
            samples.append(Sample(code, track, k, n))
    return samples, {s.unit: known[s.unit][1] for s in samples}


def _rules(rules: dict) -> Rules:
    return Rules(
        flt(rules.red_line),
        flt(rules.black_line),
        cint(rules.minimum_sample),
        cint(rules.red_limit),
        cint(rules.black_limit),
    )


def _head(rules: dict, month: Period, cutoff: datetime) -> dict:
    """The list's own copy of what it was made from: it explains itself when the board has changed."""
    copied = {field: rules[field] or None for field in COPIED} | _rules(rules)._asdict()
    item_type, item = ("Key Work Item", rules.work_item) if rules.work_item else ("List Board", rules.name)
    return copied | {
        "board": rules.name,
        "period": str(month),
        "period_start": month.start,
        "period_end": month.end,
        "cutoff": cutoff,
        "item_type": item_type,
        "item": item,
    }


def _digest(head: dict, samples: list[Sample]) -> str:
    """sha256 of the rules, and of every unit's track and counts.

    Strikes are not input: they follow from other lists. Names are not: they decide nothing.
    """
    rules = {
        key: value if isinstance(value, int | float) else str(value or "") for key, value in head.items()
    }
    counts = sorted([s.unit, s.track, s.k, s.n] for s in samples)
    canonical = json.dumps([rules, counts], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _counts(entries: list[Judged]) -> dict:
    return {
        "units_count": len(entries),
        "ranked_count": sum(e.rank is not None for e in entries),
        "red_count": sum(e.colour == RED for e in entries),
        "black_count": sum(e.colour == BLACK for e in entries),
    }


def _insert(head: dict, there: list[dict]) -> str:
    version = there[0].version + 1 if there else 1
    doc = frappe.get_doc({"doctype": "Red Black List", "status": "Draft", "version": version, **head})
    doc.flags.by_rebuild = True
    doc.insert(ignore_permissions=True)
    return doc.name


def _refresh(draft: str, head: dict) -> str:
    frappe.db.set_value("Red Black List", draft, head)
    frappe.db.delete("Red Black List Entry", {"parent": draft, "parenttype": "Red Black List"})
    return draft


def _refresh_names(draft: str, unit_names: dict[str, str]) -> None:
    """Bring the names in a draft up to date, touching only the entries that differ."""
    rows = frappe.get_all(
        "Red Black List Entry",
        filters={"parent": draft, "parenttype": "Red Black List"},
        fields=["name", "unit", "unit_name"],
    )
    for row in rows:
        if row.unit_name != unit_names[row.unit]:
            values = {"unit_name": unit_names[row.unit]}
            frappe.db.set_value("Red Black List Entry", row.name, values, update_modified=False)


def _insert_entries(
    name: str, head: dict, month: Period, entries: list[Judged], unit_names: dict[str, str]
) -> None:
    # A thousand child documents would cost more than counting a million tickets.
    counted = strikes.count(head["item_type"], head["item"], month, {e.unit: e.colour for e in entries})
    sentence = sentence_maker(head["metric"], Rules(*(head[field] for field in Rules._fields)))
    user, moment = frappe.session.user, now()
    rows = [
        (
            frappe.generate_hash(length=10),
            moment,
            moment,
            user,
            user,
            0,
            idx,
            name,
            "entries",
            "Red Black List",
            e.unit,
            unit_names[e.unit],
            e.track or None,
            e.k,
            e.n,
            round(100 * e.rate, 9),
            round(100 * e.low, 9),
            round(100 * e.high, 9),
            e.rank or 0,
            e.colour or "",
            *counted.get(e.unit, strikes.NONE),
            sentence(e),
        )
        for idx, e in enumerate(entries, start=1)
    ]
    if rows:
        frappe.db.bulk_insert("Red Black List Entry", ENTRY_COLUMNS, rows)
