"""Prints every metric and variant of revenue and retention by month as JSON lines, computed from the workspace's raw files alone.

    python tests/independent/main.py WORKSPACE [--metrics nrr,grr] [--last 24] [--by plan|country]
"""
import argparse
import json
from fractions import Fraction

import retention
import revenue
from answers import Question
from tables import Lake

ASKED = {**revenue.ASKED, **retention.ASKED}


def number(value):
    return float(value) if isinstance(value, Fraction) else value


def answers(lake, metrics, last, by):
    """One dict a metric, variant, month and segment."""
    context = revenue.Revenue(lake)
    for period in lake.calendar.months(last, lake.observed_to("subscriptions")):
        question = Question(lake, period, by)
        for (metric, variant), ask in ASKED.items():
            if metrics and metric not in metrics:
                continue
            for segment, answer in ask(context, question).items():
                age = None
                if metric == "cohort_retention":
                    segment, age = segment
                line = {"metric": metric, "variant": variant, "period": period.label, "segment": {by: segment} if by else {},
                        "value": number(answer.value), "n": answer.n, "reason": answer.reason,
                        "parts": {name: number(value) for name, value in answer.parts.items()}}
                if age is not None:
                    line["segment"]["age"] = age
                yield line


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
