"""BG/NBD, MBG/NBD, Pareto/NBD and Gamma-Gamma (reference: the papers' formulas) over purchases by the month.

A purchase is a month with invoices, refunds taken off; x is how many after the first, t_x the months from the first to the last, T to the
end, m the mean worth of those after the first.
"""
from collections import defaultdict
from fractions import Fraction

import numpy
from scipy.special import betaln, gammaln, hyp2f1

from maximum import maximum

NAMES = {"bg_nbd": ("r", "alpha", "a", "b"), "mbg_nbd": ("r", "alpha", "a", "b"), "pareto_nbd": ("r", "alpha", "s", "beta")}
STARTS = [(1.0, 1.0, 1.0, 1.0), (0.5, 0.3, 0.6, 1.0), (3.0, 1.0, 0.4, 2.0)]
SPEND_STARTS = [(1.0, 2.0, 1.0), (5.0, 4.0, 0.5), (2.0, 8.0, 4.0)]


def histories(revenue, period):
    """{account: (x, t_x, T, m)} of those who bought by the end of a month."""
    calendar, months = revenue.calendar, defaultdict(lambda: defaultdict(Fraction))
    index = lambda day: day.year * 12 + day.month
    for row in revenue.sales:
        if row.issued_at < period.end:
            day = calendar.day_of(row.issued_at)
            months[row.account_id][index(day)] += revenue.rates.convert({row.currency: row.amount}, day)
    found = {}
    for account, amounts in months.items():
        bought = sorted(month for month, amount in amounts.items() if amount > 0)
        if bought:
            repeats = [amounts[month] for month in bought[1:]]
            mean = float(sum(repeats) / len(repeats)) if repeats else 0.0
            found[account] = (len(repeats), bought[-1] - bought[0], index(period.end_day) - 1 - bought[0], mean)
    return found


def beta_geometric(x, t_x, t, r, alpha, a, b, modified):
    """BG/NBD, and MBG/NBD where one may leave after the first purchase too: ln of the likelihood and the odds of having left."""
    stays = b + x + modified
    with numpy.errstate(divide="ignore"):
        odds = numpy.log(a / (stays - 1.0)) + (r + x) * (numpy.log(alpha + t) - numpy.log(alpha + t_x))
    if not modified:
        odds = numpy.where(x == 0, -numpy.inf, odds)
    likelihood = gammaln(r + x) - gammaln(r) + r * numpy.log(alpha) + betaln(a, stays) - betaln(a, b) - (r + x) * numpy.log(alpha + t)
    return likelihood + numpy.logaddexp(0.0, odds), odds


NODES, WEIGHTS = numpy.polynomial.legendre.leggauss(80)


def pareto(x, t_x, t, r, alpha, s, beta):
    """Fader & Hardie's note on the Pareto/NBD: ln of the likelihood and of the odds of having left.

    Their difference of two 2F1 is the integral of (alpha + u)^-(r+x) (beta + u)^-(s+1) over (t_x, T); here by Gauss and Legendre in ln(m + u)."""
    n, least = r + x, min(alpha, beta)
    low, high = numpy.log(least + t_x), numpy.log(least + t)
    half = (high - low)[:, None] / 2
    v = low[:, None] + half * (1 + NODES)
    u = numpy.exp(v) - least
    at_end = n * numpy.log(alpha + t) + s * numpy.log(beta + t)
    integrand = v - n[:, None] * numpy.log(alpha + u) - (s + 1) * numpy.log(beta + u) + at_end[:, None]
    with numpy.errstate(divide="ignore"):
        odds = numpy.log(s) + numpy.log((half * WEIGHTS * numpy.exp(integrand)).sum(axis=1))
    return gammaln(n) - gammaln(r) + r * numpy.log(alpha) + s * numpy.log(beta) - at_end + numpy.logaddexp(0.0, odds), odds


def look(model, data, parameters):
    """(ln likelihood, ln odds of having left) of each."""
    x, t_x, t = data
    if model == "pareto_nbd":
        return pareto(x, t_x, t, *parameters)
    return beta_geometric(x, t_x, t, *parameters, modified=int(model == "mbg_nbd"))


def further(model, data, parameters, months):
    """Purchases expected of each in so many months to come."""
    x, _, t = data
    alive = 1 / (1 + numpy.exp(look(model, data, parameters)[1]))
    if model == "pareto_nbd":
        r, alpha, s, beta = parameters
        return (r + x) * (beta + t) / ((alpha + t) * (s - 1)) * (1 - ((beta + t) / (beta + t + months)) ** (s - 1)) * alive
    r, alpha, a, b = parameters
    stays = b + x + (model == "mbg_nbd")
    z = months / (alpha + t + months)
    return (a + stays - 1) / (a - 1) * (1 - (1 - z) ** (r + x) * hyp2f1(r + x, stays, a + stays - 1, z)) * alive


def spend_likelihood(x, m, p, q, v):
    return gammaln(p * x + q) - gammaln(p * x) - gammaln(q) + q * numpy.log(v) + (p * x - 1) * numpy.log(m) + p * x * numpy.log(x) - (p * x + q) * numpy.log(x * m + v)


def fit(model, rows):
    """{"purchases", "spend", "log_likelihood", "reason"} of [(x, t_x, T, m)]: the parameters, or why there are none."""
    x, t_x, t, m = (numpy.array(column, dtype=float) for column in zip(*rows))
    if len(rows) < 2 or not (x > 0).any():
        return {"reason": "too few, or none came back"}
    # Of the same history is one row with a weight; times in mean ages, so that parameters are about one.
    unit = t.mean() or 1.0
    distinct, weights = numpy.unique(numpy.array([x, t_x, t]), axis=1, return_counts=True)
    scaled = distinct / numpy.array([[1.0], [unit], [unit]])
    found = maximum(lambda *parameters: (weights * look(model, scaled, parameters)[0]).sum(), STARTS)
    if found is None:
        return {"reason": "no maximum of purchases"}
    times = [False, True, False, model == "pareto_nbd"]
    purchases = tuple(value * unit if is_time else value for value, is_time in zip(found, times))
    bought = x > 0
    mean = m[bought].mean()
    spend = maximum(lambda *parameters: spend_likelihood(x[bought], m[bought] / mean, *parameters).sum(), SPEND_STARTS)
    if spend is None:
        return {"reason": "no maximum of spend"}
    p, q, v = spend[0], spend[1], spend[2] * mean
    if q <= 1:
        return {"reason": "the mean spend is infinite"}
    total = (weights * look(model, distinct, purchases)[0]).sum()
    return {"purchases": purchases, "spend": (p, q, v), "log_likelihood": float(total), "reason": None}


def worths(model, fitted, rows, discount, months):
    """Of each: (the chance to be alive, purchases expected, spend a purchase, discounted purchases x spend); `discount` is 1 + d a month."""
    x, t_x, t, m = (numpy.array(column, dtype=float) for column in zip(*rows))
    data, (p, q, v) = (x, t_x, t), fitted["spend"]
    spend = numpy.where(x > 0, (p * x * m + p * v) / (p * x + q - 1), p * v / (q - 1))
    by_month = numpy.array([further(model, data, fitted["purchases"], i) for i in range(months + 1)])
    discounted = (numpy.diff(by_month, axis=0) / (discount ** numpy.arange(1, months + 1))[:, None]).sum(axis=0)
    alive = 1 / (1 + numpy.exp(look(model, data, fitted["purchases"])[1]))
    return list(zip(alive, by_month[-1], spend, discounted * spend))
