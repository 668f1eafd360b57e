"""Nonsense and half-sense to every route, as many kinds of people: no 5xx, nothing seen that one may not
see, nothing written by a call that was refused or only reads.

STRESS_URL, STRESS_HOST (header), STRESS_PASSWORD (of Administrator) and STRESS_CALLS point the same at a
site of a real bench, on which much is broken afterwards: there only crashes in the app's code count.
STRESS_SEED chooses other requests (and, there, other names).
"""

from __future__ import annotations

import os
import time

import pytest
from stress.campaign import run
from stress.client import Client, ok
from stress.judge import Contents, Judge
from stress.nonsense import fill
from stress.server import Server, without_clock
from stress.town import BOUND, FREE, Town, build

SOAK = os.environ.get("HYPOTHESIS_PROFILE") == "soak"
# A site lasts for one round: whoever may do everything breaks it in time.
ROUNDS, CALLS = (5, 2200) if SOAK else (1, int(os.environ.get("STRESS_CALLS") or 160))
BENCH = os.environ.get("STRESS_URL")
FIRST = int(os.environ.get("STRESS_SEED") or (time.time() if SOAK else 0))


@pytest.mark.skipif(bool(BENCH), reason="a bench was named")
@pytest.mark.parametrize("number", range(FIRST, FIRST + ROUNDS))
@pytest.mark.parametrize("persons", [BOUND, FREE], ids=["who see a part", "who see all"])
def test_every_request_is_answered_and_judged(bench, persons, number):
    with Server(without_clock(bench)) as server:
        town = build(Town(server.url, server.administrator()))
        fill(town)
        judge = Judge(town, Contents(server.database()))
        judge.contents.changed()
        run(judge, persons, CALLS, number)
    print(judge.report())
    assert not judge.wrong, judge.report()


@pytest.mark.skipif(not BENCH, reason="no bench was named")
def test_the_app_on_a_bench():
    host, password = os.environ.get("STRESS_HOST"), os.environ.get("STRESS_PASSWORD", "admin")
    admin = Client(BENCH, host=host)
    ok(admin.login("Administrator", password))
    town = build(Town(BENCH, admin, password, host, prefix=f"Town{FIRST}"))
    fill(town)
    for persons in (BOUND, FREE):
        judge = Judge(town, app_only=True)
        run(judge, persons, CALLS, FIRST)
        print(judge.report())
        assert not judge.wrong, judge.report()
