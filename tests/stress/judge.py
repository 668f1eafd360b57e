"""What is wrong with an answer, and with what the request did to the database."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import time
from collections import Counter
from dataclasses import dataclass, field

from .client import Answer, data, resource
from .routes import Request
from .town import CADRE, GUEST, STRANGER, Town

SAFE = ("GET", "HEAD", "OPTIONS")
SLOW_SECONDS = 20
# What the host itself keeps of refused requests.
DIARIES = {
    "tabAccess Log",
    "tabActivity Log",
    "tabError Log",
    "tabScheduled Job Log",
    "tabSessions",
    "tabView Log",
}
# Who sees no record at all of these, and makes none.
NO_RECORDS = {
    "Issue Ticket": (GUEST, STRANGER, CADRE),
    "Satisfaction Response": (GUEST, STRANGER, CADRE),
    "Merit Ledger Entry": (GUEST, STRANGER),
    "Version": (GUEST, STRANGER, CADRE),
    "Deleted Document": (GUEST, STRANGER, CADRE),
}
PRESENCE = ("last_active", "last_login", "last_ip", "last_known_versions")


class Contents:
    """A digest of all that the site holds, taken anew only when somebody has committed."""

    def __init__(self, db: sqlite3.Connection):
        self.db = db
        self.version = None
        self.digest: dict[str, str] = {}

    def changed(self) -> list[str]:
        """Tables that are not as they were when this was asked before."""
        version = self.db.execute("pragma data_version").fetchone()[0]
        if version == self.version:
            return []
        before, self.version, self.digest = self.digest, version, self.read()
        return sorted(
            table
            for table in before.keys() | self.digest.keys()
            if before.get(table) != self.digest.get(table)
        )

    def last_error(self) -> str:
        """What the Error Log says of the last crash."""
        row = self.db.execute('select error from "tabError Log" order by creation desc limit 1').fetchone()
        return row[0] if row else ""

    def caught(self) -> Counter:
        """Crashes of the host that its net has turned into 417; the Error Log keeps them."""
        return Counter(
            culprit(error or "") for (error,) in self.db.execute('select error from "tabError Log"')
        )

    def read(self) -> dict[str, str]:
        tables = [
            name
            for (name,) in self.db.execute("select name from sqlite_master where type = 'table'")
            if name not in DIARIES and not name.startswith("sqlite_")
        ]
        return {table: self.digest_of(table) for table in tables}

    def digest_of(self, table: str) -> str:
        digest = hashlib.md5()
        columns = [row[1] for row in self.db.execute(f'pragma table_info("{table}")')]
        kept = ", ".join(f'"{column}"' for column in columns if column not in PRESENCE)
        for row in self.db.execute(f'select {kept} from "{table}" order by rowid'):
            digest.update(repr(row).encode("utf-8", "surrogatepass"))
        return digest.hexdigest()


@dataclass
class Judge:
    """Keeps count, and one example of each kind of wrong answer."""

    town: Town
    contents: Contents | None = None
    # On a bench Frappe's own crashes are counted, those of the app are wrong.
    app_only: bool = False
    elsewhere: Counter = field(default_factory=Counter)
    statuses: Counter = field(default_factory=Counter)
    wrong: dict[str, str] = field(default_factory=dict)
    times: Counter = field(default_factory=Counter)

    def look(self, request: Request, answer: Answer, started: float) -> None:
        self.statuses[answer.status] += 1
        if time.monotonic() - started > SLOW_SECONDS:
            self.add("slow", request, answer)
        if answer.status >= 500:
            self.look_at_crash(request, answer)
        for place in self.town.seen(request.person, answer.text):
            self.add(f"{request.person} saw: {place} by {request.what}", request, answer)
        self.look_at_count(request, answer)
        if self.contents:
            tables = self.contents.changed()
            if tables and (answer.status >= 400 or request.verb in SAFE):
                self.add(f"{request.verb} {answer.status} wrote {tables} by {request.what}", request, answer)

    def look_at_crash(self, request: Request, answer: Answer) -> None:
        trace = told_trace(answer) or (self.contents or self).last_error()
        kind = f"{answer.status} {culprit(trace)}"
        if self.app_only and not in_the_app(trace):
            self.elsewhere[kind] += 1
        else:
            self.add(kind, request, answer, trace)

    def last_error(self) -> str:
        """What the Error Log says of the last crash, asked over HTTP."""
        newest = {"fields": ["error"], "order_by": "creation desc", "limit_page_length": 1}
        self.town.admin.close()
        rows = data(self.town.admin.get(resource("Error Log"), **newest))
        return rows[0]["error"] if rows else ""

    def look_at_count(self, request: Request, answer: Answer) -> None:
        """Who may not see records does not learn their number either."""
        if answer.status != 200 or request.person not in NO_RECORDS.get(request.counts, ()):
            return
        try:
            told = answer.json()
            number = told.get("message", told.get("data"))
        except (ValueError, AttributeError):
            return
        if isinstance(number, int) and number:
            self.add(f"{request.person} counted {number} of {request.counts}", request, answer)

    def add(self, kind: str, request: Request, answer: Answer | None = None, trace: str = "") -> None:
        self.times[kind] += 1
        said = f"\n    {answer.status} {trace[-1500:] or answer.text[-1500:]}" if answer else ""
        self.wrong.setdefault(kind, f"{request}{said}")

    def report(self) -> str:
        lines = [f"{self.times[kind]} × {kind}\n    {example}" for kind, example in self.wrong.items()]
        lines += [f"{times} × {kind} (not the app's)" for kind, times in self.elsewhere.most_common()]
        caught = self.contents.caught() if self.contents else Counter()
        lines += [f"{times} × {kind} (caught, answered 4xx)" for kind, times in caught.most_common()]
        return f"{sum(self.statuses.values())} calls: {dict(self.statuses)}\n" + "\n".join(lines)


def told_trace(answer: Answer) -> str:
    """The traceback in an answer of either version, empty where there is none."""
    try:
        told = answer.json()
        if told.get("errors"):
            return "".join(each.get("exception") or "" for each in told["errors"])
        return "".join(json.loads(told.get("exc") or "[]"))
    except (ValueError, AttributeError):
        return ""


def culprit(trace: str) -> str:
    """Where an exception was raised: its last line, and the last line of code that the traceback names."""
    frames = re.findall(r'File "([^"]+)", line (\d+)', trace)
    last = trace.strip().splitlines()[-1][:160] if trace.strip() else ""
    return f"{last} {':'.join(frames[-1]) if frames else ''}"


def in_the_app(trace: str) -> bool:
    """Whether a traceback passes through the app's code."""
    return "/cadre_incentive/" in trace
