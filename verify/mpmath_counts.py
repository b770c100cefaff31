"""Log mass, P(X ≤ k) and P(X > k) of counts, from their textbook definitions, in mpmath's precision.

Written apart from the library: nothing here may call it. k is in the support.
"""

from __future__ import annotations

from typing import Any

import mpmath as mp

from verify.mpmath_functions import beta_tails, gamma_tails

Exact = tuple[Any, Any, Any]


def bernoulli(k: Any, p: Any) -> Exact:
    return (mp.log(p), mp.mpf(1), mp.mpf(0)) if k else (mp.log1p(-p), 1 - p, p)


def geometric(k: Any, p: Any) -> Exact:
    above = (k + 1) * mp.log1p(-p)
    return mp.log(p) + k * mp.log1p(-p), -mp.expm1(above), mp.exp(above)


def poisson(k: Any, mean: Any) -> Exact:
    return k * mp.log(mean) - mean - mp.loggamma(k + 1), *gamma_tails(k + 1, mean)[::-1]


def log_choose(n: Any, k: Any) -> Any:
    return mp.loggamma(n + 1) - mp.loggamma(k + 1) - mp.loggamma(n - k + 1)


def binomial(k: Any, n: Any, p: Any) -> Exact:
    log_p = log_choose(n, k) + k * mp.log(p) + (n - k) * mp.log1p(-p)
    lower, upper = beta_tails(n - k, k + 1, 1 - p, p) if k < n else (mp.mpf(1), mp.mpf(0))
    return log_p, lower, upper


def negative_binomial(k: Any, mean: Any, size: Any) -> Exact:
    if mp.isinf(size):
        return poisson(k, mean)
    p, q = size / (size + mean), mean / (size + mean)
    log_p = mp.loggamma(k + size) - mp.loggamma(k + 1) - mp.loggamma(size) + size * mp.log(p) + k * mp.log(q)
    return log_p, *beta_tails(size, k + 1, p, q)


def beta_binomial(k: Any, n: Any, p: Any, concentration: Any) -> Exact:
    """Return them with both tails as sums of their terms, in which nothing cancels."""
    a, b = p * concentration, (1 - p) * concentration

    def log_beta(u: Any, v: Any) -> Any:
        return mp.loggamma(u) + mp.loggamma(v) - mp.loggamma(u + v)

    def mass(i: Any) -> Any:
        return mp.exp(log_choose(n, i) + log_beta(i + a, n - i + b) - log_beta(a, b))

    def rise(i: Any) -> Any:  # P(i + 1)/P(i)
        return (n - i) * (i + a) / ((i + 1) * (n - i - 1 + b))

    at = mass(k)
    lower = at * partial_sum(lambda j: 1 / rise(k - j), int(k))
    upper = at * rise(k) * partial_sum(lambda j: rise(k + j), int(n - k - 1)) if k < n else mp.mpf(0)
    return mp.log(at), lower, upper


def partial_sum(ratio: Any, last: int) -> Any:
    """Return 1 + r(1) + r(1) r(2) + … with `last` terms after the first."""
    total = term = mp.mpf(1)
    for j in range(1, last + 1):
        term *= ratio(j)
        total += term
    return total


def zero_inflated(plain: Any, k: Any, mean: Any, *rest: Any) -> Exact:
    """Return them for Y, of the plain family with mean m/(1 − π), replaced by 0 with probability π."""
    others, zeros = rest[:-1], rest[-1]
    log_p, lower, upper = plain(k, mean / (1 - zeros), *others)
    some = 1 - zeros
    below = zeros + some * lower if lower < upper else 1 - some * upper
    if k:
        return mp.log1p(-zeros) + log_p, below, some * upper
    above = -mp.expm1(log_p)  # 1 − P(Y = 0)
    return mp.log1p(-some * above), below, some * upper


def zero_inflated_poisson(k: Any, mean: Any, zeros: Any) -> Exact:
    return zero_inflated(poisson, k, mean, zeros)


def zero_inflated_negative_binomial(k: Any, mean: Any, size: Any, zeros: Any) -> Exact:
    return zero_inflated(negative_binomial, k, mean, size, zeros)


def zipf(k: Any, shape: Any) -> Exact:
    """Return them with the digits of ζ(a) − ζ(a, k + 1) and of mpmath's ζ(a, k) where it is small."""
    with mp.extradps(40 + int(shape * mp.log10(k + 1))):
        total = mp.zeta(shape)
        above = mp.zeta(shape, k + 1)
        lower, upper = (total - above) / total, above / total
    return -shape * mp.log(k) - mp.log(total), lower, upper
