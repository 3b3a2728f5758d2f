"""The revenue metrics and their variants, from docs/definitions.md. `ASKED[metric, variant](revenue, question)` gives
{segment: Answer} for one period."""
from datetime import date
from fractions import Fraction
from functools import cached_property, lru_cache

import movements
from answers import Answer, each, ratio, together
from clv import arpa_over_churn, by_purchases, by_renewals, expected, historic
from money import READINGS, Book, Rates, read_lines
from periods import DAY, before

RETURN_WINDOW_DAYS = 90


class Revenue:
    """What the metrics read: books under each reading of MRR, movements, rates."""

    def __init__(self, lake):
        self.lake, self.calendar, self.rates = lake, lake.calendar, Rates(lake)
        self.lines = read_lines(lake)
        for setting in ("join_gap", "churn_grace_days"):
            if lake.settings.get(setting):
                raise RuntimeError(f"{setting} is set: not computed here")

    @lru_cache
    def book(self, reading="default"):
        return Book(self.lake, self.lines, reading)

    @cached_property
    def moves(self):
        return movements.daily(self.book(), self.rates)

    @lru_cache
    def moves_in(self, period, *kinds):
        """(account, day, movement) of these kinds in the period."""
        return [(account, move.day, move) for account, moves in self.moves.items() for move in moves
                if move.kind in kinds and period.contains_day(move.day)]

    @lru_cache
    def endpoint_moves(self, period):
        return list(movements.endpoint(self.book(), self.rates, period))

    @lru_cache
    def revaluations(self, period):
        return list(movements.revaluations(self.book(), self.rates, self.lake, period.first_day, period.end_day))

    @lru_cache
    def customers(self, period, edge, reading="default"):
        """[(account, state)] of the customers at the `opening` or the `close`."""
        book = self.book(reading)
        look = book.opening if edge == "opening" else book.close
        states = [(account, look(account, period)) for account in book.accounts]
        return [(account, state) for account, state in states if state.active]

    def worth(self, state, day):
        return self.rates.convert(state.mrr, day)

    def closing_day(self, period):
        return period.end_day - DAY

    def opening_day(self, period):
        return period.first_day - DAY

    @cached_property
    def sales(self):
        """Invoice lines that stand, of known accounts: no draft, nothing void, no tax."""
        return [row for row in self.lake.rows("invoices")
                if row.account_id in self.lake.known_accounts and row.status not in ("draft", "void") and row.kind != "tax"]


def mrr(reading, factor=1):
    def asked(revenue, question):
        day = revenue.closing_day(question.period)
        return each(question.at_close(revenue.customers(question.period, "close", reading)),
                    lambda rows: Answer(factor * sum((revenue.worth(state, day) for _, state in rows), Fraction(0)), len(rows)))
    return asked


def above_zero(customers):
    return [(account, state) for account, state in customers if state.worth()]


def active_customers(revenue, question, only=lambda customers: customers):
    return each(question.at_close(only(revenue.customers(question.period, "close"))), lambda rows: Answer(len(rows), len(rows)))


def arpa(revenue, question, only=lambda customers: customers):
    day = revenue.closing_day(question.period)
    return each(question.at_close(revenue.customers(question.period, "close")),
                lambda rows: ratio(sum((revenue.worth(state, day) for _, state in rows), Fraction(0)), len(only(rows)), len(only(rows)), "no customers"))


def total(revenue, rows):
    """The rows' movements in the workspace's currency, each at its day's rate."""
    return sum((revenue.rates.convert(move.amounts, move.day) for _, move in rows), Fraction(0))


def summed(revenue, groups):
    return each(groups, lambda rows: Answer(total(revenue, rows), len(rows)))


def movement(kind):
    return lambda revenue, question: summed(revenue, question.on_day(revenue.moves_in(question.period, kind)))


def movement_endpoint(kind):
    """Opening against close: a panel, so by the attribute at the opening."""
    def asked(revenue, question):
        return summed(revenue, question.at_opening((move.account, move) for move in revenue.endpoint_moves(question.period) if move.kind == kind))
    return asked


def within_90_days(kind):
    """A return more than 90 days after the last end is new."""
    def late(move):
        return move.kind == "reactivation" and move.gap_days > RETURN_WINDOW_DAYS

    def asked(revenue, question):
        rows = revenue.moves_in(question.period, "new", "reactivation")
        wanted = [row for row in rows if (row[2].kind == "new" or late(row[2])) == (kind == "new")]
        return summed(revenue, question.on_day(wanted))
    return asked


def churned_at_request(revenue, question):
    rows = []
    for account, moves in revenue.moves.items():
        for move in moves:
            if move.kind == "churn":
                at = movements.requested(revenue.book(), revenue.calendar, move) or revenue.calendar.midnight(move.day)
                if question.period.contains(at):
                    rows.append((account, at, movements.Movement(account, revenue.calendar.day_of(at), "churn", move.amounts)))
    return summed(revenue, question.split(rows))


def fx(revenue, question):
    """A day's revaluation belongs to where the account was before the day. Counted are the stretches of holding."""
    midnight = revenue.calendar.midnight
    amounts = question.split((account, before(midnight(day)), amount) for account, day, amount in revenue.revaluations(question.period))
    held = question.split((account, at, currency) for account, currency, at in movements.holdings(revenue.book(), revenue.lake, question.period))
    return each(together(amounts, held), lambda rows: Answer(sum((amount for _, amount in rows[0]), Fraction(0)), len(rows[1])))


def fx_endpoint(revenue, question):
    opening, closing = revenue.opening_day(question.period), revenue.closing_day(question.period)

    def revalued(rows):
        amounts = [revenue.worth(state, closing) - revenue.worth(state, opening) for _, state in rows]
        return Answer(sum(amounts, Fraction(0)), len([amount for amount in amounts if amount]))
    return each(question.at_opening(revenue.customers(question.period, "opening")), revalued)


def moved(how, into):
    """Out of one segment or into another; who stays in its segment has not moved."""
    def asked(revenue, question):
        rows = []
        for account, old, new, amount in how(revenue.book(), revenue.rates, revenue.lake, question.period):
            at, stayed = new if into else old, question.segment(account, old) == question.segment(account, new)
            rows.append((account, at, None if stayed else amount))
        groups = {segment: [amount for _, amount in rows if amount is not None] for segment, rows in question.split(rows).items()}
        return each(groups, lambda amounts: Answer(sum(amounts, Fraction(0)), len(amounts)))
    return asked


def expansion_revenue(revenue, question):
    """Expansion of, and one-off sales to, who is a customer when it happens: money beyond what they paid at the opening."""
    period, calendar = question.period, revenue.calendar
    sales = []
    for row in revenue.sales:
        day = calendar.day_of(row.issued_at)
        if row.kind == "one_off" and period.contains_day(day) and revenue.book().at_end_of(row.account_id, day - DAY).active:
            sales.append((row.account_id, row.issued_at, movements.Movement(row.account_id, day, "one_off", {row.currency: row.amount})))
    moves = [(account, calendar.midnight(day), move) for account, day, move in revenue.moves_in(period, "expansion")]
    return summed(revenue, question.split(moves + sales))


def quick_ratio(*gains):
    def asked(revenue, question):
        won = question.on_day(revenue.moves_in(question.period, *gains))
        lost = question.on_day(revenue.moves_in(question.period, "contraction", "churn"))
        return each(together(won, lost),
                    lambda rows: ratio(total(revenue, rows[0]), total(revenue, rows[1]), len(rows[0]) + len(rows[1]), "no losses"))
    return asked


ASKED = {
    ("active_customers", "default"): active_customers,
    ("active_customers", "mrr_above_zero"): lambda revenue, question: active_customers(revenue, question, above_zero),
    ("arpa", "default"): arpa,
    ("arpa", "mrr_above_zero"): lambda revenue, question: arpa(revenue, question, above_zero),
    ("new_mrr", "within_90_days"): within_90_days("new"),
    ("reactivation_mrr", "within_90_days"): within_90_days("reactivation"),
    ("churned_mrr", "at_request"): churned_at_request,
    ("fx_mrr", "default"): fx,
    ("fx_mrr", "endpoint"): fx_endpoint,
    ("moved_in_mrr", "default"): moved(movements.moved, into=True),
    ("moved_in_mrr", "endpoint"): moved(movements.moved_endpoint, into=True),
    ("moved_out_mrr", "default"): moved(movements.moved, into=False),
    ("moved_out_mrr", "endpoint"): moved(movements.moved_endpoint, into=False),
    ("expansion_revenue", "default"): expansion_revenue,
    ("quick_ratio", "default"): quick_ratio("new", "expansion"),
    ("quick_ratio", "with_reactivation"): quick_ratio("new", "expansion", "reactivation"),
    ("clv", "default"): expected,
    ("clv", "historic"): historic,
    ("clv", "arpa_over_churn"): arpa_over_churn,
    **{("clv", model): by_renewals(model) for model in ("sbg", "bdw")},
    **{("clv", model): by_purchases(model) for model in ("bg_nbd", "mbg_nbd", "pareto_nbd")},
}
for reading in READINGS:
    ASKED["mrr", reading] = mrr(reading)
    ASKED["arr", reading] = mrr(reading, 12)
for metric, kind in {"new_mrr": "new", "reactivation_mrr": "reactivation", "expansion_mrr": "expansion",
                     "contraction_mrr": "contraction", "churned_mrr": "churn"}.items():
    ASKED[metric, "default"] = movement(kind)
    ASKED[metric, "endpoint"] = movement_endpoint(kind)
