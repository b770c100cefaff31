"""The incomplete gamma functions in the log domain, and the two functions that carry large shapes."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special

# Below this probability the continued fractions take over from SciPy, whose values end at 1e-308.
FAR = 1e-250
# Terms of a continued fraction 33 standard deviations out, where its terms fall like n/33².
TERMS = 40


def excess_of_log(t: Any) -> Any:
    """Return t − log(1 + t) ≥ 0 for t ≥ −1, without cancellation near 0."""
    small = np.abs(t) < 0.01
    s = np.where(small, t, 0.0)
    series = s * s * (0.5 - s * (1 / 3 - s * (0.25 - s * (0.2 - s * (1 / 6 - s * (1 / 7 - s * 0.125))))))
    end = np.asarray(t) <= -1.0
    exact = t - np.log1p(np.where(small | end, 1.0, t))
    return np.where(small, series, np.where(end, np.inf, exact))


def stirling(k: Any) -> Any:
    """Return k log k − k − log Γ(k), by its asymptotic series where the terms would cancel."""
    large = np.asarray(k) > 20.0
    big = np.where(large, k, 20.0)
    small = np.where(large, 1.0, k)
    return np.where(
        large,
        0.5 * np.log(big / (2.0 * np.pi)) - stirling_tail(big),
        small * np.log(small) - small - special.gammaln(small),
    )


def stirling_tail(k: Any) -> Any:
    """Return log Γ(k) − [(k − ½) log k − k + ½ log 2π] for k ≥ 20; 0 at infinity."""
    inverse = 1.0 / (k * k)
    return (
        1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse * (1 / 1680 - inverse * (1 / 1188))))
    ) / k


def log_lower_gamma(shape: Any, x: Any) -> Any:
    """Return log P(a, x), the regularized lower incomplete gamma function, also where P underflows.

    Far out: P = xᵃe⁻ˣ/Γ(a) / (a − x + x/(a + 1 − x + 2x/(a + 2 − x + …))), Gautschi (1977).
    """
    value = special.gammainc(shape, x)
    far = (value < FAR) & (np.asarray(x) > 0.0)
    return _with_tail(value, far, _log_lower_far, shape, x)


def log_upper_gamma(shape: Any, x: Any) -> Any:
    """Return log Q(a, x), the regularized upper incomplete gamma function, also where Q underflows.

    Far out: Q = xᵃe⁻ˣ/Γ(a) / (x + 1 − a − (1 − a)/(x + 3 − a − 2(2 − a)/(x + 5 − a − …))), Legendre.
    """
    value = special.gammaincc(shape, x)
    far = (value < FAR) & (np.asarray(x) < np.inf)
    return _with_tail(value, far, _log_upper_far, shape, x)


def _with_tail(value: Any, far: Any, tail: Any, shape: Any, x: Any) -> Any:
    """Return the logarithm of value, replaced where far."""
    result = np.array(np.log(value), dtype=float)
    if np.any(far):
        shape, x, far = (np.broadcast_to(v, result.shape) for v in (shape, x, far))
        result[far] = tail(shape[far], x[far])
    return result


def _log_lower_far(a: Any, x: Any) -> Any:
    fraction = np.zeros_like(x)
    for n in range(TERMS, 0, -1):
        fraction = n * x / (a + n - x + fraction)
    return _log_term(a, x) - np.log(a - x + fraction)


def _log_upper_far(a: Any, x: Any) -> Any:
    fraction = np.zeros_like(x)
    for n in range(TERMS, 0, -1):
        fraction = n * (a - n) / (x - a + (2 * n + 1) + fraction)
    return _log_term(a, x) - np.log(x - a + 1.0 + fraction)


def _log_term(a: Any, x: Any) -> Any:
    """Return log(xᵃ e⁻ˣ/Γ(a)); the difference of x and a is taken before anything is rounded."""
    return stirling(a) - a * excess_of_log((x - a) / a)
