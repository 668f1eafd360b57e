"""One client of many: `python -m stress.traffic URL TOKEN NAME SECONDS JOURNAL [mortal]`, inside tests/.

It reads and writes at random (its name is the seed) and writes down what it was told, one JSON line for
each write: `{"kind", "key", "value", "told": "ok" | "lost"}`. A value of null means that the document is
gone; "lost" that no answer came, so that the write has happened or has not. Anything else that an answer
may be wrong in is a line `{"wrong": …}`. With `mortal` the server may die: the client ends with it.
"""

from __future__ import annotations

import http.client
import json
import random
import sys
import time
from urllib.parse import quote

from .client import Answer, Client, resource

PARCEL, ROW, COUNTER = "Load Parcel", "Load Parcel Row", "Load Counter"
UNIT, CATEGORY, BLACK_UNIT, PERIOD = "LOAD-A", "Load roads", "LOAD-BLACK", "2024-09"
LISTS = "cadre_incentive.api.lists"
ROWS_AT_MOST = 6


class Lost(Exception):
    """No answer came."""


class Traffic:
    def __init__(self, url: str, token: str, name: str, journal, mortal: bool):
        self.client = Client(url, token)
        self.name = name
        self.dice = random.Random(name)
        self.journal = journal
        self.mortal = mortal
        self.count = 0
        self.tickets: dict[str, tuple[str, str]] = {}  # name: key, place
        self.parcels: dict[str, str] = {}  # name: key

    def run(self, seconds: float) -> None:
        steps = [
            (self.new_ticket, 6), (self.change_ticket, 5), (self.new_response, 4), (self.new_parcel, 4),
            (self.change_parcel, 3), (self.submit_parcel, 1), (self.delete_parcel, 1), (self.insert_many, 1),
            (self.count_up, 3), (self.duel, 3), (self.publish, 1), (self.read_back, 5), (self.read_lists, 4),
        ]  # fmt: skip
        choices, weights = zip(*steps, strict=True)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                self.dice.choices(choices, weights)[0]()
            except Lost:
                if self.mortal:
                    return
                self.note(wrong="the connection was lost")

    def note(self, **line) -> None:
        self.journal.write(json.dumps(line) + "\n")
        self.journal.flush()

    def tag(self) -> str:
        self.count += 1
        return f"{self.name}-{self.count}"

    def ask(self, send, *args, expected=(200,), **kwargs) -> Answer:
        """Send; an answer that nobody should get is written down."""
        try:
            answer = send(*args, **kwargs)
        except (OSError, http.client.HTTPException):
            raise Lost from None
        if answer.status not in expected or "database is locked" in answer.text:
            self.note(wrong=f"{args[:1]} {answer.status} {answer.text[:1500]}")
        return answer

    def write(self, kind: str, key: str, value, send, *args, expected=(200,), **kwargs) -> Answer | None:
        """A write whose outcome goes into the journal; None where it was refused."""
        try:
            answer = self.ask(send, *args, expected=expected, **kwargs)
        except Lost:
            self.note(kind=kind, key=key, value=value, told="lost")
            raise
        if answer.status >= 300:
            return None
        self.note(kind=kind, key=key, value=value, told="ok")
        return answer

    def post(self, doctype: str, kind: str, key: str, value, body: dict, **kwargs) -> str | None:
        answer = self.write(kind, key, value, self.client.post, resource(doctype), body, **kwargs)
        return answer and answer.json()["data"]["name"]

    # tickets and answers

    def ticket(self, source: str, key: str) -> dict:
        return {
            "unit": UNIT,
            "category": CATEGORY,
            "source": source,
            "external_id": key,
            "place": "",
            "description": f"Report {key}",
        }

    def new_ticket(self) -> None:
        key = self.tag()
        if name := self.post("Issue Ticket", "ticket", key, "", self.ticket("load", key)):
            self.tickets[name] = (key, "")

    def change_ticket(self) -> None:
        if not self.tickets:
            return self.new_ticket()
        name = self.dice.choice(list(self.tickets))
        key, _place = self.tickets.pop(name)
        place = self.tag()
        if self.dice.random() < 0.5:
            send = (self.client.put, resource("Issue Ticket", name), {"place": place})
        else:
            body = {"doctype": "Issue Ticket", "name": name, "fieldname": "place", "value": place}
            send = (self.client.post, "/api/method/frappe.client.set_value", body)
        if self.write("ticket", key, place, *send):
            self.tickets[name] = (key, place)

    def new_response(self) -> None:
        if not self.tickets:
            return
        key, rating = self.tag(), self.dice.randint(1, 5)
        body = {"ticket": self.dice.choice(list(self.tickets)), "rating": rating, "comment": key}
        self.post("Satisfaction Response", "response", key, rating, body)

    def duel(self) -> None:
        """All clients report the same thing at the same time; one of them is first."""
        key = f"duel-{int(time.time() * 3)}"
        body = self.ticket("duel", key)
        self.post("Issue Ticket", "duel", key, "", body, expected=(200, 409))

    # documents with rows

    def rows(self) -> list[int]:
        return [self.dice.randint(1, 99) for _ in range(self.dice.randint(1, ROWS_AT_MOST))]

    def parcel(self, key: str, weights: list[int]) -> dict:
        return {"tag": key, "total": sum(weights), "rows": [{"weight": weight} for weight in weights]}

    def new_parcel(self) -> None:
        key, weights = self.tag(), self.rows()
        if name := self.post(PARCEL, "parcel", key, [0, weights], self.parcel(key, weights)):
            self.parcels[name] = key

    def change_parcel(self) -> None:
        if not self.parcels:
            return self.new_parcel()
        name, key = self.take_parcel()
        weights = self.rows()
        body = self.parcel(key, weights)
        if self.write("parcel", key, [0, weights], self.client.put, resource(PARCEL, name), body):
            self.parcels[name] = key

    def take_parcel(self) -> tuple[str, str]:
        name = self.dice.choice(list(self.parcels))
        return name, self.parcels.pop(name)

    def submit_parcel(self) -> None:
        if not self.parcels:
            return
        name, key = self.take_parcel()
        doc = self.ask(self.client.get, resource(PARCEL, name)).json()["data"]
        weights = [row["weight"] for row in doc["rows"]]
        body = {"doc": doc}
        self.write("parcel", key, [1, weights], self.client.post, "/api/method/frappe.client.submit", body)

    def delete_parcel(self) -> None:
        if not self.parcels:
            return
        name, key = self.take_parcel()
        self.write("parcel", key, None, self.client.delete, resource(PARCEL, name), expected=(202,))

    def insert_many(self) -> None:
        """Three at once: all of them or none, which is told under one key."""
        key = self.tag()
        docs = [{"doctype": PARCEL, **self.parcel(f"{key}/{n}", self.rows())} for n in range(3)]
        body = {"docs": docs}
        self.write("many", key, 3, self.client.post, "/api/method/frappe.client.insert_many", body)

    # what all share

    def count_up(self) -> None:
        """Read, add one, write back: refused where somebody else was faster, so that nothing is lost."""
        address = resource(COUNTER, "shared")
        doc = self.ask(self.client.get, address).json()["data"]
        body = {"number": doc["number"] + 1, "modified": doc["modified"]}
        self.write("counter", "shared", body["number"], self.client.put, address, body, expected=(200, 417))

    def publish(self) -> None:
        """A board of one's own, its list and the strikes that it posts."""
        key = self.tag()
        body = {"board_name": key, "metric": "On-time Rate"}
        self.ask(self.client.post, resource("List Board"), body)
        answer = self.ask(self.client.call, f"{LISTS}.rebuild", period=PERIOD, board=key)
        name = answer.json()["message"][0]["name"]
        self.write("list", key, 1, self.client.post, f"/api/method/{LISTS}.publish", {"name": name})

    # reads

    def read_back(self) -> None:
        """What was acknowledged is there at once."""
        if not self.tickets:
            return
        name = self.dice.choice(list(self.tickets))
        doc = self.ask(self.client.get, resource("Issue Ticket", name)).json()["data"]
        if (doc["external_id"], doc.get("place") or "") != self.tickets[name]:
            self.note(wrong=f"{name}: {self.tickets[name]} acknowledged, {doc} read")

    def read_lists(self) -> None:
        get = self.client.get
        self.ask(get, resource("Issue Ticket"), fields=["name", "place"], order_by="creation desc")
        self.ask(get, resource(PARCEL), filters=[["total", ">", 50]], fields=["*"])
        self.ask(get, "/api/method/frappe.client.get_count", doctype="Issue Ticket", filters={"unit": UNIT})
        answer = self.ask(get, f"/api/v2/document/{quote(COUNTER)}", fields=["name", "number"])
        if len(answer.json()["data"]) != 1:
            self.note(wrong=answer.text)


def main(url, token, name, seconds, journal, mortal="") -> None:
    with open(journal, "a", encoding="utf-8") as file:
        Traffic(url, token, name, file, bool(mortal)).run(float(seconds))


if __name__ == "__main__":
    main(*sys.argv[1:])
