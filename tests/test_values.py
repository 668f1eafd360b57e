"""No value in any field crashes the server: each is taken, or refused with 4xx and nothing is written."""

from __future__ import annotations

import os

import pytest
from stress import sweep
from stress.campaign import People, send
from stress.client import data, resource
from stress.judge import Contents, Judge
from stress.nonsense import SENSIBLE, fill
from stress.server import Server, without_clock
from stress.town import Town, build

SOAK = os.environ.get("HYPOTHESIS_PROFILE") == "soak"
# One of each kind; in the app's DocTypes all of them under soak, when the host's are asked too.
FEW = ([5], "garbage", True)
APP = "Cadre Incentive"
# What is changed there may well take the site from under the others.
LAST = ("DocType", "Module Def", "Custom Field", "Property Setter", "System Settings", "Role", "User")


@pytest.fixture
def town(bench):
    with Server(without_clock(bench)) as server:
        town = build(Town(server.url, server.administrator()))
        fill(town)
        yield town, Judge(town, Contents(server.database()))


def test_values_of_another_kind_do_not_crash(town):
    town, judge = town
    people = People(town)
    judge.contents.changed()
    requests = [
        request
        for doctype, odd in asked(town).items()
        for request in sweep.requests(town, doctype, SENSIBLE.get(doctype, {}), odd)
    ]
    for request in requests:
        send(judge, people, request)
    print(judge.report())
    assert not judge.wrong, judge.report()


def asked(town: Town) -> dict[str, tuple]:
    """The values that each DocType is to be tried with, the most fragile one last."""
    fields = ["name", "module", "istable"]
    rows = data(town.admin.get(resource("DocType"), fields=fields, limit_page_length=0))
    rows = [row for row in rows if not row["istable"] and (SOAK or row["module"] == APP)]
    rows.sort(key=lambda row: (LAST.index(row["name"]) if row["name"] in LAST else -1, row["name"]))
    return {row["name"]: sweep.ODD if SOAK and row["module"] == APP else FEW for row in rows}
