"""Terms that fell due and what became of them (docs/definitions.md, `renewal_rate`)."""
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


def candidates(term, others, until):
    """Of other terms those that could renew it: begun after it did, and by the end of its grace, in order of beginning."""
    fitting = (other for other in others if other is not term and term.started_at < other.started_at <= until(term))
    return sorted(fitting, key=lambda other: (other.started_at, other.contract_id))


def successors(revenue, until):
    """{contract: its successor}. One that names it goes first. Else, of the account's and product's terms that name none and reach past its
    end, each renews one: in order of beginning, that of which the end is nearest to its beginning and that nobody renews yet."""
    by_account, found = defaultdict(list), {}
    for term in terms(revenue):
        by_account[term.account_id].append(term)
    for line in by_account.values():
        for term in line:
            naming = candidates(term, [other for other in line if other.renewal_of == term.contract_id], until)
            if naming:
                found[term.contract_id] = naming[0]
        for other in sorted(line, key=lambda term: (term.started_at, term.contract_id)):
            renewable = [
                term for term in line
                if other.renewal_of is None and term.contract_id not in found and (term.product or "") == (other.product or "")
                and candidates(term, [other], until) and other.ends_at > term.ends_at
            ]
            if renewable:
                nearest = min(renewable, key=lambda term: (abs(other.started_at - term.ends_at), term.ends_at, term.contract_id))
                found[nearest.contract_id] = other
    return found


def known(successor, observed_to):
    """Signed or begun by then."""
    return min(successor.started_at, successor.signed_at or successor.started_at) <= observed_to


def outcomes(revenue):
    if not hasattr(revenue, "renewal_outcomes"):
        calendar, grace = revenue.calendar, revenue.lake.settings.get("renewal_grace_days", 30)
        observed_to = revenue.lake.observed_to("contracts")
        found = []

        def until(term):
            return calendar.plus_days(term.ends_at, grace)
        after = successors(revenue, until)
        for term in terms(revenue):
            if month_to_month(term):
                continue
            successor = after.get(term.contract_id)
            if successor and known(successor, observed_to):
                found.append(Outcome(term, "renewed", successor))
            else:
                found.append(Outcome(term, "pending" if observed_to < until(term) else "lost"))
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
