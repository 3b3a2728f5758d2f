"""Customer lifetime value (docs/definitions.md): expected from survival, historic, ARPA over churn, and by fitted models."""
from fractions import Fraction
from functools import lru_cache

import purchase_models
import renewal_models
from answers import Answer, each, together
from periods import add_months

HORIZON_MONTHS = 60
TAIL_MONTHS = 12


def margin(revenue):
    return Fraction(str(revenue.lake.settings.get("margin", 1)))


def monthly_discount(revenue):
    """1 + d of a month."""
    return (1 + float(revenue.lake.settings.get("discount_rate", 0))) ** (1 / 12)


def closing_arpa(revenue, rows, period):
    day = revenue.closing_day(period)
    return sum((revenue.worth(state, day) for _, state in rows), Fraction(0)) / len(rows)


def arpa_over_churn(revenue, question):
    """ARPA at the close times margin, over the month's share of the logo churn of the asked period. A rate over the opening, so both are by
    the attribute at the opening."""
    period = question.period
    months = (period.end_day.year - period.first_day.year) * 12 + period.end_day.month - period.first_day.month
    closing = dict(revenue.customers(period, "close"))
    cohort = question.at_opening((account, account in closing) for account, _ in revenue.customers(period, "opening"))

    def value(rows):
        opening, customers = rows
        n = len({account for side in rows for account, _ in side})
        if not opening:
            return Answer(None, n, "no customers at the opening")
        churn = Fraction(sum(not kept for _, kept in opening), len(opening))
        if churn == 0:
            return Answer(None, n, "nobody churned in the period")
        if not customers:
            return Answer(None, n, "no customers at the close")
        monthly = churn if months == 1 else 1 - float(1 - churn) ** (1 / months)
        return Answer(float(closing_arpa(revenue, customers, period) * margin(revenue)) / float(monthly), n)
    return each(together(cohort, question.at_opening(closing.items())), value)


def historic(revenue, question):
    """What customers have paid up to the close, times margin, a customer: over all accounts that ever paid."""
    calendar, paid = revenue.calendar, {}
    for row in revenue.sales:
        if row.issued_at < question.period.end:
            worth = revenue.rates.convert({row.currency: row.amount}, calendar.day_of(row.issued_at))
            paid[row.account_id] = paid.get(row.account_id, Fraction(0)) + worth

    def value(rows):
        if not rows:
            return Answer(None, 0, "nobody paid")
        return Answer(margin(revenue) * sum(amount for _, amount in rows) / len(rows), len(rows))
    return each(question.at_close(paid.items()), value)


def whole_months(first, end):
    """Calendar months from one day to another: (completed, begun)."""
    months = (end.year - first.year) * 12 + end.month - first.month
    if add_months(first, months) > end:
        return months - 1, months
    return months, months + (add_months(first, months) < end)


def lives(revenue, period):
    """(account, (months, whether it ended)): each span as a customer, up to the close.

    A life that ended lasted the months it began, since each month is paid in advance: after fourteen months and a day it was there for
    payment 0 to 14, and not for 15. One that goes on has been seen for the months it completed."""
    book = revenue.book()
    for account in book.accounts:
        began = None
        for day, state in zip(*book.steps[account]):
            if day >= period.end_day:
                break
            if state.active and began is None:
                began = day
            elif not state.active and began is not None:
                yield account, (whole_months(began, day)[1], True)
                began = None
        if began is not None:
            yield account, (whole_months(began, period.end_day)[0], False)


def survival(spans):
    """Kaplan-Meier at whole months, up to the last month anybody was seen in: [S(0) = 1, S(1), ...]."""
    curve = [1.0]
    for month in range(1, max(months for months, _ in spans) + 1):
        at_risk = sum(months >= month for months, _ in spans)
        ended = sum(months == month and over for months, over in spans)
        curve.append(curve[-1] * (1 - ended / at_risk))
    return curve


def expected(revenue, question):
    """ARPA at the close x margin x sum of S(k)/(1+d)^k over the months 0 to 59; beyond what was seen S falls by the mean hazard of
    the last twelve months seen. What is left to expect at the close: lives and customers are by the attribute at the close."""
    discount = monthly_discount(revenue)

    def value(rows):
        spans, customers = [what for _, what in rows[0]], rows[1]
        if not customers:
            return Answer(None, len(spans), "no customers at the close")
        if not any(ended for _, ended in spans):
            return Answer(None, len(spans), "nobody churned")
        curve = survival(spans)[:HORIZON_MONTHS]
        hazards = [1 - after / before for before, after in zip(curve, curve[1:]) if before > 0][-TAIL_MONTHS:]
        fall = sum(hazards) / len(hazards) if hazards else 0.0
        seen = len(curve)
        while len(curve) < HORIZON_MONTHS:
            curve.append(curve[-1] * (1 - fall))
        worth = [s / discount ** k for k, s in enumerate(curve)]
        one = float(closing_arpa(revenue, customers, question.period) * margin(revenue))
        return Answer(one * sum(worth), len(spans), None, {"tail_share": sum(worth[seen:]) / sum(worth)})
    spans = question.at_close(lives(revenue, question.period))
    return each(together(spans, question.at_close(revenue.customers(question.period, "close"))), value)


def by_renewals(model):
    """ARPA at the close x margin x the model's payments over 60 months, fitted to the lives of the segment."""
    def asked(revenue, question):
        def value(rows):
            spans, customers = [what for _, what in rows[0]], rows[1]
            if not customers:
                return Answer(None, len(spans), "no customers at the close")
            fitted = renewal_models.fit(model, spans)
            if fitted is None:
                return Answer(None, len(spans), "no fit")
            parameters, log_likelihood = fitted
            worth = renewal_models.payments(parameters, monthly_discount(revenue), HORIZON_MONTHS)
            seen = max(months for months, _ in spans) + 1
            one = float(closing_arpa(revenue, customers, question.period) * margin(revenue))
            parts = dict(zip(("alpha", "beta", "c"), parameters), log_likelihood=log_likelihood, tail_share=worth[seen:].sum() / worth.sum())
            return Answer(one * worth.sum(), len(spans), None, parts)
        spans = question.at_close(lives(revenue, question.period))
        return each(together(spans, question.at_close(revenue.customers(question.period, "close"))), value)
    return asked


@lru_cache
def bought(revenue, period, model):
    """What the model says of every account that bought, fitted to all of them: ({account: what}, the fit)."""
    found = purchase_models.histories(revenue, period)
    if not found:
        return {}, {"reason": "nobody bought"}
    fitted = purchase_models.fit(model, list(found.values()))
    if fitted["reason"]:
        return dict.fromkeys(found), fitted
    told = purchase_models.worths(model, fitted, list(found.values()), monthly_discount(revenue), HORIZON_MONTHS)
    return dict(zip(found, told)), fitted


def by_purchases(model):
    """The mean over accounts of spend x discounted purchases x margin; the model is of the whole company."""
    def asked(revenue, question):
        accounts, fitted = bought(revenue, question.period, model)

        def value(rows):
            if fitted["reason"] or not rows:
                return Answer(None, len(rows), fitted["reason"] or "nobody bought")
            alive, purchases, spend, worth = (sum(column) / len(rows) for column in zip(*(what for _, what in rows)))
            parts = dict(zip(purchase_models.NAMES[model] + ("p", "q", "gamma"), fitted["purchases"] + fitted["spend"]))
            parts |= {"alive": alive, "purchases": purchases, "spend": spend, "log_likelihood": fitted["log_likelihood"]}
            return Answer(worth * float(margin(revenue)), len(rows), None, parts)
        return each(question.at_close(accounts.items()), value)
    return asked
