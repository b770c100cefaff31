"""Mean, variance, skewness, excess kurtosis and entropy of a model against quadrature or summation in mpmath."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath as mp
import numpy as np

from verify.accuracy_cases import Case
from verify.accuracy_errors import support_of

DIGITS = 25
NAMES = ("mean", "variance", "skewness", "kurtosis", "entropy")
# Where an integral is cut in pieces; the pieces guide the quadrature and change nothing else.
CUTS = np.array([1e-25, 1e-7, 1e-2])


def moment_errors(case: Case, theta: tuple[float, ...]) -> dict[str, float]:
    """Return the error of each, relative to standard deviation + |mean|, variance, 1 + |skewness|, and so on."""
    model = case.family(*theta)
    with mp.workdps(DIGITS):
        exact = exact_moments(case, model)
        sizes = {name: 1 + abs(value) for name, value in exact.items()}
        if case.moments:
            sizes |= {"mean": abs(exact["mean"]) + mp.sqrt(exact["variance"]), "variance": exact["variance"]}
        return {name: float(abs(mp.mpf(getattr(model, name)) - value) / sizes[name]) for name, value in exact.items()}


def exact_moments(case: Case, model: Any) -> dict[str, Any]:
    """Return the moments, and the entropy, of the mpmath formula; the entropy alone where there are none."""
    if case.name == "Zipf":
        return zipf_moments(mp.mpf(model.shape))
    theta = [mp.mpf(t) for t in model.theta]
    known: dict[Any, Any] = {}
    log_density = case.log_density or (lambda x, *parameters: case.exact(x, *parameters)[0])

    def log_p(x: Any) -> Any:
        if x not in known:
            known[x] = log_density(x, *theta)
        return known[x]

    expect = summation(model, log_p) if model.discrete else quadrature(model, log_p)
    total = expect(lambda x: mp.mpf(1))
    if abs(total - 1) > 1e-15:
        raise ArithmeticError(f"the formula of {case.name} sums to {mp.nstr(total, 20)}, not 1")
    entropy = {"entropy": -expect(log_p)}
    if not case.moments:
        return entropy
    mean = expect(lambda x: x)
    return standardized(mean, *[expect(lambda x, r=r: (x - mean) ** r) for r in (2, 3, 4)]) | entropy


def standardized(mean: Any, two: Any, three: Any, four: Any) -> dict[str, Any]:
    """Return moments by name from the mean and central moments."""
    return dict(zip(NAMES, (mean, two, three / two ** mp.mpf(1.5), four / two**2 - 3), strict=False))


def quadrature(model: Any, log_p: Callable[[Any], Any]) -> Callable[[Callable[[Any], Any]], Any]:
    low, high = ends(model)
    inner = np.concatenate([model.icdf(CUTS), [model.icdf(0.5)], model.iccdf(CUTS)])
    inside = np.unique(inner[(inner > low) & (inner < high)])
    points = [mp.mpf(low), *map(mp.mpf, inside), mp.mpf(high)]

    def at(x: Any, function: Callable[[Any], Any]) -> Any:
        # the outermost nodes round to an end, where a density may be infinite, and the end itself is rounded
        inside = points[0] < x < points[-1] and isinstance(log_p(x), mp.mpf)
        return mp.exp(log_p(x)) * function(x) if inside else mp.mpf(0)

    return lambda function: mp.quad(lambda x: at(x, function), points)


def ends(model: Any) -> tuple[float, float]:
    """Return the ends of the support; in place of ∞, in a tail that is light, a value exceeded with probability 1e-200.

    Far beyond, the double exponentials of some formulas have exponents of more digits than there is time for.
    """
    support, found = support_of(model), []
    for end, quantile in ((support.lower, model.icdf), (support.upper, model.iccdf)):
        near, far = np.abs(quantile(np.array([1e-25, 1e-200])) - quantile(0.5))
        found.append(quantile(1e-200) if np.isinf(end) and far < 100.0 * near else end)
    return found[0], found[1]


def summation(model: Any, log_p: Callable[[Any], Any]) -> Callable[[Callable[[Any], Any]], Any]:
    last = int(min(support_of(model).upper, 2 * model.iccdf(1e-40) + 10))
    return lambda function: mp.fsum(mp.exp(log_p(mp.mpf(k))) * function(mp.mpf(k)) for k in range(last + 1))


def zipf_moments(a: Any) -> dict[str, Any]:
    """Return them from E kʳ = ζ(a − r)/ζ(a) and E log k = −ζ′(a)/ζ(a): the sums converge too slowly."""
    with mp.workdps(60):
        total = mp.zeta(a)
        one, two, three, four = (mp.zeta(a - r) / total for r in (1, 2, 3, 4))
        central = two - one**2, three - 3 * one * two + 2 * one**3
        fourth = four - 4 * one * three + 6 * one**2 * two - 3 * one**4
        entropy = mp.log(total) - a * mp.zeta(a, 1, 1) / total
        return standardized(one, *central, fourth) | {"entropy": entropy}
