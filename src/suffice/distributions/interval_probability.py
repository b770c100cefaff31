"""The probability of an interval under a family of one variable, in the log domain and without cancellation."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special

from suffice.calculus.gauss_legendre import gauss_legendre
from suffice.distributions.exponential import log_one_minus_exp

# The most by which the log density may differ at the ends of an interval in which it is taken for nearly a polynomial.
STEADY = 1.0
SHARES, WEIGHTS = gauss_legendre(16)
LOG_WEIGHTS = np.log(WEIGHTS)
# So many integers are summed rather than taken as a difference.
MOST_SUMMED = 64


def log_probability(family: Any, low: Any, high: Any, *theta: Any) -> Any:
    """Return log P(low < X ≤ high), −∞ where low ≥ high; everything broadcasts.

    Parameters
    ----------
    family : its `_log_cdf`, `_log_ccdf` and `_log_density`
    low, high : the ends, which may be infinite
    theta : the parameters
    """
    low, high, *at = np.broadcast_arrays(*[np.asarray(value, dtype=float) for value in (low, high, *theta)])
    with np.errstate(all="ignore"):
        return log_probability_between(family, low, high, at, tails(family, low, *at), tails(family, high, *at))


def log_probability_between(
    family: Any, low: np.ndarray, high: np.ndarray, theta: list[np.ndarray], of_low: Any, of_high: Any
) -> np.ndarray:
    """Return log P(low < X ≤ high), given the `tails` of both ends; all of one shape."""
    (below, beyond), (up_to, after) = of_low, of_high
    value = difference(below, up_to, beyond, after)
    narrow = is_narrow(family, low, high, theta, value, below, after)
    if narrow.any():
        value = np.array(value)
        value[narrow] = _narrow(family, low[narrow], high[narrow], [t[narrow] for t in theta], value[narrow])
    return np.where(low < high, value, np.where(np.isnan(low) | np.isnan(high), np.nan, -np.inf))


def is_narrow(
    family: Any, low: np.ndarray, high: np.ndarray, theta: list[np.ndarray], value: Any, below: Any, after: Any
) -> np.ndarray:
    """Say of each interval whether it holds no more than the mass on either side, with a density that varies little.

    A difference of tails would lose digits there, and a Gauss–Legendre rule for the density has all of them: no peak
    lies inside, and no singularity close to it.

    Parameters
    ----------
    value, below, after : log probabilities, of the interval and on both sides
    """
    narrow = (high - low < np.inf) & (low < high) & (value <= np.minimum(below, after))
    if not narrow.any() or family.discrete:
        return np.asarray(narrow)
    ends = [family._log_density(np.where(narrow, end, 1.0), *theta) for end in (low, high)]
    return np.asarray(narrow & (np.abs(ends[0] - ends[1]) <= STEADY))


def tails(family: Any, x: np.ndarray, *theta: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return log P(X ≤ x) and log P(X > x), also at infinite x."""
    finite = np.isfinite(x)
    at_end = np.where(x < 0.0, -np.inf, np.where(np.isnan(x), np.nan, 0.0))
    other = np.where(x < 0.0, 0.0, np.where(np.isnan(x), np.nan, -np.inf))
    if not finite.any():
        return at_end, other
    inside = np.where(finite, x, 1.0)
    both = family._log_tails
    below, beyond = both(inside, *theta) if both else (f(inside, *theta) for f in (family._log_cdf, family._log_ccdf))
    return np.where(finite, below, at_end), np.where(finite, beyond, other)


def difference(below: Any, up_to: Any, beyond: Any, after: Any) -> Any:
    """Return log(F(b) − F(a)) from log F(a), log F(b), log S(a) and log S(b), on the side that loses fewer digits."""
    half = -np.log(2.0)
    lower = up_to + log_one_minus_exp(np.where(up_to > -np.inf, up_to - below, np.inf))
    upper = beyond + log_one_minus_exp(np.where(beyond > -np.inf, beyond - after, np.inf))
    middle = np.log1p(-np.exp(below) - np.exp(after))
    return np.where(up_to < half, lower, np.where(beyond < half, upper, middle))


def _narrow(family: Any, low: np.ndarray, high: np.ndarray, theta: list[np.ndarray], value: np.ndarray) -> np.ndarray:
    """Return the log probability of intervals, shape (w,), that hold little of the mass on either side."""
    if family.discrete:
        return _summed(family, low, high, theta, value)
    x = low[:, None] + (high - low)[:, None] * SHARES
    terms = family._log_density(x, *[t[:, None] for t in theta]) + LOG_WEIGHTS
    return np.asarray(np.log(high - low) + special.logsumexp(terms, axis=-1))


def _summed(family: Any, low: np.ndarray, high: np.ndarray, theta: list[np.ndarray], value: np.ndarray) -> np.ndarray:
    first, last = np.floor(low) + 1.0, np.floor(high)
    few = last - first < MOST_SUMMED
    k = first[:, None] + np.arange(MOST_SUMMED)
    terms = family._log_density(k, *[t[:, None] for t in theta])
    return np.where(few, special.logsumexp(np.where(k <= last[:, None], terms, -np.inf), axis=-1), value)
