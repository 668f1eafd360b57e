"""The site that is asked: people who may see different things, and records that carry canaries.

A canary is a text that stands in one place only and in no request: whoever reads one has seen that place.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field

from .client import Client, data, make_user, message, resource

GUEST, STRANGER, CADRE, STAFF, VISITOR = "guest", "stranger", "cadre", "staff", "visitor"
LEADER, OFFICER, INTEGRATOR, MANAGER, ADMINISTRATOR = (
    "leader",
    "officer",
    "integrator",
    "manager",
    "administrator",
)
# Who may see a part or nothing; `visitor` is staff of the same unit, by cookie and CSRF token. Who sees
# a part has the more to find.
BOUND = (GUEST, STRANGER, CADRE, STAFF, STAFF, STAFF, VISITOR, VISITOR)
FREE = (LEADER, OFFICER, INTEGRATOR, MANAGER, ADMINISTRATOR)
BY_COOKIE = (VISITOR, ADMINISTRATOR)
ROLES = {
    STRANGER: ("Unit Staff",),
    CADRE: ("Cadre",),
    STAFF: ("Unit Staff",),
    VISITOR: ("Unit Staff", "Unit Principal"),
    LEADER: ("Leader",),
    OFFICER: ("Assessment Officer", "Duty Officer"),
    INTEGRATOR: ("Integrator",),
    MANAGER: ("System Manager", "Incentive Administrator"),
}
OF_UNIT = {STAFF, VISITOR}
PERIOD, LATE = "2024-09", "2024-09-02 09:00:00"


@dataclass
class Town:
    """Who and what there is; `names` are the names of documents by DocType, for requests that make sense."""

    url: str
    admin: Client
    admin_password: str = "admin"
    host: str | None = None
    prefix: str = "Town"
    tokens: dict[str, str] = field(default_factory=dict)
    canaries: dict[str, tuple[str, frozenset[str]]] = field(default_factory=dict)
    names: dict[str, list[str]] = field(default_factory=dict)
    password: str = "Str3ss-" + secrets.token_hex(6)

    def user(self, person: str) -> str:
        return f"{self.prefix}-{person}@example.com".lower()

    def canary(self, place: str, *seen_by: str) -> str:
        """A new text for one place, which only these may read."""
        text = f"canary{secrets.token_hex(8)}"
        self.hide(text, place, *seen_by)
        return text

    def hide(self, text: str, place: str, *seen_by: str) -> None:
        self.canaries[text] = (place, frozenset(seen_by))

    def seen(self, person: str, body: str) -> list[str]:
        """The places that `person` should not have seen."""
        return [place for text, (place, may) in self.canaries.items() if text in body and person not in may]

    def make(self, doctype: str, **values) -> str:
        name = data(self.admin.post(resource(doctype), values))["name"]
        self.names.setdefault(doctype, []).append(name)
        return name

    def client(self, person: str) -> Client:
        if person in self.tokens:
            return Client(self.url, self.tokens[person], self.host)
        client = Client(self.url, host=self.host)
        known = {
            VISITOR: (self.user(VISITOR), self.password),
            ADMINISTRATOR: ("Administrator", self.admin_password),
        }
        if person in known:
            client.login(*known[person])
        return client


def build(town: Town) -> Town:
    # Whoever guesses passwords would else lock out everybody, for all come from one address.
    no_lock = {"allow_consecutive_login_attempts": 0, "language": "en", "time_zone": "Asia/Shanghai"}
    assert town.admin.put(resource("System Settings", "System Settings"), no_lock).status == 200
    units = {code: f"{town.prefix}-{code}" for code in ("A", "A1", "B")}
    for code, parent in (("A", None), ("A1", "A"), ("B", None)):
        town.make(
            "Government Unit",
            unit_code=units[code],
            unit_name=f"Office {code}",
            is_group=int(code == "A"),
            parent_government_unit=parent and units[parent],
        )
    category = town.make(
        "Problem Category",
        category_name=f"{town.prefix} roads",
        time_limit=5,
        time_limit_unit="Calendar Days",
    )
    for person, roles in ROLES.items():
        email = town.user(person)
        more = {"new_password": town.password} if person == VISITOR else {}
        bound = [units["A"]] if person in OF_UNIT else []
        seers = (person, MANAGER, ADMINISTRATOR)
        # of users without the desk Frappe shows others nothing but the name
        more["bio"] = town.canary(f"biography of {person}", *seers)
        token = make_user(town.admin, email, *roles, units=bound, **more)
        town.hide(token.split(":")[1], f"API secret of {person}")
        if person != VISITOR:
            town.tokens[person] = token
        town.names.setdefault("User", []).append(email)
    town.hide("$argon2", "hash of a password")
    town.hide("$pbkdf2", "hash of a password")
    for code in units:
        records_of_unit(town, units[code], category, (*FREE, *(OF_UNIT if code != "B" else ())))
    cadres(town, units)
    lists(town)
    for doctype in ("Role", "DocType", "Report", "User Permission"):
        town.names[doctype] = [
            row["name"] for row in data(town.admin.get(resource(doctype), limit_page_length=10))
        ]
    return town


def records_of_unit(town: Town, unit: str, category: str, seers: tuple[str, ...]) -> None:
    """Tickets, answers, comments, versions, a file, a deleted ticket."""
    about = {"unit": unit, "category": category, "reported_on": LATE}

    def canary(place: str, *others: str) -> str:
        return town.canary(f"{place} of {unit}", *(others or seers))

    for _ in range(11):
        ticket = town.make(
            "Issue Ticket",
            subject=canary("subject"),
            description=canary("description"),
            place=canary("first place"),
            **about,
        )
    changed = town.admin.put(resource("Issue Ticket", ticket), {"place": canary("place")})
    assert changed.status == 200, changed.text
    town.make("Satisfaction Response", ticket=ticket, rating=2, comment=canary("answer"))
    town.make(
        "Comment",
        comment_type="Comment",
        reference_doctype="Issue Ticket",
        reference_name=ticket,
        content=canary("comment"),
    )
    about_ticket = {"reference_type": "Issue Ticket", "reference_name": ticket}
    town.make("ToDo", description=canary("task"), allocated_to="Administrator", **about_ticket)
    attach(town, ticket, canary("file"))
    gone = town.make("Issue Ticket", subject=canary("deleted ticket", MANAGER, ADMINISTRATOR), **about)
    assert town.admin.delete(resource("Issue Ticket", gone)).status == 202


def attach(town: Town, ticket: str, content: str) -> None:
    args = {"filename": f"{ticket}.txt", "filedata": content, "doctype": "Issue Ticket", "docname": ticket}
    file = message(town.admin.call("frappe.client.attach_file", is_private=1, **args))
    town.names.setdefault("File", []).append(file["name"])
    town.names.setdefault("address", []).append(file["file_url"])


def cadres(town: Town, units: dict[str, str]) -> None:
    """One in each unit; the one of A1 is `cadre`."""
    for code, unit in units.items():
        seers = (*FREE, CADRE, *OF_UNIT) if code == "A1" else (*FREE, *(OF_UNIT if code == "A" else ()))
        seers = tuple(person for person in seers if person != INTEGRATOR)
        town.make(
            "Cadre",
            cadre_code=f"{town.prefix}-C{code}",
            full_name=town.canary(f"name of the cadre of {unit}", *seers),
            unit=unit,
            user=town.user(CADRE) if code == "A1" else None,
        )


def lists(town: Town) -> None:
    """A published list with its strikes, and a draft."""
    for title in ("published", "draft"):
        board = town.make("List Board", board_name=f"{town.prefix} {title}", metric="On-time Rate")
        answer = town.admin.call("cadre_incentive.api.lists.rebuild", period=PERIOD, board=board)
        name = message(answer)[0]["name"]
        town.names.setdefault("Red Black List", []).append(name)
        if title == "published":
            message(town.admin.call("cadre_incentive.api.lists.publish", name=name))
            continue
        draft = data(town.admin.get(resource("Red Black List", name)))
        drafters = tuple(person for person in FREE if person != INTEGRATOR)
        town.hide(draft["input_digest"], "digest of a draft", *drafters)
        for row in draft["entries"]:
            town.hide(row["name"], "row of a draft", *drafters)
    readers = tuple(person for person in FREE if person != INTEGRATOR)
    fields = json.dumps(["name", "party"])
    for row in data(town.admin.get(resource("Merit Ledger Entry"), fields=fields, limit_page_length=0)):
        mine = OF_UNIT if not row["party"].endswith("-B") else ()
        town.hide(row["name"], f"ledger of {row['party']}", *readers, *mine)
        town.names.setdefault("Merit Ledger Entry", [])
