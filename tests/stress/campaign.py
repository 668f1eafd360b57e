"""Sends what a strategy draws, and collects what was wrong; it goes on after a wrong answer."""

from __future__ import annotations

import http.client
import re
import time

from hypothesis import HealthCheck, Phase, given, seed, settings

from .client import Client
from .judge import Judge
from .routes import Request, requests
from .town import BY_COOKIE, Town

CSRF = re.compile(r"""csrf_token["']?\s*(?:=|:|value=)\s*["']([0-9a-zA-Z]{20,})""")


class People:
    """A client for each person, signed in anew when a request has ended the session."""

    def __init__(self, town: Town):
        self.town = town
        self.clients: dict[str, Client] = {}

    def client(self, person: str) -> Client:
        if person not in self.clients:
            client = self.clients[person] = self.town.client(person)
            if person in BY_COOKIE:
                client.headers["X-Frappe-CSRF-Token"] = csrf_token(client)
        return self.clients[person]

    def forget(self, person: str) -> None:
        self.clients.pop(person).close()


def csrf_token(client: Client) -> str:
    """The token that a booting page carries; from then on the session asks for it."""
    found = CSRF.search(client.send("GET", "/app", headers={"Accept": "text/html"}).text)
    return found[1] if found else ""


def run(judge: Judge, persons: tuple[str, ...], calls: int, number: int) -> None:
    """`calls` requests; `number` seeds them."""
    people = People(judge.town)

    @seed(number)
    @settings(
        max_examples=calls,
        deadline=None,
        database=None,
        derandomize=False,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(requests(judge.town, persons))
    def each(request: Request) -> None:
        send(judge, people, request)

    each()


def send(judge: Judge, people: People, request: Request) -> None:
    client = people.client(request.person)
    if judge.app_only:
        client.close()  # a bench does not keep connections for long
    before = dict(client.cookies)
    started = time.monotonic()
    try:
        answer = client.send(request.verb, request.path, request.body, request.headers)
    except (OSError, http.client.HTTPException) as error:
        judge.add(f"no answer: {error!r}", request)
        people.forget(request.person)
        return
    judge.look(request, answer, started)
    if client.cookies != before and request.person in BY_COOKIE:
        people.forget(request.person)
