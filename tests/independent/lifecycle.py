"""How long customers take (docs/definitions.md): onboarding_time, time_to_first_value, time_to_value, in local days from the signature.
`ASKED[metric, variant](lifecycle, question)` gives {segment: Answer} for the accounts signed in one period."""

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache

from answers import Answer
from customers import Customers
from rows import Row, Rows, flow
from statistics_exact import mean, percentile
from survival import LOST, OPEN, REACHED, cumulative_incidence, quantile, reached_by

HALF = Fraction(1, 2)
ENDS = {"onboarding_time": "live", "time_to_first_value": "first_value", "time_to_value": "value"}
COUNTED = {"arrived": REACHED, "lost": LOST, "open": OPEN}
ASKED = {}


@dataclass(frozen=True)
class Case:
    days: int
    outcome: str


class Lifecycle:
    """What the metrics read."""

    def __init__(self, lake):
        self.lake = lake
        self.observed_to = lake.observed_to("milestones", "subscriptions")
        self.customers = Customers(lake)

    @cached_property
    def milestones(self):
        """{milestone: {account: when it was reached, in order}}"""
        reached = {}
        for row in self.lake.rows("milestones"):
            if row.reached_at < self.observed_to:
                reached.setdefault(row.milestone, {}).setdefault(row.account_id, []).append(row.reached_at)
        return {name: {account: sorted(times) for account, times in accounts.items()} for name, accounts in reached.items()}

    def lost_at(self, account, signed):
        """When the account first stopped being a customer after the signature."""
        ends = [end for _, end in self.customers.spans(account) if signed < end < self.observed_to]
        return min(ends, default=None)

    @lru_cache
    def cases(self, milestone):
        """By signature: the case of each account, once."""
        rows = []
        for account, signatures in self.milestones.get("signed", {}).items():
            signed = signatures[0]
            reached = next((at for at in self.milestones.get(milestone, {}).get(account, []) if at >= signed), None)
            lost = self.lost_at(account, signed)
            if reached and (lost is None or reached <= lost):
                case = Case(self.days(signed, reached), REACHED)
            elif lost:
                case = Case(self.days(signed, lost), LOST)
            else:
                case = Case(self.days(signed, self.observed_to), OPEN)
            rows.append(Row(account, account, signed, case))
        return Rows(rows)

    def days(self, start, end):
        return (self.lake.calendar.day_of(end) - self.lake.calendar.day_of(start)).days


def survival(rows, censor_at_churn=False):
    cases = [(row.measured.days, OPEN if censor_at_churn and row.measured.outcome == LOST else row.measured.outcome) for row in rows]
    curve = cumulative_incidence(cases)
    median = quantile(curve, HALF)
    parts = {f"by_day_{day}": reached_by(curve, day) if is_known_on(cases, day) else None for day in (30, 60, 90)}
    parts |= {name: sum(row.measured.outcome == outcome for row in rows) for name, outcome in COUNTED.items()}
    reason = "no accounts" if not cases else "fewer than half have reached it" if median is None else None
    return Answer(median, len(rows), reason, parts)


def completers(measure):
    """Of those who have reached it, and of them only."""

    def answer(rows):
        days = [Fraction(row.measured.days) for row in rows if row.measured.outcome == REACHED]
        return Answer(measure(days), len(days), None if days else "nobody has reached it")

    return answer


def is_known_on(cases, day):
    """Whether the curve has come to the day: somebody was still watched on it, or nobody was left when it ended."""
    last = max((days for days, _ in cases), default=None)
    return last is not None and (last >= day or (last, OPEN) not in cases)


MEASURES = {
    "default": survival,
    "censor_at_churn": lambda rows: survival(rows, censor_at_churn=True),
    "completers_mean": completers(mean),
    "completers_median": completers(lambda days: percentile(days, HALF)),
}


def asked(milestone, measure):
    return lambda lifecycle, question: flow(lifecycle.cases(milestone), question, measure)


for metric, milestone in ENDS.items():
    for variant, measure in MEASURES.items():
        ASKED[metric, variant] = asked(milestone, measure)
