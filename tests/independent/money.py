"""What customers pay, as states at the end of local days (docs/definitions.md).

`Line`     one subscription line: when it is paid, and its monthly worth in its own currency.
`Holding`  what an account has of one product.   `State`  what an account has in all.
`Book`     every account's states under one reading of MRR, as steps by local day:
               book.at_end_of(account, day)   the state in force just before the next midnight
           so the opening of a period is the end of the day before it, and its close the end of its last day.
`Rates`    conversion into the workspace's currency; a missing rate raises MissingRate naming the currency.
Amounts are {currency: Fraction} until they are converted.
"""
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timezone
from fractions import Fraction

from periods import DAY, before

NEVER = datetime(9999, 1, 1, tzinfo=timezone.utc)
MONTHLY = {"day": Fraction(365, 12), "week": Fraction(52, 12), "month": Fraction(1), "quarter": Fraction(1, 3), "year": Fraction(1, 12)}
READINGS = ("default", "gross_of_discount", "past_due_out", "metered_in")


class MissingRate(Exception):
    """No rate on or before the day for this currency."""


class Rates:
    def __init__(self, lake):
        self.lake, self.known = lake, {}

    def of(self, currency, day):
        if (currency, day) not in self.known:
            self.known[currency, day] = self.lake.rate(currency, day)
        rate = self.known[currency, day]
        if rate is None:
            raise MissingRate(f"no exchange rate for {currency}")
        return rate

    def convert(self, amounts, day):
        return sum((amount * self.of(currency, day) for currency, amount in amounts.items() if amount), Fraction(0))


@dataclass
class Holding:
    quantity: Fraction = Fraction(0)
    tier: int | None = None
    mrr: dict = field(default_factory=dict)


@dataclass
class State:
    """What is in force for an account: `active` is a paid line that is no trial."""
    active: bool = False
    mrr: dict = field(default_factory=dict)
    products: dict = field(default_factory=dict)

    def worth(self):
        return {currency: amount for currency, amount in self.mrr.items() if amount}

    def add(self, line, amount):
        self.active = True
        self.mrr[line.row.currency] = self.mrr.get(line.row.currency, Fraction(0)) + amount
        held = self.products.setdefault(line.row.product, Holding())
        held.quantity += line.row.quantity
        if line.row.tier is not None:
            held.tier = line.row.tier if held.tier is None else max(held.tier, line.row.tier)
        held.mrr[line.row.currency] = held.mrr.get(line.row.currency, Fraction(0)) + amount


NOTHING = State()


class Line:
    """A line is paid from its start, or from the end of its trial, up to its end. A price of nothing is not paid for."""

    def __init__(self, row, calendar, past_due_grace_days):
        self.row = row
        self.end = row.ended_at or NEVER
        self.paid_from = max(row.started_at, row.trial_ends_at or row.started_at)
        self.list_price = row.unit_price * row.quantity
        self.factor = MONTHLY[row.interval] / row.interval_count
        self.discount_from = row.discount_from or row.started_at
        self.discount_to = row.discount_to or self.end
        self.out_from = calendar.plus_days(row.past_due_from, past_due_grace_days) if row.past_due_from else NEVER
        self.out_to = row.past_due_to or self.end

    def paid(self, at):
        return self.paid_from <= at < self.end and self.list_price > 0

    def paused(self, at):
        return self.row.paused_from is not None and self.row.paused_from <= at < (self.row.paused_to or self.end)

    def past_due_too_long(self, at):
        return self.out_from <= at < self.out_to

    def monthly(self, at, discounted=True):
        """Worth a month at an instant; a discount never takes it below nothing."""
        if self.paused(at):
            return Fraction(0)
        price = self.list_price
        if discounted and self.discount_from <= at < self.discount_to:
            price -= price * (self.row.discount_percent or 0) / 100 + (self.row.discount_amount or 0)
        return max(price, Fraction(0)) * self.factor

    def changes(self):
        """The instants at which its worth may change."""
        row = self.row
        marks = [self.paid_from, self.end, self.discount_from, self.discount_to, row.paused_from, row.paused_to, self.out_from, self.out_to]
        return [at for at in marks if at is not None and row.started_at <= at <= self.end and at != NEVER]


class Book:
    def __init__(self, lake, lines, reading="default"):
        self.calendar, self.reading = lake.calendar, reading
        self.lines = defaultdict(list)
        kinds = ("recurring", "metered") if reading == "metered_in" else ("recurring",)
        for line in lines:
            if line.row.kind in kinds:
                self.lines[line.row.account_id].append(line)
        self.steps = {account: self._steps(lines) for account, lines in self.lines.items()}
        self.accounts = sorted(self.steps)

    def _steps(self, lines):
        days = sorted({self.calendar.day_of(at) for line in lines for at in line.changes()})
        return days, [self._state(lines, before(self.calendar.midnight(day + DAY))) for day in days]

    def _state(self, lines, at):
        state = State()
        for line in lines:
            if not line.paid(at) or self.reading == "past_due_out" and line.past_due_too_long(at):
                continue
            discounted = self.reading != "gross_of_discount" and line.row.kind == "recurring"
            state.add(line, line.monthly(at, discounted))
        return state

    def at_end_of(self, account, day):
        days, states = self.steps.get(account, ((), ()))
        place = bisect_right(days, day)
        return states[place - 1] if place else NOTHING

    def opening(self, account, period):
        return self.at_end_of(account, period.first_day - DAY)

    def close(self, account, period):
        return self.at_end_of(account, period.end_day - DAY)

    def first_active_day(self, account):
        return next((day for day, state in zip(*self.steps[account]) if state.active), None)


def read_lines(lake):
    """The lines of known accounts: a line of nobody known is nobody's revenue."""
    grace = lake.settings.get("past_due_grace_days", 30)
    return [Line(row, lake.calendar, grace) for row in lake.rows("subscriptions") if row.account_id in lake.known_accounts]
