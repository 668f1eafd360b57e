"""Two processes at once, and one that is killed in the middle: lists and ledger agree all the same (E1)."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from benches import SITE

WORKER = Path(__file__).with_name("race_worker.py")


class Site:
    def __init__(self, bench):
        self.sites = bench.root / "sites"
        self.go = bench.root / "go"

    def start(self, *args: str) -> subprocess.Popen:
        return subprocess.Popen(
            [sys.executable, str(WORKER), SITE, *args],
            cwd=self.sites,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *args: str):
        """The answer of a worker; None where it was killed."""
        return _answer(self.start(*args))

    def race(self, *runners: tuple[str, str]) -> list:
        """Let workers (action, board) loose at the same moment; their answers."""
        workers = [self.start(action, board, str(self.go)) for action, board in runners]
        for worker in workers:
            line = worker.stdout.readline()
            assert line == "ready\n", worker.communicate()[1]
        self.go.touch()
        answers = [_answer(worker) for worker in workers]
        self.go.unlink()
        return answers


def _answer(worker: subprocess.Popen):
    out, err = worker.communicate(timeout=120)
    if worker.returncode == -9:
        return None
    assert worker.returncode == 0, err
    return json.loads(out.splitlines()[-1])


@pytest.fixture
def site(bench) -> Site:
    site = Site(bench)
    site.run("setup")
    return site


def test_two_rebuilds_of_one_board_make_one_draft(site):
    answers = site.race(("rebuild", "First"), ("rebuild", "First"))
    assert answers == ["First-2024-09-v1"] * 2
    shown = site.run("show")
    assert shown["lists"] == {"First-2024-09-v1": [0, "Draft", None]}
    assert shown["entries"] == 1


def test_rebuilds_of_two_boards_do_not_hinder_each_other(site):
    answers = site.race(("rebuild", "First"), ("rebuild", "Second"))
    assert answers == ["First-2024-09-v1", "Second-2024-09-v1"]


def test_two_boards_of_one_item_published_at_once_strike_once(site):
    for board in ("First", "Second"):
        site.run("rebuild", board)
    answers = site.race(("publish", "First"), ("publish", "Second"))
    assert answers == ["First-2024-09-v1", "Second-2024-09-v1"]
    assert site.run("show")["posted"] == [["U1", 1]]


def test_one_draft_published_twice_at_once_is_published_once(site):
    site.run("rebuild", "First")
    assert site.race(("publish", "First"), ("publish", "First")) == ["First-2024-09-v1"] * 2
    shown = site.run("show")
    assert shown["posted"] == [["U1", 1]]
    assert shown["lists"] == {"First-2024-09-v1": [1, "Published", None]}


def test_a_rebuild_and_a_publication_take_turns(site):
    site.run("rebuild", "First")
    site.run("correct")
    site.race(("publish", "First"), ("rebuild", "First"))
    lists = site.run("show")["lists"]
    # Either the stale draft was refused and then refreshed, or the refreshed draft was published.
    assert lists in (
        {"First-2024-09-v1": [0, "Draft", None]},
        {"First-2024-09-v1": [1, "Published", None]},
    )
    assert site.run("show")["posted"] == []


def test_killed_between_superseding_and_posting_nothing_is_half_done(site):
    site.run("rebuild", "First")
    site.run("publish", "First")
    site.run("correct")
    assert site.run("rebuild", "First") == "First-2024-09-v2"
    before = site.run("show")

    assert site.run("publish_and_die", "First") is None
    assert site.run("show") == before

    assert site.run("publish", "First") == "First-2024-09-v2"
    shown = site.run("show")
    assert shown["lists"]["First-2024-09-v1"] == [1, "Superseded", "First-2024-09-v2"]
    assert shown["posted"] == [["U1", 1], ["U1", -1]]
