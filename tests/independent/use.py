"""What people do in the product (DEFINITIONS section 6): active_users, stickiness, feature_adoption, seat_use.
`ASKED[metric, variant](use, question)` gives {segment: Answer} for one period. A person is a contact; use by nobody known is no person's."""

from collections import defaultdict
from fractions import Fraction
from functools import cached_property, lru_cache

from answers import Answer
from customers import Customers
from periods import DAY
from rows import Row, Rows

WINDOW = 30


class Use:
    """What the metrics read."""

    def __init__(self, lake):
        self.lake = lake
        self.customers = Customers(lake)

    @lru_cache
    def people(self, by):
        """{local day: {segment: the people who did something}}, by the account's attribute when they did."""
        days = defaultdict(lambda: defaultdict(set))
        for row in self.lake.rows("usage_events"):
            if row.contact_id:
                segment = self.lake.attribute(row.account_id, by, row.occurred_at) if by else None
                days[self.lake.calendar.day_of(row.occurred_at)][segment].add(row.contact_id)
        return days

    def active(self, question, days):
        """{segment: distinct people in so many days to the close}"""
        found = defaultdict(set)
        for back in range(1, days + 1):
            for segment, people in self.people(question.by).get(question.period.end_day - DAY * back, {}).items():
                found[segment] |= people
        return found

    def daily_mean(self, question, days):
        """{segment: mean of the distinct people of each day}"""
        counts = defaultdict(int)
        for back in range(1, days + 1):
            for segment, people in self.people(question.by).get(question.period.end_day - DAY * back, {}).items():
                counts[segment] += len(people)
        return {segment: Fraction(count, days) for segment, count in counts.items()}

    @cached_property
    def events(self):
        return Rows(Row(row.event_id, row.account_id, row.occurred_at, row) for row in self.lake.rows("usage_events"))


def active_users(use, question):
    month, week, day = (use.active(question, days) for days in (WINDOW, 7, 1))
    segments = month if question.by else {None: month.get(None, set())}
    return {
        segment: Answer(len(people), len(people), None, {"weekly": len(week.get(segment, ())), "daily": len(day.get(segment, ()))})
        for segment, people in segments.items()
    }


def stickiness(use, question):
    """The mean day's people over the people of thirty days, both of the thirty days to the close."""
    month = use.active(question, WINDOW)
    daily = use.daily_mean(question, WINDOW)
    if not question.by and not month:
        return {None: Answer(None, 0, "nobody was active")}
    return {segment: Answer(daily[segment] / len(people), len(people)) for segment, people in month.items()}


def feature_adoption(use, question):
    """By feature: of the customers at any time in the period, those that used it. An account is split as of the close."""
    period = question.period
    customers = set(use.customers.within(period))
    using = defaultdict(set)
    for row in use.events.within(period):
        if row.account in customers and row.measured.feature:
            using[row.measured.feature].add(row.account)
    groups = question.at_close((account, None) for account in customers)
    answers = {}
    for segment, members in groups.items():
        accounts = {account for account, _ in members}
        for feature, users in using.items():
            reason = None if accounts else "no customers"
            answers[segment, (feature,)] = Answer(Fraction(len(users & accounts), len(accounts)) if accounts else None, len(accounts), reason)
    return answers


def seat_use(use, question):
    """Distinct people of customers in thirty days to the close, over paid seats at the close, split as of the close."""
    period = question.period
    held = dict(use.customers.on(period.end_day - DAY))
    people = defaultdict(set)
    window = use.lake.calendar.range(period.end_day - DAY * WINDOW, period.end_day)
    for row in use.events.within(window):
        if row.account in held and row.measured.contact_id:
            people[row.account].add(row.measured.contact_id)
    answers = {}
    for segment, members in question.at_close(held.items()).items():
        seats = sum(count for _, count in members)
        active = set().union(*(people[account] for account, _ in members))
        parts = {"people": len(active), "seats": seats}
        answers[segment] = Answer(Fraction(len(active)) / seats if seats else None, len(active), None if seats else "no paid seats", parts)
    return answers


ASKED = {
    ("active_users", "default"): active_users,
    ("stickiness", "default"): stickiness,
    ("feature_adoption", "default"): feature_adoption,
    ("seat_use", "default"): seat_use,
}
