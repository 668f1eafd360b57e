"""`cadre-rebuild` and `cadre-publish` as their users run them: output, exit codes, refusals."""

from __future__ import annotations

import json
import math

import pytest
from test_race import Site

PERIOD = ("--period", "2024-09")


@pytest.fixture
def site(bench) -> Site:
    site = Site(bench)
    site.run("setup")
    return site


def test_json_is_one_object_for_each_board(bench, site):
    done = bench.run("cadre-rebuild", *PERIOD, "--json")
    shown = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(each["period"], each["board"]) for each in shown] == [
        ("2024-09", "First"),
        ("2024-09", "Second"),
    ]
    (entry,) = shown[0]["entries"]
    reason = entry.pop("reason")
    assert "4" in reason and "20" in reason
    low, high = entry.pop("low"), entry.pop("high")
    assert math.isclose(low, 0.0806563533, rel_tol=1e-8) and math.isclose(high, 0.4160217220, rel_tol=1e-8)
    assert entry == {
        "unit": "U1",
        "track": None,
        "k": 4,
        "n": 20,
        "rate": 0.2,
        "rank": 1,
        "colour": "Black",
        "strikes": 1,
    }
    assert done.stderr == ""
    assert bench.run("cadre-rebuild", *PERIOD, "--json").stdout == done.stdout


def test_table_is_short_and_names_the_listed(bench, site):
    out = bench.run("cadre-rebuild", *PERIOD, "--board", "First").stdout
    assert "First" in out and "U1" in out and "Second" not in out


def test_publishing_is_a_separate_act(bench, site):
    bench.run("cadre-rebuild", *PERIOD)
    assert site.run("show")["posted"] == []
    bench.run("cadre-publish", *PERIOD, "--board", "First")
    shown = site.run("show")
    assert shown["posted"] == [["U1", 1]]
    assert shown["lists"]["Second-2024-09-v1"] == [0, "Draft", None]
    bench.run("cadre-publish", *PERIOD)
    assert site.run("show")["posted"] == [["U1", 1]]


def test_refusals_change_nothing(bench, site):
    for arguments in (
        ("--period", "2024-9"),
        ("--period", "2024-13"),
        ("--period", "2099-01"),
        (*PERIOD, "--board", "No such board"),
        (*PERIOD, "--cutoff", "2024-09-12"),
        (*PERIOD, "--cutoff", "soon"),
    ):
        done = bench.run("cadre-rebuild", *arguments, check=False)
        assert done.returncode == 1, arguments
        assert done.stdout == ""
        assert "Error" in done.stderr and "Traceback" not in done.stderr
    assert site.run("show") == {"lists": {}, "entries": 0, "posted": []}


def test_publishing_what_is_not_there_is_refused(bench, site):
    done = bench.run("cadre-publish", *PERIOD, "--board", "First", check=False)
    assert done.returncode == 1 and "rebuild it first" in done.stderr
    bench.run("cadre-rebuild", *PERIOD, "--cutoff", "2099-01-01")
    done = bench.run("cadre-publish", *PERIOD, check=False)
    assert done.returncode == 1 and "cut-off" in done.stderr
    assert site.run("show")["posted"] == []


def test_a_disabled_board_corrects_what_it_has_published_and_no_more(bench, site):
    bench.run("cadre-rebuild", *PERIOD)
    bench.run("cadre-publish", *PERIOD, "--board", "First")
    for board in ("First", "Second"):
        site.run("disable", board)
    site.run("correct")
    for command in ("cadre-rebuild", "cadre-publish"):
        done = bench.run(command, *PERIOD, "--board", "Second", check=False)
        assert done.returncode == 1 and "Second is disabled" in done.stderr
        done = bench.run(command, *PERIOD, check=False)
        assert done.returncode == 1 and "no enabled List Board" in done.stderr
        assert "First 2024-09 v2" in bench.run(command, *PERIOD, "--board", "First").stdout
    shown = site.run("show")
    assert shown["lists"]["First-2024-09-v2"] == [1, "Published", None]
    assert shown["lists"]["Second-2024-09-v1"] == [0, "Draft", None]
    assert sum(quantity for _unit, quantity in shown["posted"]) == 0


def test_one_board_fails_and_the_others_go_on(bench, site):
    site.run("spoil", "First")
    done = bench.run("cadre-rebuild", *PERIOD, "--json", check=False)
    assert done.returncode == 1
    assert [json.loads(line)["board"] for line in done.stdout.splitlines()] == ["Second"]
    assert done.stderr.startswith("First: ")
    assert list(site.run("show")["lists"]) == ["Second-2024-09-v1"]


def test_a_year_without_calendar_is_told(bench, site):
    site.run("forget_calendar")
    done = bench.run("cadre-rebuild", *PERIOD)
    assert "No Holiday Calendar is entered for 2024" in done.stdout
    # The third weekday after a Monday, 30 September.
    assert "2024-10-03 23:59:59" in done.stdout
    as_json = bench.run("cadre-rebuild", *PERIOD, "--json")
    assert "2024" in as_json.stderr
    assert all(json.loads(line) for line in as_json.stdout.splitlines())
