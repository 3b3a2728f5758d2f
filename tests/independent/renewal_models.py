"""sBG and BdW (reference: Fader & Hardie 2007; Fader, Hardie, Liu, Davin & Steenburgh 2018) over lives in months.

S(t) = B(alpha, beta + t^c) / B(alpha, beta), c = 1 for sBG; a life that ended at its month t has P(t) = S(t-1) - S(t), one that goes on at t has S(t).
"""
from collections import Counter

import numpy
from scipy.special import gammaln

from maximum import maximum

STARTS = {"sbg": [(1.0, 1.0), (0.5, 5.0), (4.0, 40.0)], "bdw": [(1.0, 1.0, 1.0), (0.5, 5.0, 1.3), (2.0, 20.0, 0.8)]}


def log_survival(t, alpha, beta, c=1.0):
    w = numpy.asarray(t, dtype=float) ** c
    return gammaln(beta + w) - gammaln(alpha + beta + w) - gammaln(beta) + gammaln(alpha + beta)


def log_likelihood(spans, parameters):
    """Of {(months, whether it ended): how many} as three columns."""
    months, over, count = spans
    after = log_survival(months, *parameters)
    before = log_survival(numpy.maximum(months - 1, 0), *parameters)
    lost = before + numpy.log(-numpy.expm1(numpy.where(over, after - before, -1.0)))
    return (count * numpy.where(over, lost, after)).sum()


def fit(model, lives):
    """(the parameters, the log-likelihood) of lives (months, whether it ended), or None: nobody lost, too few ages at risk, no maximum."""
    ages = max((months for months, _ in lives), default=0)
    size = len(STARTS[model][0])
    if len(lives) < 2 or ages < size or not any(over for _, over in lives):
        return None
    counted = Counter(lives)
    spans = (numpy.array([months for months, _ in counted]), numpy.array([over for _, over in counted]), numpy.array(list(counted.values())))
    found = maximum(lambda *parameters: log_likelihood(spans, parameters), STARTS[model])
    return found and (found, float(log_likelihood(spans, found)))


def payments(parameters, discount, months, age=0):
    """Those of the month under way and the ones after it: sum of S(age + k) / S(age) / (1 + d)^k; `discount` is 1 + d."""
    k = numpy.arange(months)
    return numpy.exp(log_survival(age + k, *parameters) - log_survival(age, *parameters)) / discount ** k
