"""Prints every metric and variant by month as JSON lines, computed from the workspace's raw files alone; health from the scores it holds.

    python tests/independent/main.py WORKSPACE [--metrics nrr,grr] [--last 24] [--by plan|country]
"""
import argparse
import json
from fractions import Fraction
from functools import lru_cache

import health
import lifecycle
import referral
import retention
import revenue
import staff
import support
import use
import voice
from answers import Question
from tables import Lake

# What a family of metrics reads, and the metrics that it answers.
FAMILIES = [
    (revenue.Revenue, {**revenue.ASKED, **retention.ASKED}),
    (health.Health, health.ASKED),
    (voice.Voice, voice.ASKED),
    (support.Support, support.ASKED),
    (lifecycle.Lifecycle, lifecycle.ASKED),
    (use.Use, use.ASKED),
    (referral.Referrals, referral.ASKED),
    (staff.Staff, staff.ASKED),
]
ASKED = {name: ask for _, asked in FAMILIES for name, ask in asked.items()}

# Dimensions of its own that a metric is always split by: there a segment is (the attribute's value, the dimensions' values).
DIMENSIONS = {
    "cohort_retention": ("age",),
    "csat": ("scale",),
    "ces": ("version", "scale"),
    "response_rate": ("survey_kind", "audience"),
    "pulse": ("survey", "question"),
    "feature_adoption": ("feature",),
}
# Variants that fit a model are computed for the last months alone: each fit takes seconds here.
FITTED = {("clv", model) for model in ("sbg", "bdw", "bg_nbd", "mbg_nbd", "pareto_nbd")}
FITTED_MONTHS = 3
STAFF = {name for name in ASKED if name[0] in ("enps", "pulse", "one_on_one_coverage") or name == ("response_rate", "staff")}


def number(value):
    return float(value) if isinstance(value, Fraction) else value


@lru_cache
def context(family, lake):
    return family(lake)


def answers(lake, metrics, last, by):
    """One dict a metric, variant, month and segment. The staff have no account, so theirs are of the whole company only."""
    periods = lake.calendar.months(last, lake.observed_to("subscriptions"))
    fitted = {period.label for period in periods[-FITTED_MONTHS:]}
    for period in periods:
        question = Question(lake, period, by)
        for family, asked in FAMILIES:
            for (metric, variant), ask in asked.items():
                if metrics and metric not in metrics or by and (metric, variant) in STAFF:
                    continue
                if (metric, variant) in FITTED and period.label not in fitted:
                    continue
                for segment, answer in ask(context(family, lake), question).items():
                    dimensions = ()
                    if metric in DIMENSIONS:
                        segment, dimensions = segment
                    named = dict(zip(DIMENSIONS.get(metric, ()), dimensions))
                    yield {"metric": metric, "variant": variant, "period": period.label,
                           "segment": ({by: segment} if by else {}) | named,
                           "value": number(answer.value), "n": answer.n, "reason": answer.reason,
                           "parts": {name: number(value) for name, value in answer.parts.items()}}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("workspace")
    parser.add_argument("--metrics", help="comma-separated; all unless given")
    parser.add_argument("--last", type=int, default=24, help="complete months")
    parser.add_argument("--by", help="an account attribute")
    given = parser.parse_args()
    metrics = given.metrics.split(",") if given.metrics else None
    for line in answers(Lake(given.workspace), metrics, given.last, given.by):
        print(json.dumps(line, sort_keys=True))


if __name__ == "__main__":
    main()
