"""`cohort_retention`: of the customers who began in the asked month, those still there and their money, by age in months.

Age k is looked at at the close of the k-th month after the month they began in; a close that observed_to has not passed is immature
and null. Money is compared in the account's own currency, at the rates with which the month opened, with what it paid at the end of the
day it began.
"""
from fractions import Fraction

from answers import Answer, each
from periods import DAY, add_months


def by_age(revenue, question):
    book, period = revenue.book(), question.period
    began = []
    for account in book.accounts:
        day = book.first_active_day(account)
        if period.contains_day(day):
            began.append((account, day, day))
    observed = revenue.calendar.day_of(revenue.lake.observed_to("subscriptions"))
    ages = (observed.year - period.first_day.year) * 12 + observed.month - period.first_day.month

    answers = {}
    for segment, rows in question.on_day(began).items():
        for age in range(ages):
            close = add_months(period.end_day, age)
            answers[(segment, (age,))] = each({None: rows}, lambda rows: cell(revenue, rows, close, revenue.opening_day(period)))[None]
    return answers


def cell(revenue, rows, close, rates_of):
    book, there = revenue.book(), 0
    base = net = gross = Fraction(0)
    for account, day in rows:
        start, now = book.at_end_of(account, day), book.at_end_of(account, close - DAY)
        there += now.active
        worth, kept = revenue.worth(start, rates_of), revenue.worth(now, rates_of)
        base, net, gross = base + worth, net + kept, gross + min(kept, worth)
    if not rows:
        return Answer(None, 0, "nobody began in the period")
    parts = {"net_mrr": net / base, "gross_mrr": gross / base} if base else {"net_mrr": None, "gross_mrr": None}
    return Answer(Fraction(there, len(rows)), len(rows), None, parts)
