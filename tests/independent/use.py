"""What people do in the product (docs/definitions.md): active_users, stickiness, feature_adoption, seat_use.
`ASKED[metric, variant](use, question)` gives {segment: Answer} for one period. A person is a contact; use by nobody known is no person's."""

from collections import defaultdict
from fractions import Fraction
from functools import cached_property

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

    @cached_property
    def events(self):
        return Rows(Row(row.event_id, row.account_id, row.occurred_at, row) for row in self.lake.rows("usage_events"))

    @cached_property
    def features(self):
        return sorted({row.measured.feature for row in self.events.rows if row.measured.feature})

    @cached_property
    def last_seen(self):
        """{local day: {person: the last thing they did on it}}"""
        days = defaultdict(dict)
        for row in self.events.rows:
            if row.measured.contact_id:
                days[self.lake.calendar.day_of(row.at)][row.measured.contact_id] = row
        return days

    def active(self, question, end_day, days):
        """{segment: [(account, person)]} of the distinct people in so many days up to the end, each as they were last seen."""
        found = {}
        for back in range(1, days + 1):
            for person, row in self.last_seen.get(end_day - DAY * back, {}).items():
                found.setdefault(person, row)
        return question.split((row.account, row.at, (person, row.at)) for person, row in found.items())


def active_users(use, question):
    month, week, day = (use.active(question, question.period.end_day, days) for days in (WINDOW, 7, 1))
    return {
        segment: Answer(len(people), len(people), None, {"weekly": len(week.get(segment, ())), "daily": len(day.get(segment, ()))})
        for segment, people in month.items()
    }


def stickiness(use, question):
    """The mean of the people of each day of the period, over the people of thirty days to the close. Counted are their accounts, one whose
    attributes changed once for each stretch of time they stayed the same."""
    period = question.period
    days = [period.first_day + DAY * k for k in range((period.end_day - period.first_day).days)]
    daily = [use.active(question, day + DAY, 1) for day in days]
    month = use.active(question, period.end_day, WINDOW)
    answers = {}
    for segment, people in month.items():
        mean_day = Fraction(sum(len(day.get(segment, ())) for day in daily), len(days))
        seen = (row for day in [month, *daily] for row in day.get(segment, ()))
        accounts = {(account, use.lake.stretch(account, at)) for account, (_, at) in seen}
        if people:
            answers[segment] = Answer(mean_day / len(people), len(accounts), None, {"daily": mean_day, "monthly": len(people)})
        else:
            answers[segment] = Answer(None, len(accounts), "nobody was active")
    return answers


def feature_adoption(use, question):
    """By feature that was ever used: of the customers at any time in the period, those that used it. A set of accounts is split as of the opening."""
    period = question.period
    customers = set(use.customers.within(period))
    using = {feature: set() for feature in use.features}
    for row in use.events.within(period):
        if row.account in customers and row.measured.feature:
            using[row.measured.feature].add(row.account)
    groups = question.at_opening((account, None) for account in customers)
    answers = {}
    for segment, members in groups.items():
        accounts = {account for account, _ in members}
        for feature, users in using.items():
            reason = None if accounts else "no customers"
            adopters = len(users & accounts)
            value = Fraction(adopters, len(accounts)) if accounts else None
            answers[segment, (feature,)] = Answer(value, len(accounts), reason, {"adopters": adopters})
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
        value = Fraction(len(active)) / seats if seats else None
        answers[segment] = Answer(value, sum(count > 0 for _, count in members), None if seats else "no paid seats", parts)
    return answers


ASKED = {
    ("active_users", "default"): active_users,
    ("stickiness", "default"): stickiness,
    ("feature_adoption", "default"): feature_adoption,
    ("seat_use", "default"): seat_use,
}
