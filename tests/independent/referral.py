"""Who brings whom (docs/definitions.md): referral_rate. `ASKED[metric, variant](referrals, question)` gives {segment: Answer}."""

from fractions import Fraction
from functools import cached_property

from answers import Answer, each
from customers import Customers
from rows import Row, Rows, flow
from statistics_exact import wilson

WINDOW_DAYS = 180


class Referrals:
    """What the metric reads."""

    def __init__(self, lake):
        self.lake = lake
        self.customers = Customers(lake)
        self.observed_to = lake.observed_to("referrals", "subscriptions")

    @cached_property
    def rows(self):
        return sorted(self.lake.rows("referrals"), key=lambda row: (row.referred_at, row.referral_id))

    @cached_property
    def first_touch(self):
        """The first referral of each account referred."""
        touches = {}
        for row in self.rows:
            if row.referred_account_id:
                touches.setdefault(row.referred_account_id, row)
        return touches

    def became_customer(self, account):
        spans = self.customers.spans(account)
        return spans[0][0] if spans else None

    def in_time(self, referral, start):
        return start is not None and referral.referred_at <= start <= self.due(referral)

    def due(self, referral):
        return self.lake.calendar.plus_days(referral.referred_at, WINDOW_DAYS)

    def by_customer(self, referral):
        """Of a customer at the time, who is no partner."""
        referrer = referral.referrer_account_id
        return not referral.is_partner and referrer is not None and self.customers.active(referrer, referral.referred_at)

    @cached_property
    def first_time_customers(self):
        """By the beginning of the first paid span: whether a customer brought them."""
        rows = []
        for account in self.customers.accounts:
            start = self.became_customer(account)
            referral = self.first_touch.get(account)
            if start is not None:
                referred = referral is not None and self.in_time(referral, start) and self.by_customer(referral)
                rows.append(Row(account, account, start, referred))
        return Rows(rows)

    @cached_property
    def outcomes(self):
        """By referral, of customers: whether it was converted in time. Not yet decided before its window is over."""
        rows = []
        for row in self.rows:
            if self.by_customer(row) and self.due(row) < self.observed_to:
                first = self.first_touch.get(row.referred_account_id)
                converted = first is row and self.in_time(row, self.became_customer(row.referred_account_id))
                rows.append(Row(row.referral_id, row.referrer_account_id, row.referred_at, converted))
        return Rows(rows)


def share_of(part, n, reason):
    if n == 0:
        return Answer(None, 0, reason)
    low, high = wilson(part, n)
    return Answer(Fraction(part, n), n, None, {"counted": part, "low": low, "high": high})


def participation(referrals, question):
    """Of the customers at any time in the period, those that referred in it. A set of accounts is split as of the opening."""
    period = question.period
    referring = {row.referrer_account_id for row in referrals.rows if period.contains(row.referred_at) and not row.is_partner}
    groups = question.at_opening((account, account in referring) for account in referrals.customers.within(period))
    return each(groups, lambda rows: share_of(sum(did for _, did in rows), len(rows), "no customers"))


def counted(reason):
    return lambda rows: share_of(sum(row.measured for row in rows), len(rows), reason)


ASKED = {
    ("referral_rate", "default"): lambda referrals, question: flow(referrals.first_time_customers, question, counted("no first-time customers")),
    ("referral_rate", "participation"): participation,
    ("referral_rate", "conversion"): lambda referrals, question: flow(referrals.outcomes, question, counted("no referrals")),
}
