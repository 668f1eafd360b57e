"""No value in any field crashes the server: each is taken, or refused with 4xx and nothing is written."""

from __future__ import annotations

import os

import pytest
from stress import sweep
from stress.campaign import People, send
from stress.client import data, resource
from stress.judge import Contents, Judge
from stress.nonsense import SENSIBLE, fill
from stress.server import Server
from stress.town import Town, build

SOAK = os.environ.get("HYPOTHESIS_PROFILE") == "soak"
# One of each kind; all of them, and the host's own DocTypes too, under soak.
FEW = ([5], "garbage", True)


@pytest.fixture
def town(bench):
    with Server(bench) as server:
        town = build(Town(server.url, server.administrator()))
        fill(town)
        yield town, Judge(town, Contents(server.database()))


def test_values_of_another_kind_do_not_crash(town):
    town, judge = town
    people = People(town)
    judge.contents.changed()
    for doctype in doctypes(town):
        for request in sweep.requests(town, doctype, SENSIBLE.get(doctype, {}), sweep.ODD if SOAK else FEW):
            send(judge, people, request)
    print(judge.report())
    assert not judge.wrong, judge.report()


def doctypes(town: Town) -> list[str]:
    asked = {} if SOAK else {"filters": {"module": "Cadre Incentive"}}
    rows = data(town.admin.get(resource("DocType"), fields=["name", "istable"], limit_page_length=0, **asked))
    # what is changed there may well take the site from under the others
    last = ("DocType", "Module Def", "Custom Field", "Property Setter", "System Settings", "User", "Role")
    names = [row["name"] for row in rows if not row["istable"] and row["name"] not in last]
    return names + [name for name in last if SOAK]
