"""Log density, P(X ≤ x) and P(X > x) of continuous families, from their textbook definitions, in mpmath's precision.

Written apart from the library: nothing here may call it. Each function takes x inside the support and the parameters
as Suffice states them, as mpmath numbers, and returns both probabilities without 1 − a small number.
"""

from __future__ import annotations

from typing import Any

import mpmath as mp

from verify.mpmath_functions import beta_tails, gamma_tails

Exact = tuple[Any, Any, Any]


def normal(x: Any, mu: Any, sigma: Any) -> Exact:
    z = (x - mu) / sigma
    root = mp.sqrt(2)
    return -z * z / 2 - mp.log(sigma) - mp.log(2 * mp.pi) / 2, mp.erfc(-z / root) / 2, mp.erfc(z / root) / 2


def log_normal(x: Any, mu: Any, sigma: Any) -> Exact:
    log_p, lower, upper = normal(mp.log(x), mu, sigma)
    return log_p - mp.log(x), lower, upper


def half_normal(x: Any, sigma: Any) -> Exact:
    z = x / sigma
    root = z / mp.sqrt(2)
    return mp.log(2 / mp.pi) / 2 - mp.log(sigma) - z * z / 2, mp.erf(root), mp.erfc(root)


def from_hazard(log_hazard: Any, hazard: Any) -> Exact:
    """Return what follows from the cumulative hazard H = −log P(X > x) and the logarithm of its derivative."""
    return log_hazard - hazard, -mp.expm1(-hazard), mp.exp(-hazard)


def exponential(x: Any, rate: Any) -> Exact:
    return from_hazard(mp.log(rate), rate * x)


def weibull(x: Any, shape: Any, scale: Any) -> Exact:
    return from_hazard(mp.log(shape / scale) + (shape - 1) * mp.log(x / scale), (x / scale) ** shape)


def rayleigh(x: Any, scale: Any) -> Exact:
    return from_hazard(mp.log(x / scale**2), (x / scale) ** 2 / 2)


def gompertz(x: Any, rate: Any, growth: Any) -> Exact:
    return from_hazard(mp.log(rate) + growth * x, rate * (mp.expm1(growth * x) / growth if growth else x))


def pareto(x: Any, minimum: Any, shape: Any) -> Exact:
    return from_hazard(mp.log(shape / x), shape * mp.log(x / minimum))


def generalized_pareto(x: Any, scale: Any, shape: Any, threshold: Any) -> Exact:
    z = (x - threshold) / scale
    hazard = mp.log1p(shape * z) / shape if shape else z
    return from_hazard(-mp.log(scale * (1 + shape * z)), hazard)


def burr_xii(x: Any, shape: Any, tail: Any, scale: Any) -> Exact:
    if mp.isinf(tail):
        return weibull(x, shape, scale)
    share = (x / scale) ** shape / tail
    return from_hazard(mp.log(shape / x) + shape * mp.log(x / scale) - mp.log1p(share), tail * mp.log1p(share))


def of_maxima(scale: Any, rise: Any, y: Any) -> Exact:
    """Return what follows from P(X ≤ x) = exp(−y), where −σ dy/dx = y exp(rise)."""
    return mp.log(y) + rise - mp.log(scale) - y, mp.exp(-y), -mp.expm1(-y)


def gumbel(x: Any, location: Any, scale: Any) -> Exact:
    return of_maxima(scale, mp.mpf(0), mp.exp(-(x - location) / scale))


def generalized_extreme_value(x: Any, location: Any, scale: Any, shape: Any) -> Exact:
    if not shape:
        return gumbel(x, location, scale)
    log_share = mp.log1p(shape * (x - location) / scale)
    return of_maxima(scale, -log_share, mp.exp(-log_share / shape))


def logistic(x: Any, location: Any, scale: Any) -> Exact:
    z = (x - location) / scale
    return -abs(z) - 2 * mp.log1p(mp.exp(-abs(z))) - mp.log(scale), 1 / (1 + mp.exp(-z)), 1 / (1 + mp.exp(z))


def log_logistic(x: Any, shape: Any, scale: Any) -> Exact:
    log_p, lower, upper = logistic(mp.log(x / scale), mp.mpf(0), 1 / shape)
    return log_p - mp.log(x), lower, upper


def laplace(x: Any, location: Any, scale: Any) -> Exact:
    z = (x - location) / scale
    tail = mp.exp(-abs(z)) / 2
    return -abs(z) - mp.log(2 * scale), *((1 - tail, tail) if z > 0 else (tail, 1 - tail))


def uniform(x: Any, low: Any, high: Any) -> Exact:
    width = high - low
    return -mp.log(width), (x - low) / width, (high - x) / width


def cauchy(x: Any, location: Any, scale: Any) -> Exact:
    z = (x - location) / scale
    tail = mp.atan2(1, abs(z)) / mp.pi
    return -mp.log(mp.pi * scale) - mp.log1p(z * z), *((1 - tail, tail) if z > 0 else (tail, 1 - tail))


def gamma(x: Any, shape: Any, rate: Any) -> Exact:
    log_p = shape * mp.log(rate) + (shape - 1) * mp.log(x) - rate * x - mp.loggamma(shape)
    return log_p, *gamma_tails(shape, rate * x)


def chi_squared(x: Any, df: Any) -> Exact:
    return gamma(x, df / 2, mp.mpf(1) / 2)


def inverse_gamma(x: Any, shape: Any, scale: Any) -> Exact:
    log_p, below, above = gamma(1 / x, shape, scale)
    return log_p - 2 * mp.log(x), above, below


def generalized_normal(x: Any, location: Any, scale: Any, shape: Any) -> Exact:
    z = (x - location) / scale
    tail = gamma_tails(1 / shape, abs(z) ** shape)[1] / 2
    log_p = -(abs(z) ** shape) - mp.log(2 * scale) - mp.loggamma(1 + 1 / shape)
    return log_p, *((1 - tail, tail) if z > 0 else (tail, 1 - tail))


def beta(x: Any, a: Any, b: Any) -> Exact:
    log_p = (a - 1) * mp.log(x) + (b - 1) * mp.log1p(-x) + mp.loggamma(a + b) - mp.loggamma(a) - mp.loggamma(b)
    return log_p, *beta_tails(a, b, x, 1 - x)


def student_t(x: Any, location: Any, scale: Any, df: Any) -> Exact:
    if mp.isinf(df):
        return normal(x, location, scale)
    z = (x - location) / scale
    log_p = mp.loggamma((df + 1) / 2) - mp.loggamma(df / 2) - mp.log(df * mp.pi) / 2 - mp.log(scale)
    log_p -= (df + 1) / 2 * mp.log1p(z * z / df)
    tail = beta_tails(df / 2, mp.mpf(1) / 2, df / (df + z * z), z * z / (df + z * z))[0] / 2 if z else mp.mpf(1) / 2
    return log_p, *((1 - tail, tail) if z > 0 else (tail, 1 - tail))


def inverse_gaussian(x: Any, mean: Any, shape: Any) -> Exact:
    """Return them with the digits that cancel between both terms of the tails (Shuster 1968), 30 at shape 1e-6."""
    with mp.extradps(40):
        near, far = [mp.sqrt(shape / (2 * x)) * (x / mean - sign) for sign in (1, -1)]
        product = mp.exp(2 * shape / mean) * mp.erfc(far) / 2
        lower, upper = mp.erfc(-near) / 2 + product, mp.erfc(near) / 2 - product
        log_p = mp.log(shape / (2 * mp.pi * x**3)) / 2 - shape * (x - mean) ** 2 / (2 * mean**2 * x)
    return log_p, lower, upper
