"""MRR movements per account and local day, a day's changes netted, and the revaluation of what was held (docs/definitions.md); what moved from one segment to another."""
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from money import MissingRate
from periods import DAY, before


def difference(closing, opening):
    """Closing less opening, in each currency."""
    return {currency: closing.get(currency, 0) - opening.get(currency, 0) for currency in {**closing, **opening}}


@dataclass
class Movement:
    account: str
    day: date
    kind: str
    amounts: dict               # by currency; what was lost is told as a positive amount
    gap_days: int | None = None  # of a reactivation: local days since the last end


def sign(amounts, rates, day):
    """Up, down or level: by currency where they agree, else by their worth on the day."""
    ups, downs = any(a > 0 for a in amounts.values()), any(a < 0 for a in amounts.values())
    if ups and downs:
        worth = rates.convert(amounts, day)
        return (worth > 0) - (worth < 0)
    return int(ups) - int(downs)


def negative(amounts):
    return {currency: -amount for currency, amount in amounts.items()}


def changed(account, day, opening, closing, ever_before, rates):
    """The movement from one state of an account to another, or None."""
    if not opening.active and closing.active:
        return Movement(account, day, "reactivation" if ever_before else "new", closing.worth())
    if opening.active and not closing.active:
        return Movement(account, day, "churn", opening.worth())
    if not opening.active:
        return None
    amounts = difference(closing.mrr, opening.mrr)
    direction = sign(amounts, rates, day)
    if direction > 0:
        return Movement(account, day, "expansion", amounts)
    if direction < 0:
        return Movement(account, day, "contraction", negative(amounts))
    return None


def daily(book, rates):
    """All movements by day, {account: [Movement]}, those of days still to come included."""
    found = {}
    for account in book.accounts:
        moves, opening, last_end, ever = [], book.at_end_of(account, date.min), None, False
        for day, closing in zip(*book.steps[account]):
            move = changed(account, day, opening, closing, ever, rates)
            if move:
                if move.kind == "reactivation":
                    move.gap_days = (day - last_end).days
                if move.kind == "churn":
                    last_end = day
                moves.append(move)
            ever = ever or closing.active
            opening = closing
        found[account] = moves
    return found


def endpoint(book, rates, period):
    """One movement an account: its opening against its close."""
    for account in book.accounts:
        first = book.first_active_day(account)
        move = changed(account, period.end_day - DAY, book.opening(account, period), book.close(account, period),
                       first is not None and first < period.first_day, rates)
        if move:
            yield move


def requested(book, calendar, move):
    """The instant at which a churn was asked for: the latest request among the lines that end on its day; None where none is told
    or where it is not earlier than the end."""
    asked = [line.row.end_requested_at for line in book.lines[move.account]
             if calendar.day_of(line.row.ended_at) == move.day and line.row.end_requested_at and line.row.end_requested_at < line.end
             and line.list_price > 0]
    return max(asked) if asked else None


def revaluations(book, rates, lake, first_day, end_day):
    """(account, day, amount): what an account held in other currencies, revalued on each day a rate changed."""
    currencies = {line.row.currency for lines in book.lines.values() for line in lines} - {lake.currency}
    changes = {}
    for currency in currencies:
        day = first_day
        while day < end_day:
            try:
                step = rates.of(currency, day) - rates.of(currency, day - DAY)
            except MissingRate:
                step = None
            if step != 0:
                changes.setdefault(day, []).append((currency, step))
            day += DAY
    for account in book.accounts:
        held_ever = {line.row.currency for line in book.lines[account]} & currencies
        if not held_ever:
            continue
        for day, steps in sorted(changes.items()):
            held = book.at_end_of(account, day - DAY).mrr
            amount = Fraction(0)
            for currency, step in steps:
                if held.get(currency):
                    if step is None:
                        raise MissingRate(f"no exchange rate for {currency}")
                    amount += held[currency] * step
            if amount:
                yield account, day, amount


def lines_in(book, account, day):
    """{currency: the paid lines in force at the end of a day, with what each is worth a month}"""
    at = before(book.calendar.midnight(day + DAY))
    paid = {}
    for line in book.lines[account]:
        if line.paid(at):
            paid.setdefault(line.row.currency, set()).add((line.row.subscription_id, line.row.line_id, line.monthly(at)))
    return paid


def holdings(book, lake, period):
    """{(account, currency, instant of the segment)}: each stretch of time in the period in which an account holds the same lines in another
    currency, at the same price, and its attributes stay the same. One revaluation each."""
    found = set()
    for account in book.accounts:
        held = lines_in(book, account, period.first_day - DAY)
        found |= {(account, currency, before(period.start)) for currency in held}
        for day in book.steps[account][0]:
            if period.contains_day(day):
                now = lines_in(book, account, day)
                found |= {(account, currency, lake.calendar.midnight(day)) for currency in now if now[currency] != held.get(currency)}
                held = now
        for at in lake.changes(account):
            if period.contains(at):
                found |= {(account, currency, at) for currency in lines_in(book, account, lake.calendar.day_of(at))}
    return {row for row in found if row[1] != lake.currency}


def moved(book, rates, lake, period):
    """(account, instant before, instant after, amount): what an account paid when an attribute changed."""
    for account in book.accounts:
        for at in lake.changes(account):
            if period.contains(at):
                day = lake.calendar.day_of(at)
                for currency, amount in book.at_end_of(account, lake.calendar.day_of(before(at))).worth().items():
                    yield account, before(at), at, rates.convert({currency: amount}, day)


def moved_endpoint(book, rates, lake, period):
    """The same from the opening to the close, of what is paid at the close, where an attribute changed in between."""
    for account in book.accounts:
        if any(period.contains(at) for at in lake.changes(account)):
            for currency, amount in book.close(account, period).worth().items():
                yield account, before(period.start), before(period.end), rates.convert({currency: amount}, period.end_day - DAY)
