"""Means and percentiles in exact fractions, and the intervals of docs/decisions.md."""

from fractions import Fraction
from math import floor, sqrt

Z = 1.959963984540054


def mean(values):
    return sum(values, Fraction(0)) / len(values) if values else None


def percentile(values, share):
    """Linear between ranks (type 7)."""
    if not values:
        return None
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def wilson(successes, n):
    if n == 0:
        return None, None
    p = successes / n
    centre = (p + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z / (1 + Z * Z / n) * sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
    return (centre - half if successes else 0.0), (centre + half if successes < n else 1.0)


def adjusted_wald(detractors, passives, promoters):
    """Interval of a net promoter score in points: three pseudo-answers, a quarter, a half and a quarter of them."""
    n = detractors + passives + promoters
    if n == 0:
        return None, None
    d, p, m = detractors + 0.75, promoters + 0.75, n + 3
    score = (p - d) / m
    half = Z * sqrt(((p + d) / m - score * score) / m)
    return 100 * max(-1.0, score - half), 100 * min(1.0, score + half)
