"""Nonsense and half-sense to every route, as many kinds of people: no 5xx, nothing seen that one may not
see, nothing written by a call that was refused or only reads."""

from __future__ import annotations

import os
import time

import pytest
from stress.campaign import run
from stress.judge import Contents, Judge
from stress.nonsense import fill
from stress.server import Server
from stress.town import BOUND, FREE, Town, build

SOAK = os.environ.get("HYPOTHESIS_PROFILE") == "soak"
# A site lasts for one round: whoever may do everything breaks it in time.
ROUNDS, CALLS = (5, 2200) if SOAK else (1, int(os.environ.get("STRESS_CALLS") or 160))
FIRST = int(os.environ.get("STRESS_SEED") or (time.time() if SOAK else 0))


@pytest.mark.parametrize("number", range(FIRST, FIRST + ROUNDS))
@pytest.mark.parametrize("persons", [BOUND, FREE], ids=["who see a part", "who see all"])
def test_every_request_is_answered_and_judged(bench, persons, number):
    with Server(bench) as server:
        town = build(Town(server.url, server.administrator()))
        fill(town)
        judge = Judge(town, Contents(server.database()))
        judge.contents.changed()
        run(judge, persons, CALLS, number)
    print(judge.report())
    assert not judge.wrong, judge.report()
