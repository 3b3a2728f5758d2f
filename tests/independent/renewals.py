"""Terms that fell due and what became of them (DEFINITIONS section 3, `renewal_rate`)."""
from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction

from answers import each, ratio
from periods import add_months

NOTHING_DUE = "no terms due"


@dataclass
class Outcome:
    term: object
    state: str            # renewed, lost or pending
    successor: object = None


def terms(revenue):
    return [row for row in revenue.lake.rows("contracts") if row.account_id in revenue.lake.known_accounts]


def month_to_month(term):
    if term.term_months is not None:
        return term.term_months <= 1
    return term.ends_at.date() <= add_months(term.started_at.date(), 1)


def successors(revenue):
    """{contract: its successors}: those that name it, else the account's and product's next term, where that names none."""
    named, next_terms, lines = defaultdict(list), defaultdict(list), defaultdict(list)
    for term in terms(revenue):
        lines[term.account_id, term.product].append(term)
    for line in lines.values():
        line.sort(key=lambda term: (term.started_at, term.contract_id))
        for before, term in zip([None] + line, line):
            if term.renewal_of:
                named[term.renewal_of].append(term)
            elif before is not None:
                next_terms[before.contract_id].append(term)
    return {**next_terms, **named}


def outcomes(revenue):
    if not hasattr(revenue, "renewal_outcomes"):
        calendar, grace = revenue.calendar, revenue.lake.settings.get("renewal_grace_days", 30)
        observed_to = revenue.lake.observed_to("contracts")
        after, found = successors(revenue), []
        for term in terms(revenue):
            if month_to_month(term):
                continue
            until = calendar.plus_days(term.ends_at, grace)
            in_time = [successor for successor in after.get(term.contract_id, []) if successor.started_at <= until]
            if in_time:
                found.append(Outcome(term, "renewed", min(in_time, key=lambda successor: successor.started_at)))
            else:
                found.append(Outcome(term, "pending" if observed_to <= until else "lost"))
        revenue.renewal_outcomes = found
    return revenue.renewal_outcomes


def settled(revenue, question):
    """By the term's original end; pending ones are in neither sum."""
    return question.split((outcome.term.account_id, outcome.term.ends_at, outcome) for outcome in outcomes(revenue)
                          if outcome.state != "pending" and question.period.contains(outcome.term.ends_at))


def count(rows):
    return ratio(Fraction(sum(outcome.state == "renewed" for _, outcome in rows)), len(rows), len(rows), NOTHING_DUE)


def by_count(revenue, question):
    return each(settled(revenue, question), count)


def money(revenue, question, renewed_value):
    """Yearly values at the rates of the day the term was due."""
    def value(rows):
        renewed, due = Fraction(0), Fraction(0)
        for _, outcome in rows:
            term, successor = outcome.term, outcome.successor
            day = revenue.calendar.day_of(term.ends_at)
            owed = revenue.rates.convert({term.currency: term.value or 0}, day)
            due += owed
            if successor:
                renewed += renewed_value(revenue.rates.convert({successor.currency: successor.value or 0}, day), owed)
        return ratio(renewed, due, len(rows), NOTHING_DUE)
    return each(settled(revenue, question), value)


def by_value(revenue, question):
    return money(revenue, question, min)


def by_value_net(revenue, question):
    return money(revenue, question, lambda renewed, due: renewed)


def by_signature(revenue, question):
    """A renewed term when its successor was signed, a lost one at its end and grace."""
    grace = revenue.lake.settings.get("renewal_grace_days", 30)
    rows = []
    for outcome in outcomes(revenue):
        if outcome.state == "renewed":
            at = outcome.successor.signed_at or outcome.successor.started_at
        elif outcome.state == "lost":
            at = revenue.calendar.plus_days(outcome.term.ends_at, grace)
        else:
            continue
        if question.period.contains(at):
            rows.append((outcome.term.account_id, at, outcome))
    return each(question.split(rows), count)
