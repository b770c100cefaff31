"""The incomplete beta function in its tails, and its logarithm where it underflows."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special

from suffice.distributions.incomplete_gamma import (
    DEVIATIONS,
    FAR,
    LARGE,
    TERMS,
    excess_of_log,
    log_probability,
    stirling,
)

SMALLEST_NORMAL, TINY = float(np.finfo(float).tiny), 2.0**-960


def lower_beta(a: Any, b: Any, x: Any, y: Any) -> Any:
    """Return I_x(a, b), where x + y = 1 and each is given without cancellation."""
    return _beta(a, b, x, y)[0]


def log_lower_beta(a: Any, b: Any, x: Any, y: Any) -> Any:
    """Return log I_x(a, b), also where it underflows or rounds to 1."""
    p, q = _beta(a, b, x, y)
    far = (p < FAR) & (np.asarray(x) > 0)
    return log_probability(p, q, far, _log_tail, a, b, x, y)


def _beta(a: Any, b: Any, x: Any, y: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return I_x(a, b) and I_y(b, a), each accurate where it is small."""
    a, b, x, y = np.broadcast_arrays(*[np.asarray(v, dtype=float) for v in (a, b, x, y)])
    first = x <= y
    # SciPy is given the smaller argument, so that 1 − x is taken of a number that is not nearly 1.
    u, v, w = np.where(first, a, b), np.where(first, b, a), np.where(first, x, y)
    p = np.array(special.betainc(u, v, w))
    q = np.asarray(1.0 - p)
    # Of the two, SciPy keeps the digits of the smaller one only (a = b = ½).
    if (high := p > 0.5).any():
        q[high] = special.betaincc(u[high], v[high], w[high])
        p[high] = 1.0 - q[high]
    # SciPy loses digits below the normal numbers, where the first term of the series in w is all.
    if (few := (w > 0.0) & (w < SMALLEST_NORMAL) & (v < 1.0 / TINY)).any():
        log_p = u[few] * np.log(w[few]) - np.log(u[few]) - special.betaln(u[few], v[few])
        p[few], q[few] = np.exp(log_p), -np.expm1(log_p)
    p, q = np.where(first, p, q), np.where(first, q, p)
    spread = np.sqrt(a * y * y + b * x * x)  # about that of a y − b x
    off = b * x - a * y
    large = (np.maximum(a, b) > LARGE) & (np.abs(off) > np.maximum(DEVIATIONS * spread, 30.0)) & (x > 0) & (y > 0)
    for side, tail, rest, arguments in (
        (large & (off < 0), p, q, (a, b, x, y)),
        (large & (off > 0), q, p, (b, a, y, x)),
    ):
        if side.any():
            tail[side] = np.exp(_log_tail(*[v[side] for v in arguments]))
            rest[side] = 1.0 - tail[side]
    return p, q


def _log_tail(a: Any, b: Any, x: Any, y: Any) -> Any:
    """Return log I_x(a, b) for x below a/(a + b), by the continued fraction of DiDonato and Morris (1992, 9)."""
    off = a * y - b * x
    fraction = np.zeros_like(x)
    for n in range(TERMS, 0, -1):
        # Quotients first: the products overflow beyond 1e154.
        numerator = (a + n - 1) / (a + 2 * n - 1) * ((a + b + n - 1) / (a + 2 * n - 1)) * n * (b - n) * x * x
        fraction = numerator / (_denominator(n, a, b, x, y, off) + fraction)
    first = a / (a + 1.0) * (off + 1.0)
    return log_beta_term(a, b, x, y) - np.log(first + fraction)


def _denominator(n: int, a: Any, b: Any, x: Any, y: Any, off: Any) -> Any:
    return n + n * (b - n) * x / (a + 2 * n - 1) + (a + n) / (a + 2 * n + 1) * (off + 1.0 + n * (1.0 + y))


def log_beta_term(a: Any, b: Any, x: Any, y: Any) -> Any:
    """Return log(xᵃ yᵇ/B(a, b)); large a and b leave nothing to cancel."""
    n = a + b
    off = b * x - a * y
    return stirling(a) + stirling(b) - stirling(n) - _power(a, n, x, off / a) - _power(b, n, y, -off / b)


def _power(a: Any, n: Any, x: Any, t: Any) -> Any:
    """Return a (t − log(1 + t)), where 1 + t = n x/a; a product with an x below the normal numbers has few digits."""
    tiny = (np.asarray(x) < TINY) & (t < -0.5)
    return a * (excess_of_log(t, n * np.where(tiny, x / TINY, x) / a) - np.where(tiny, np.log(TINY), 0.0))
