"""Probabilities of arcs under the von Mises distribution, from positive terms only, and its quantiles on (−π, π).

An arc from a to a + t on one half of the circle has ∫ exp(κ (cos s − 1)) ds/(2π e⁻ᵏ I₀(κ)), in which the integrand
falls; it is integrated to where it has fallen by exp(−38). Hill's (1977) series and the normal approximation lose the
digits of small probabilities, and Fourier's series those of all at a large κ.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special

from suffice.calculus.gauss_legendre import gauss_legendre

NODES, WEIGHTS = gauss_legendre(48)
# The nats by which an integrand falls to its end.
END = 38.0
LOG_TWO_PI = float(np.log(2.0 * np.pi))
LOG_HALF = float(np.log(0.5))
# Steps of bisection and Newton for a quantile.
MOST_STEPS = 120


def log_normalizer(concentration: Any) -> Any:
    """Return log(2π e⁻ᵏ I₀(κ))."""
    return LOG_TWO_PI + np.log(special.i0e(concentration))


def log_arc(a: Any, length: Any, concentration: Any) -> Any:
    """Return the logarithm of the probability from a to a + length, 0 ≤ a ≤ a + length ≤ π, the mode at 0."""
    a, length, k = np.broadcast_arrays(
        *(np.asarray(v, dtype=float) for v in (a, np.maximum(length, 0.0), concentration))
    )
    shape, a, k = a.shape, a.ravel(), k.ravel()
    # cos a − cos(a + t) = 2m where the density has fallen by exp(−38)
    m = END / (2.0 * np.maximum(k, 1e-300))
    sine, cosine = np.sin(a), np.cos(a)
    root = sine * sine + 4.0 * m * cosine
    fall = 4.0 * m / (sine + np.sqrt(np.maximum(root, 0.0)))
    exact = np.arccos(np.maximum(cosine - 2.0 * m, -1.0)) - a
    t = np.where((m > 1e-4) | (root <= 0.0), np.where(cosine - 2.0 * m > -1.0, exact, np.inf), fall)
    t = np.minimum(length.ravel(), t)
    s = t[:, None] * NODES
    # sin((s + 2a)/2) sin(s/2) 2κ is what the exponent falls by
    drop = 2.0 * k[:, None] * np.sin(a[:, None] + 0.5 * s) * np.sin(0.5 * s)
    total = (np.exp(-drop) @ WEIGHTS) * t
    return (np.log(total) - 2.0 * k * np.sin(0.5 * a) ** 2 - log_normalizer(k)).reshape(shape)


def log_tails(x: Any, location: Any, concentration: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return log P(X ≤ x) and log P(X > x) of X between −π and π, for −π ≤ x ≤ π and −π ≤ location ≤ π."""
    x, location, k = np.broadcast_arrays(*(np.asarray(v, dtype=float) for v in (x, location, concentration)))
    # the mirror image of a negative location has a positive one
    mirrored = location < 0.0
    x, location = np.where(mirrored, -x, x), np.abs(location)
    lower, upper = _log_tails(x, location, k)
    return np.where(mirrored, upper, lower), np.where(mirrored, lower, upper)


def _log_tails(x: np.ndarray, location: np.ndarray, k: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return both tails for a location ≥ 0: from −π, x first passes the anti-mode, then the mode."""
    y = x - location
    cut = np.pi - location  # where the circle is cut, seen from the mode
    beyond = log_arc(cut, location, k)  # from the cut to the anti-mode
    within = log_arc(0.0, cut, k)  # from the mode to the cut
    before, after = y < -np.pi, y > 0.0
    inside = np.clip(np.abs(y), 0.0, np.pi)
    outward = log_arc(inside, np.pi - inside, k)  # from |y| to the anti-mode
    inward = log_arc(0.0, inside, k)  # from the mode to |y|
    past = np.clip(y + 2.0 * np.pi, 0.0, np.pi)
    lower = np.where(
        before,
        log_arc(cut, np.minimum(x + np.pi, location), k),
        np.where(after, np.logaddexp(np.logaddexp(beyond, LOG_HALF), inward), np.logaddexp(beyond, outward)),
    )
    upper = np.where(
        before,
        np.logaddexp(np.logaddexp(log_arc(past, np.pi - past, k), LOG_HALF), within),
        np.where(after, log_arc(inside, np.pi - x, k), np.logaddexp(inward, within)),
    )
    small = lower < upper
    return (
        np.where(small, lower, np.log1p(-np.exp(np.minimum(upper, 0.0)))),
        np.where(small, np.log1p(-np.exp(np.minimum(lower, 0.0))), upper),
    )


def von_mises_quantile(p: Any, q: Any, location: Any, concentration: Any) -> np.ndarray:
    """Return x with P(X ≤ x) = p and P(X > x) = q = 1 − p, by Newton's method held in a bracket that it halves."""
    p, q, location, k = np.broadcast_arrays(*(np.asarray(v, float) for v in (p, q, location, concentration)))
    is_lower = p <= 0.5
    target = np.log(np.where(is_lower, p, q))
    low, high = np.full(p.shape, -np.pi), np.full(p.shape, np.pi)
    x = np.clip(location + special.ndtri(p) / np.sqrt(np.maximum(k, 0.1)), -3.0, 3.0)
    for _ in range(MOST_STEPS):
        lower, upper = log_tails(x, location, k)
        value = np.where(is_lower, lower, upper)
        above = np.where(is_lower, value > target, value < target)
        low, high = np.where(above, low, x), np.where(above, x, high)
        log_density = -2.0 * k * np.sin(0.5 * (x - location)) ** 2 - log_normalizer(k)
        step = np.where(is_lower, 1.0, -1.0) * (target - value) * np.exp(value - log_density)
        trial = x + step
        trial = np.where((trial >= low) & (trial <= high), trial, 0.5 * (low + high))
        if np.all((np.abs(trial - x) <= 4e-16 * np.abs(x)) | np.isnan(target)):
            break
        x = trial
    # so near an end of the line, that end is the nearest number
    rounding = 0.5 * np.spacing(np.pi) * np.exp(-2.0 * k * np.cos(0.5 * location) ** 2 - log_normalizer(k))
    x = np.where(p <= rounding, -np.pi, np.where(q <= rounding, np.pi, x))
    return np.where((p >= 0.0) & (q >= 0.0), x, np.nan)
