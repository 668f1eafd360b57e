"""Compares what clients were told with what the site holds: nothing lost, nothing doubled, nothing half."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from pathlib import Path

from .client import Client, data, resource
from .traffic import BLACK_UNIT, COUNTER, PARCEL, ROW

GONE = "gone"


class Books:
    """What the journals say: for each document the states in which it may be."""

    def __init__(self, journals: list[Path]):
        self.wrong: list[str] = []
        self.may_be: dict[tuple[str, str], list] = {}
        self.writes: dict[tuple[str, str], Counter] = defaultdict(Counter)
        for journal in journals:
            for line in journal.read_text(encoding="utf-8").splitlines():
                self.read(json.loads(line))

    def read(self, line: dict) -> None:
        if "wrong" in line:
            self.wrong.append(line["wrong"])
            return
        key = line["kind"], line["key"]
        value = GONE if line["value"] is None else line["value"]
        self.writes[key][line["told"]] += 1
        if line["told"] == "ok":
            self.may_be[key] = [value]
        else:
            self.may_be[key] = [*self.may_be.get(key, [GONE]), value]

    def of(self, kind: str) -> dict[str, list]:
        return {key: states for (each, key), states in self.may_be.items() if each == kind}

    @property
    def acknowledged(self) -> int:
        return sum(told["ok"] for told in self.writes.values())


def differences(books: Books, admin: Client, db) -> list[str]:
    """Everything in which the site is not as the clients were told; empty if all is well."""
    found = [*books.wrong]
    found += _tickets(books, admin)
    found += _responses(books, admin)
    found += _parcels(books, admin)
    found += _counter(books, admin)
    found += _lists(books, db)
    found += _versions(books, db)
    found += _orphans(db)
    found += _series(db)
    found += [row[0] for row in db.execute("pragma integrity_check") if row[0] != "ok"]
    return found


def _all(admin: Client, doctype: str, *fields: str, **filters) -> list[dict]:
    return data(admin.get(resource(doctype), fields=list(fields), filters=filters, limit_page_length=0))


def _compare(kind: str, expected: dict[str, list], held: dict[str, object]) -> list[str]:
    """Each document is in one of the states that it may be in, and there is none that nobody wrote."""
    wrong = [
        f"{kind} {key}: {held.get(key, GONE)} instead of {states}"
        for key, states in expected.items()
        if held.get(key, GONE) not in states
    ]
    return wrong + [f"{kind} {key}: nobody wrote it" for key in held.keys() - expected.keys()]


def _doubled(kind: str, keys: list[str]) -> list[str]:
    return [f"{kind} {key}: {times} times" for key, times in Counter(keys).items() if times > 1]


def _tickets(books: Books, admin: Client) -> list[str]:
    rows = _all(admin, "Issue Ticket", "source", "external_id", "place", source=["in", ["load", "duel"]])
    by_source = {"ticket": "load", "duel": "duel"}
    out = _doubled("ticket", [f"{row['source']} {row['external_id']}" for row in rows])
    for kind, source in by_source.items():
        held = {row["external_id"]: row["place"] or "" for row in rows if row["source"] == source}
        out += _compare(kind, books.of(kind), held)
    twice = [key for (kind, key), told in books.writes.items() if kind == "duel" and told["ok"] > 1]
    return out + [f"duel {key}: won twice" for key in twice]


def _responses(books: Books, admin: Client) -> list[str]:
    rows = _all(admin, "Satisfaction Response", "comment", "rating")
    held = {row["comment"]: row["rating"] for row in rows}
    return _doubled("response", [row["comment"] for row in rows]) + _compare(
        "response", books.of("response"), held
    )


def _parcels(books: Books, admin: Client) -> list[str]:
    heads = _all(admin, PARCEL, "name", "tag", "total", "docstatus")
    rows = defaultdict(list)
    for row in data(
        admin.get(
            resource(ROW),
            fields=["parent", "weight", "idx"],
            parent=PARCEL,
            order_by="parent, idx",
            limit_page_length=0,
        )
    ):
        rows[row["parent"]].append(row["weight"])
    out = _doubled("parcel", [head["tag"] for head in heads])
    out += [
        f"parcel {head['tag']}: total {head['total']}, rows {rows[head['name']]}"
        for head in heads
        if head["total"] != sum(rows[head["name"]])
    ]
    held = {head["tag"]: [head["docstatus"], rows[head["name"]]] for head in heads if "/" not in head["tag"]}
    out += _compare("parcel", books.of("parcel"), held)
    together = Counter(head["tag"].split("/")[0] for head in heads if "/" in head["tag"])
    return out + _compare("insert_many", books.of("many"), together)


def _counter(books: Books, admin: Client) -> list[str]:
    (row,) = _all(admin, COUNTER, "number")
    told = books.writes["counter", "shared"]
    if told["ok"] <= row["number"] <= told["ok"] + told["lost"]:
        return []
    return [f"counter: {row['number']} after {dict(told)}"]


def _lists(books: Books, db) -> list[str]:
    """A list is published with its one strike, or it is a draft without any."""
    out = []
    strikes = dict(
        db.execute(
            'select item, sum(quantity) from "tabMerit Ledger Entry" where party = ? group by item',
            [BLACK_UNIT],
        )
    )
    rows = db.execute('select board, docstatus, name from "tabRed Black List"').fetchall()
    for board, docstatus, name in rows:
        entries = db.execute('select count(*) from "tabRed Black List Entry" where parent = ?', [name])
        if (strikes.get(board, 0), entries.fetchone()[0]) != (docstatus, 1):
            out.append(f"list {name}: docstatus {docstatus}, strikes {strikes.get(board, 0)}")
    published = {board: 1 for board, docstatus, _name in rows if docstatus == 1}
    return out + _compare("list", books.of("list"), published) + _doubled("list", [row[0] for row in rows])


def _versions(books: Books, db) -> list[str]:
    """Each change of a ticket has left one Version, and no more."""
    versions = dict(
        db.execute(
            "select external_id, (select count(*) from tabVersion where ref_doctype = 'Issue Ticket' "
            "and docname = ticket.name) from \"tabIssue Ticket\" ticket where source = 'load'"
        )
    )
    out = []
    for key, number in versions.items():
        told = books.writes["ticket", key]
        # the first write of each was its creation
        if not told["ok"] + told["lost"] - 1 >= number >= max(0, told["ok"] - 1):
            out.append(f"ticket {key}: {number} versions after {dict(told)}")
    return out


def _orphans(db) -> list[str]:
    """Rows of a table whose document is not there."""
    out = []
    tables = {row[0] for row in db.execute("select name from sqlite_master where type = 'table'")}
    for (doctype,) in db.execute("select name from tabDocType where istable = 1").fetchall():
        table = f"tab{doctype}"
        if table not in tables:
            continue
        for (parent,) in db.execute(f'select distinct parenttype from "{table}"').fetchall():
            if f"tab{parent}" not in tables:
                continue
            missing = db.execute(
                f'select count(*) from "{table}" where parenttype = ? and parent not in '
                f'(select name from "tab{parent}")',
                [parent],
            ).fetchone()[0]
            if missing:
                out.append(f"{missing} rows of {doctype} without their {parent}")
    return out


def _series(db) -> list[str]:
    """A number that was rolled back, or whose document was deleted as the last one, is given again: so
    there are no holes."""
    out = []
    for doctype in ("Issue Ticket", PARCEL):
        names = [name for (name,) in db.execute(f'select name from "tab{doctype}"')]
        deleted = db.execute(
            'select deleted_name from "tabDeleted Document" where deleted_doctype = ?', [doctype]
        ).fetchall()
        numbers = {int(name[-6:]) for name in [*names, *(name for (name,) in deleted)]}
        if len(names) != len(set(names)) or numbers != set(range(1, len(numbers) + 1)):
            out.append(f"series of {doctype}: {len(numbers)} numbers, up to {max(numbers)}")
    return out
