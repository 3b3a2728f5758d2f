"""The maximum of a log-likelihood over positive parameters, found in their logarithms; None where the data do not hold it.

docs/decisions.md (Lifetime value): a parameter is not identified where the maximum lies beyond e^9 or below e^-9, in units in which
customers live for about one, where the information is not positive definite, or where the logarithm has a standard error above 10.
"""
import numpy
from scipy.optimize import minimize

FARTHEST = 9.0
WIDEST = 10.0
STEP = 1e-3


def slopes(f, at):
    """Gradient and Hessian by central differences."""
    size, unit, here = len(at), numpy.eye(len(at)) * STEP, f(at)
    gradient, curved = numpy.empty(size), numpy.empty((size, size))
    for i in range(size):
        above, below = f(at + unit[i]), f(at - unit[i])
        gradient[i], curved[i, i] = (above - below) / (2 * STEP), (above + below - 2 * here) / STEP ** 2
        for j in range(i):
            corners = f(at + unit[i] + unit[j]) - f(at + unit[i] - unit[j]) - f(at - unit[i] + unit[j]) + f(at - unit[i] - unit[j])
            curved[i, j] = curved[j, i] = corners / (4 * STEP ** 2)
    return gradient, curved


def positive(matrix):
    return numpy.isfinite(matrix).all() and numpy.linalg.eigvalsh(matrix)[0] > 0


def maximum(log_likelihood, starts):
    """The parameters, or None."""
    def cost(at):
        if numpy.abs(at).max() > FARTHEST + 1:
            return numpy.inf
        with numpy.errstate(all="ignore"):
            value = -log_likelihood(*numpy.exp(at))
        return value if numpy.isfinite(value) else numpy.inf

    def simplex(start):
        return minimize(cost, start, method="Nelder-Mead", options={"maxiter": 300, "xatol": 1e-3, "fatol": 1e-6})

    found = min((simplex(numpy.log(start)) for start in starts), key=lambda one: one.fun)
    at, value = found.x, found.fun
    for _ in range(40):
        if not numpy.isfinite(value) or numpy.abs(at).max() > FARTHEST:
            return None
        with numpy.errstate(all="ignore"):
            gradient, curved = slopes(cost, at)
        if not positive(curved):
            further = simplex(at)  # Begun anew it does not stay where it collapsed.
            if value - further.fun < 1e-7:
                return None
            at, value = further.x, further.fun
            continue
        step = numpy.linalg.solve(curved, gradient)
        step *= min(1.0, 2.0 / numpy.abs(step).max())
        halved = next((share for share in 0.5 ** numpy.arange(30) if cost(at - share * step) < value), None)
        if halved is None or numpy.abs(step).max() < 1e-7:
            errors = numpy.sqrt(numpy.diag(numpy.linalg.inv(curved)))
            return tuple(float(x) for x in numpy.exp(at)) if errors.max() < WIDEST else None
        at = at - halved * step
        value = cost(at)
    return None
