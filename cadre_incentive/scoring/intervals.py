"""Confidence intervals of proportions ("Scores that can be defended")."""

from math import sqrt

Z_95 = 1.96


def wilson(k: int, n: int, z: float = Z_95) -> tuple[float, float]:
    """Both ends of the Wilson score interval of k successes in n trials, as shares in 0–1.

    Raises ValueError unless 0 ≤ k ≤ n and n ≥ 1. Check values (lower end, z = 1.96): 3/3 → 0.438,
    10/10 → 0.722, 28/30 → 0.787, 95/100 → 0.888, 285/300 → 0.919.
    """
    if n < 1 or not 0 <= k <= n:
        raise ValueError(f"no proportion: {k} of {n}")
    share = k / n
    z2n = z * z / n
    centre = share + z2n / 2
    half = z * sqrt((share * (1 - share) + z2n / 4) / n)
    # At the extremes the interval touches 0 or 1 exactly; floating point would miss it by an ulp and
    # break ties that are real.
    low = 0.0 if k == 0 else max(0.0, (centre - half) / (1 + z2n))
    high = 1.0 if k == n else min(1.0, (centre + half) / (1 + z2n))
    return low, high
