"""Ratios measured in pairs, so that a machine whose speed drifts does not decide the answer."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Result:
    """`value` and `baseline` are medians in `unit`; `ratio` is the median of the ratios of the pairs."""

    name: str
    value: float
    baseline: float
    ratio: float
    limit: float
    unit: str

    @property
    def passed(self) -> bool:
        return self.ratio <= self.limit

    def as_dict(self) -> dict:
        return {key: round(v, 6) if isinstance(v, float) else v for key, v in asdict(self).items()}


def seconds(function: Callable[[], object]) -> float:
    """Wall-clock seconds of one call, with the collector's pauses kept out of it."""
    gc.collect()
    gc.disable()
    try:
        started = time.perf_counter()
        function()
        return time.perf_counter() - started
    finally:
        gc.enable()


def pairs(
    name: str,
    limit: float,
    candidates: Iterable[tuple[Callable[[], object], Callable[[], object]]],
    per: int = 1,
    unit: str = "s",
) -> Result:
    """Time (ours, baseline) in turn for each candidate pair; the first pair only warms up.

    `per` divides both, for functions that do the same thing many times; `unit` is "s" or "ms".
    """
    scale = {"s": 1, "ms": 1000}[unit] / per
    ours, bare = [], []
    for number, (function, baseline) in enumerate(candidates):
        # Who goes first alternates, so that neither always finds the warmer cache.
        if number % 2:
            b, a = seconds(baseline), seconds(function)
        else:
            a, b = seconds(function), seconds(baseline)
        if number:
            ours.append(a)
            bare.append(b)
    return Result(
        name=name,
        value=statistics.median(ours) * scale,
        baseline=statistics.median(bare) * scale,
        ratio=statistics.median(a / b for a, b in zip(ours, bare, strict=True)),
        limit=limit,
        unit=unit,
    )
