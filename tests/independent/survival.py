"""Time to an event when some cases are still open and some can no longer reach it (Kalbfleisch & Prentice, chapter 8).

A case is (days, outcome): REACHED, LOST (a competing end) or OPEN (censored). At each day, those at risk are the cases whose days
are not fewer; a case censored on a day is still at risk on it. Exact fractions, so that a curve at exactly one half is one half.
"""

from collections import Counter
from fractions import Fraction

REACHED, LOST, OPEN = "reached", "lost", "open"


def cumulative_incidence(cases):
    """The Aalen-Johansen estimate: [(day, probability of having reached the event by that day)] at each day with an event.

    Without LOST cases this is one minus the Kaplan-Meier estimate.
    """
    ends = Counter(cases)
    at_risk = len(cases)
    still_going = Fraction(1)  # neither reached nor lost just before the day
    incidence = Fraction(0)
    curve = []
    for day in sorted({days for days, _ in cases}):
        reached, lost, still_open = (ends[(day, outcome)] for outcome in (REACHED, LOST, OPEN))
        if reached:
            incidence += still_going * Fraction(reached, at_risk)
            curve.append((day, incidence))
        still_going *= 1 - Fraction(reached + lost, at_risk)
        at_risk -= reached + lost + still_open
    return curve


def quantile(curve, share):
    """The first day on which the curve has come to `share`; None if it never does."""
    return next((day for day, incidence in curve if incidence >= share), None)


def reached_by(curve, day):
    """The curve's height on a day."""
    return max((incidence for at, incidence in curve if at <= day), default=Fraction(0))
