"""The incomplete gamma functions at any shape, in both tails, and their logarithms where they underflow."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special

from suffice.distributions.piecewise import piecewise

# Where SciPy's values are near their end at 1e-308.
FAR = 1e-250
# SciPy's expansion for large shapes holds to 4.5 standard deviations, the series beyond it stop too early.
LARGE, DEVIATIONS = 200.0, 4.0
# Terms of the continued fractions: 4 standard deviations out and beyond, these give all digits.
TERMS = 80
# Of the logarithm of a quantile: a Newton step after which none is needed, and the most that are taken.
FINE_STEP, MOST_STEPS = 1e-10, 12


def excess_of_log(t: Any, ratio: Any) -> Any:
    """Return t − log(1 + t) ≥ 0 without cancellation near t = 0; ratio = 1 + t carries the digits near t = −1."""
    return piecewise(np.abs(t) < 0.01, lambda t, ratio: _excess_near(t), _excess_far, t, ratio)


def _excess_near(t: Any) -> Any:
    return t * t * (0.5 - t * (1 / 3 - t * (0.25 - t * (0.2 - t * (1 / 6 - t * (1 / 7 - t * 0.125))))))


def _excess_far(t: Any, ratio: Any) -> Any:
    return piecewise(np.abs(t) <= 0.5, lambda t, ratio: t - np.log1p(t), _excess_by_ratio, t, ratio)


def _excess_by_ratio(t: Any, ratio: Any) -> Any:
    return np.where(np.asarray(ratio) <= 0.0, np.inf, t - np.log(np.maximum(ratio, 0.0)))


def stirling(k: Any) -> Any:
    """Return k log k − k − log Γ(k), by its asymptotic series where the terms would cancel."""
    return piecewise(np.asarray(k) > 20.0, _stirling_of_large, lambda k: k * np.log(k) - k - special.gammaln(k), k)


def _stirling_of_large(k: Any) -> Any:
    return 0.5 * np.log(k / (2.0 * np.pi)) - stirling_tail(k)


def stirling_tail(k: Any) -> Any:
    """Return log Γ(k) − [(k − ½) log k − k + ½ log 2π] for k ≥ 20; 0 at infinity."""
    u = 1.0 / k
    v = u * u
    return u * (1 / 12 - v * (1 / 360 - v * (1 / 1260 - v * (1 / 1680 - v * (1 / 1188)))))


def lower_gamma(shape: Any, x: Any) -> Any:
    """Return P(a, x), the regularized lower incomplete gamma function."""
    return _replaced(special.gammainc(shape, x), shape, x, _lower_tail, lambda a, x: 1.0 - _upper_tail(a, x))


def upper_gamma(shape: Any, x: Any) -> Any:
    """Return Q(a, x) = 1 − P(a, x)."""
    return _replaced(special.gammaincc(shape, x), shape, x, lambda a, x: 1.0 - _lower_tail(a, x), _upper_tail)


def log_lower_gamma(shape: Any, x: Any) -> Any:
    """Return log P(a, x), also where P underflows or rounds to 1."""
    lower = lower_gamma(shape, x)
    return log_probability(lower, upper_gamma(shape, x), (lower < FAR) & (np.asarray(x) > 0), _log_lower, shape, x)


def log_upper_gamma(shape: Any, x: Any) -> Any:
    """Return log Q(a, x), also where Q underflows or rounds to 1."""
    upper = upper_gamma(shape, x)
    far = (upper < FAR) & (np.asarray(x) < np.inf)
    return log_probability(upper, lower_gamma(shape, x), far, _log_upper, shape, x)


def log_probability(p: Any, q: Any, far: Any = False, tail: Any = None, *arguments: Any) -> np.ndarray:
    """Return log p, where p + q = 1: from the smaller of both, and by `tail` where `far`."""
    small = np.asarray(p) < 0.5
    with np.errstate(divide="ignore"):
        result = np.array(np.where(small, np.log(np.where(small, p, 1.0)), np.log1p(-np.where(small, 0.0, q))))
    if np.any(far):
        parts = np.broadcast_arrays(far, *[np.asarray(v, dtype=float) for v in arguments])
        result[far] = tail(*[part[parts[0]] for part in parts[1:]])
    return result


def polished_quantile(start: Any, log_p: Any, slope: Any, log_tail: Any, log_density: Any) -> Any:
    """Return x > 0 with log_tail(x) = log_p by three Newton steps in log x, and more from a start that is far off.

    Parameters
    ----------
    start, log_p : ndarray; a start of 0 or ∞ stays
    slope : 1 where the tail is the lower one, −1 where it is the upper one
    log_tail, log_density : functions of x
    """
    x = np.asarray(start, dtype=float)
    moving = np.ones_like(x, dtype=bool)
    with np.errstate(all="ignore"):
        for taken in range(1, MOST_STEPS + 1):
            value = log_tail(x)
            step = slope * (log_p - value) * np.exp(value - log_density(x) - np.log(x))
            # x is multiplied, never rebuilt from log x, which has fewer digits
            x = np.where(np.isfinite(step) & moving, x * np.exp(np.clip(step, -1.0, 1.0)), x)
            # each by itself, so that a quantile does not depend on the others that are asked for
            moving = moving & ((taken < 3) | (np.abs(step) > FINE_STEP))
            if not moving.any():
                break
    return x


def _replaced(value: Any, shape: Any, x: Any, below: Any, above: Any) -> Any:
    """Return the value of SciPy, replaced by those of continued fractions where the shape is large."""
    value = np.asarray(value)
    out = (np.abs(x - np.asarray(shape)) > DEVIATIONS * np.sqrt(shape)) & (np.asarray(shape) > LARGE) & (x < np.inf)
    if not np.any(out):
        return value
    a, y, out = np.broadcast_arrays(np.asarray(shape, float), np.asarray(x, float), out)
    value = np.array(value)
    for side, function in ((out & (y < a) & (y > 0), below), (out & (y > a), above)):
        value[side] = function(a[side], y[side])
    return value


def _lower_tail(a: Any, x: Any) -> Any:
    return np.exp(_log_lower(a, x))


def _upper_tail(a: Any, x: Any) -> Any:
    return np.exp(_log_upper(a, x))


def _log_lower(a: Any, x: Any) -> Any:
    """Return log P for x < a: P = xᵃe⁻ˣ/Γ(a) / (a − x + x/(a + 1 − x + 2x/(a + 2 − x + …))), Gautschi (1977)."""
    fraction = np.zeros_like(x)
    for n in range(TERMS, 0, -1):
        fraction = n * x / (a - x + n + fraction)
    return _log_term(a, x) - np.log(a - x + fraction)


def _log_upper(a: Any, x: Any) -> Any:
    """Return log Q for x > a: Q = xᵃe⁻ˣ/Γ(a) / (x + 1 − a − (1 − a)/(x + 3 − a − 2(2 − a)/(…))), Legendre."""
    fraction = np.zeros_like(x)
    for n in range(TERMS, 0, -1):
        fraction = n * (a - n) / (x - a + (2 * n + 1) + fraction)
    return _log_term(a, x) - np.log(x - a + 1.0 + fraction)


def _log_term(a: Any, x: Any) -> Any:
    """Return log(xᵃ e⁻ˣ/Γ(a)); the difference of x and a is taken before anything is rounded."""
    return stirling(a) - a * excess_of_log((x - a) / a, x / a)
