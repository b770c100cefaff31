"""Log-likelihoods of families of counts, by hand: from sums over the distinct values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import special

from verify.landscape import Landscape


def _log_binomial(n: float, k: np.ndarray) -> np.ndarray:
    return special.gammaln(n + 1.0) - special.gammaln(k + 1.0) - special.gammaln(n - k + 1.0)


def _binomial(x: np.ndarray, n: int = 1) -> Landscape:
    successes, failures, base = x.sum(), np.sum(n - x), _log_binomial(n, x).sum()

    def value(c: np.ndarray) -> np.ndarray:
        return base + successes * special.log_expit(c[0]) + failures * special.log_expit(-c[0])

    return Landscape(value, [(-25.0, 25.0)], lambda m: np.array([special.logit(m.p)]))


def _geometric(x: np.ndarray) -> Landscape:
    n, failures = len(x), x.sum()

    def value(c: np.ndarray) -> np.ndarray:
        return n * special.log_expit(c[0]) + failures * special.log_expit(-c[0])

    return Landscape(value, [(-25.0, 25.0)], lambda m: np.array([special.logit(m.p)]))


def _zipf(x: np.ndarray) -> Landscape:
    n, logs = len(x), np.log(x).sum()

    def value(c: np.ndarray) -> np.ndarray:
        # ζ(a) − 1 keeps its digits for large a, where ζ is 1 to rounding
        a = 1.0 + np.exp(c[0])
        return -a * logs - n * np.log1p(special.zetac(a))

    return Landscape(value, [(-12.0, 5.0)], lambda m: np.array([np.log(m.shape - 1.0)]))


def _zero_truncated_poisson(x: np.ndarray) -> Landscape:
    n, total, base = len(x), x.sum(), special.gammaln(x + 1.0).sum()

    def value(c: np.ndarray) -> np.ndarray:
        mean = np.exp(c[0])
        return total * c[0] - base - n * (mean + np.log(-np.expm1(-mean)))

    return Landscape(value, [(-12.0, 16.0)], lambda m: np.array([np.log(m.base_mean)]))


def _beta_binomial(x: np.ndarray, n: int) -> Landscape:
    """By rising factorials of p + jθ, θ = 1/concentration, which keep their digits near the binomial, θ = 0."""
    values, counts = np.unique(x, return_counts=True)
    base, j = float(counts @ _log_binomial(n, values)), np.arange(n, dtype=float)
    ones, zeros = (j[:, None] < values) @ counts, (j[:, None] < n - values) @ counts

    def value(c: np.ndarray) -> np.ndarray:
        theta = np.exp(-c[1])
        steps = j[:, None] * theta
        rising = ones @ np.log(special.expit(c[0]) + steps) + zeros @ np.log(special.expit(-c[0]) + steps)
        return base + rising - len(x) * np.sum(np.log1p(steps), axis=0)

    def coordinates(m: Any) -> np.ndarray:
        return np.array([special.logit(m.p), np.log(m.concentration)])

    return Landscape(value, [(-12.0, 12.0), (-12.0, 18.0)], coordinates)


def log_negative_binomial(k: np.ndarray, log_mean: np.ndarray, log_size: np.ndarray) -> np.ndarray:
    """Return the log probability (k, s) of distinct counts k, ascending, near the Poisson too."""
    mean, size = np.exp(log_mean), np.exp(log_size)
    j = np.arange(k[-1] + 1.0)[:, None]
    rising = np.vstack([np.zeros(len(size)), np.cumsum(np.log1p(j / size), axis=0)])[k.astype(int)]
    plain = k[:, None] * log_mean - (size + k[:, None]) * np.log1p(mean / size)
    return rising + plain - special.gammaln(k + 1.0)[:, None]


def _inflated(x: np.ndarray, log_plain: Callable[..., np.ndarray]) -> Callable[[np.ndarray], np.ndarray]:
    """Return the log-likelihood in (…, logit of the share of added zeros) of a family with added zeros."""
    values, counts = np.unique(np.r_[0.0, x], return_counts=True)
    counts[0] -= 1

    def value(c: np.ndarray) -> np.ndarray:
        each = special.log_expit(-c[-1]) + log_plain(values, *c[:-1])
        each[0] = np.logaddexp(special.log_expit(c[-1]), each[0])
        return counts @ each

    return value


def _zero_inflated_poisson(x: np.ndarray) -> Landscape:
    def log_plain(k: np.ndarray, log_mean: np.ndarray) -> np.ndarray:
        return k[:, None] * log_mean - np.exp(log_mean) - special.gammaln(k + 1.0)[:, None]

    def coordinates(m: Any) -> np.ndarray:
        return np.array([np.log(m.mean / (1.0 - m.zeros)), special.logit(m.zeros)])

    return Landscape(_inflated(x, log_plain), [(-10.0, np.log(x.max()) + 2.0), (-25.0, 15.0)], coordinates)


def _zero_inflated_negative_binomial(x: np.ndarray) -> Landscape:
    def coordinates(m: Any) -> np.ndarray:
        return np.array([np.log(m.mean / (1.0 - m.zeros)), np.log(m.size), special.logit(m.zeros)])

    box = [(-10.0, np.log(x.max()) + 2.0), (-8.0, 18.0), (-25.0, 15.0)]
    return Landscape(_inflated(x, log_negative_binomial), box, coordinates)


LANDSCAPES: dict[str, Callable[..., Landscape]] = {
    "Bernoulli": _binomial,
    "Binomial": _binomial,
    "Geometric": _geometric,
    "Zipf": _zipf,
    "truncated(Poisson, lower=1)": _zero_truncated_poisson,
    "BetaBinomial": _beta_binomial,
    "ZeroInflatedPoisson": _zero_inflated_poisson,
    "ZeroInflatedNegativeBinomial": _zero_inflated_negative_binomial,
}
