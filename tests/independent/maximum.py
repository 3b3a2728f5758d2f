"""The maximum of a log-likelihood over positive parameters, found in their logarithms; None where the data do not hold it.

docs/decisions.md (Lifetime value): a parameter is not identified where the maximum lies beyond e^9 or below e^-9, in units in which
customers live for about one, where the information is not positive definite, or where the logarithm has a standard error above 10.
"""
import numpy
from scipy.optimize import minimize

FARTHEST = 9.0
WIDEST = 10.0
STEP = 1e-3


def hessian(f, at):
    size = len(at)
    unit = numpy.eye(size) * STEP
    found = numpy.empty((size, size))
    for i in range(size):
        for j in range(i + 1):
            corners = f(at + unit[i] + unit[j]) - f(at + unit[i] - unit[j]) - f(at - unit[i] + unit[j]) + f(at - unit[i] - unit[j])
            found[i, j] = found[j, i] = corners / (4 * STEP * STEP)
    return found


def maximum(log_likelihood, starts):
    """The parameters, or None."""
    def cost(at):
        if numpy.abs(at).max() > FARTHEST + 1:
            return numpy.inf
        with numpy.errstate(all="ignore"):
            value = -log_likelihood(*numpy.exp(at))
        return value if numpy.isfinite(value) else numpy.inf

    best = None
    for start in starts:
        found = minimize(cost, numpy.log(start), method="Nelder-Mead", options={"maxiter": 500, "xatol": 1e-4, "fatol": 1e-6})
        if best is None or found.fun < best.fun:
            best = found
    for _ in range(3):  # A simplex begun anew does not stay where it collapsed.
        if numpy.abs(best.x).max() > FARTHEST:
            return None
        best = minimize(cost, best.x, method="Nelder-Mead", options={"maxiter": 1000, "xatol": 1e-9, "fatol": 1e-11})
    if not numpy.isfinite(best.fun) or numpy.abs(best.x).max() > FARTHEST:
        return None
    try:
        information = hessian(cost, best.x)
        numpy.linalg.cholesky(information)
        errors = numpy.sqrt(numpy.diag(numpy.linalg.inv(information)))
    except numpy.linalg.LinAlgError:
        return None
    return tuple(numpy.exp(best.x)) if errors.max() < WIDEST else None
