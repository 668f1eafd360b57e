"""Red and black lists: who is on, in which place, and why (policy E1; tracks: D3)."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from enum import Enum
from typing import NamedTuple

from cadre_incentive.scoring.intervals import wilson

RED = "Red"
BLACK = "Black"


class Sample(NamedTuple):
    """One unit's count: k successes among n ≥ 1 cases; an empty track is a class of its own."""

    unit: str
    track: str
    k: int
    n: int


class Rules(NamedTuple):
    """Lines in percent (0–100), the minimum sample in cases, limits in entries per track (0 = none)."""

    red_line: float
    black_line: float
    minimum_sample: int
    red_limit: int
    black_limit: int


class Verdict(Enum):
    """Why a unit is, or is not, on the list."""

    RED = "red"
    BLACK = "black"
    BEYOND_RED_LIMIT = "beyond red limit"
    BEYOND_BLACK_LIMIT = "beyond black limit"
    NOT_SIGNIFICANT = "not significant"
    TOO_SMALL = "too small"


class Judged(NamedTuple):
    """A unit's entry. rate, low, high are shares in 0–1; rank is None under the minimum sample.

    place is the competition place among the eligible of the same colour and track, 1 = the best of the
    red or the worst of the black; None for units that are eligible for neither.
    """

    unit: str
    track: str
    k: int
    n: int
    rate: float
    low: float
    high: float
    rank: int | None
    colour: str | None
    verdict: Verdict
    place: int | None


def judge(samples: Iterable[Sample], rules: Rules) -> list[Judged]:
    """Judge every sample inside its track; ordered by track, then rank (unranked last), then unit.

    Red: n ≥ minimum sample and low ≥ red line, the red_limit best by low. Black: n ≥ minimum sample and
    high < black line, the black_limit worst by high. Who ties with the last one in is in. Raises
    ValueError for impossible counts, a unit that occurs twice, or lines that cross.
    """
    if not 0 <= rules.black_line <= rules.red_line <= 100:
        raise ValueError(f"lines cross or leave 0–100: black {rules.black_line}, red {rules.red_line}")
    tracks: dict[str, list[Judged]] = defaultdict(list)
    seen = set()
    for unit, track, k, n in samples:
        if unit in seen:
            raise ValueError(f"unit {unit} is counted twice")
        seen.add(unit)
        low, high = wilson(k, n)
        tracks[track or ""].append(
            Judged(unit, track or "", k, n, k / n, low, high, None, None, Verdict.TOO_SMALL, None)
        )
    return [entry for track in sorted(tracks) for entry in _judge_track(tracks[track], rules)]


def _judge_track(entries: list[Judged], rules: Rules) -> list[Judged]:
    small = [e for e in entries if e.n < rules.minimum_sample]
    ranked = [e for e in entries if e.n >= rules.minimum_sample]
    red_line, black_line = rules.red_line / 100, rules.black_line / 100

    ranks = _places(ranked, _by_rate)
    reds = _places([e for e in ranked if e.low >= red_line], _best_first)
    blacks = _places([e for e in ranked if e.high < black_line], _worst_first)

    judged = []
    for entry in ranked:
        unit = entry.unit
        colour, place, verdict = None, None, Verdict.NOT_SIGNIFICANT
        # A competition place counts those strictly better, so comparing it with the limit lets in
        # everybody who ties with the last one.
        if unit in reds:
            place = reds[unit]
            inside = place <= rules.red_limit
            colour, verdict = (RED, Verdict.RED) if inside else (None, Verdict.BEYOND_RED_LIMIT)
        elif unit in blacks:
            place = blacks[unit]
            inside = place <= rules.black_limit
            colour, verdict = (BLACK, Verdict.BLACK) if inside else (None, Verdict.BEYOND_BLACK_LIMIT)
        judged.append(entry._replace(rank=ranks[unit], colour=colour, verdict=verdict, place=place))
    judged.sort(key=lambda e: (e.rank, e.unit))
    small.sort(key=lambda e: e.unit)
    return judged + small


def _by_rate(entry: Judged) -> tuple:
    return -entry.rate, -entry.n


def _best_first(entry: Judged) -> tuple:
    return -entry.low, -entry.rate


def _worst_first(entry: Judged) -> tuple:
    return entry.high, entry.rate


def _places(entries: list[Judged], key: Callable[[Judged], tuple]) -> dict[str, int]:
    """Competition places (1, 2, 2, 4, …) by unit; equal keys share a place."""
    places: dict[str, int] = {}
    last_key, place = None, 0
    for position, entry in enumerate(sorted(entries, key=key), start=1):
        entry_key = key(entry)
        if entry_key != last_key:
            last_key, place = entry_key, position
        places[entry.unit] = place
    return places
