"""The distribution function of the standard skew normal and its quantiles, from positive terms only.

Φ(z) − 2T(z, α), with Owen's T, cancels where it is small. All is said by the small tail G(h, a) = P(Z ≤ −h) for shape
a ≥ 0 and h ≥ 0,

    G(h, a) = (1/π) ∫ₐ^∞ exp(−h²(1 + x²)/2)/(1 + x²) dx,

which is what Owen's integral (1956, Annals of Mathematical Statistics 27, 1075) lacks of its value at a = ∞: below 0,
F is G for α ≥ 0 and 2Φ(z) − G ≥ Φ(z) for α < 0; above 0 it is erf(z/√2) + G and 1 − G.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special

from suffice.calculus.gauss_legendre import gauss_legendre

# Nodes and weights on (0, 1), few and many, and the nats by which an integrand falls to its end.
FEW, FEW_WEIGHTS = gauss_legendre(16)
MANY, MANY_WEIGHTS = gauss_legendre(48)
END = 38.0
# Values at once, so that the table of nodes stays in the cache.
CHUNK = 4096
# Beyond these the shape is infinite, and the tail is 0 with its logarithm.
LARGEST_SHAPE, FARTHEST = 1e150, 1e150
LOG_PI = float(np.log(np.pi))
LOG_TWO = float(np.log(2.0))
ROOT_TWO = float(np.sqrt(2.0))
# Newton steps for a quantile, which rise to it from below, and the relative step at which they have arrived.
MOST_STEPS = 100
ARRIVED = 1e-15


def log_small_tail(h: Any, a: Any) -> np.ndarray:
    """Return log G(h, a), h ≥ 0 and a ≥ 0; −∞ for a = ∞."""
    h, a = np.broadcast_arrays(np.asarray(h, dtype=float), np.asarray(a, dtype=float))
    shape, h, a = h.shape, h.ravel(), a.ravel()
    result = np.full(h.shape, -np.inf)
    inside = (h < FARTHEST) & (a < LARGEST_SHAPE)
    short = h * np.hypot(1.0, np.where(inside, a, 0.0)) < 1.0
    for method, chosen in ((_near, inside & short), (_far, inside & ~short)):
        places = np.flatnonzero(chosen)
        for first in range(0, len(places), CHUNK):
            part = places[first : first + CHUNK]
            result[part] = method(h[part], a[part])
    return result.reshape(shape)


def _near(h: np.ndarray, a: np.ndarray) -> np.ndarray:
    """Return log G for h²(1 + a²) < 1: πG = arctan(1/a) + ∫₀ᵃ (1 − exp(−h²(1 + x²)/2))/(1 + x²) dx − π erf(h/√2)/2."""
    w = 0.5 * h[:, None] ** 2 * (1.0 + (a[:, None] * FEW) ** 2)
    growth = 0.5 * h * (h * a) * (special.exprel(-w) @ FEW_WEIGHTS)
    return np.log(np.arctan2(1.0, a) + growth - 0.5 * np.pi * special.erf(h / ROOT_TWO)) - LOG_PI


def _far(h: np.ndarray, a: np.ndarray) -> np.ndarray:
    """Return log G otherwise: over x = a + t, to where the integrand has fallen by exp(−38)."""
    q, slope = np.hypot(1.0, a), h * (h * a)
    length = 2.0 * END / (slope + np.sqrt(slope * slope + 2.0 * END * h * h))
    t = length[:, None] * MANY
    power = slope[:, None] * t + 0.5 * (h[:, None] * t) ** 2
    s = t / q[:, None]
    total = (np.exp(-power) / (1.0 + (2.0 * (a / q)[:, None] + s) * s)) @ MANY_WEIGHTS
    return -0.5 * (h * q) ** 2 - LOG_PI - 2.0 * np.log(q) + np.log(total) + np.log(length)


def skew_normal_log_cdf(z: Any, shape: Any) -> np.ndarray:
    """Return log P(Z ≤ z) of the standard skew normal."""
    z, shape = np.broadcast_arrays(np.asarray(z, dtype=float), np.asarray(shape, dtype=float))
    log_tail = log_small_tail(np.abs(z), np.abs(shape))
    below, left = z < 0.0, shape < 0.0
    log_normal = special.log_ndtr(-np.abs(z))
    # 2Φ(−|z|) − G, between Φ and 2Φ: the large one of the two tails beyond |z|
    log_large = log_normal + LOG_TWO + np.log1p(-0.5 * np.exp(log_tail - log_normal))
    near = special.erf(np.abs(z) / ROOT_TWO) + np.exp(log_tail)  # what it leaves
    log_large = np.where(near < 0.5, np.log1p(-near), log_large)
    upper = np.where(left, log_tail, log_large)  # the logarithm of what lies above z > 0
    above = np.where(left | (near > 0.5), np.log1p(-np.exp(upper)), np.log(near))
    return np.where(below, np.where(left, log_large, log_tail), above)


def skew_normal_cdf(z: Any, shape: Any) -> np.ndarray:
    """Return P(Z ≤ z) of the standard skew normal."""
    z, shape = np.broadcast_arrays(np.asarray(z, dtype=float), np.asarray(shape, dtype=float))
    tail = np.exp(log_small_tail(np.abs(z), np.abs(shape)))
    below, left = z < 0.0, shape < 0.0
    large = 2.0 * special.ndtr(-np.abs(z)) - tail
    near = special.erf(np.abs(z) / ROOT_TWO) + tail
    above = np.where(left, 1.0 - tail, np.where(near > 0.5, 1.0 - large, near))
    return np.where(below, np.where(left, large, tail), above)


def skew_normal_quantile(p: Any, shape: Any) -> np.ndarray:
    """Return the z that the standard skew normal stays below with probability p."""
    p, shape = np.broadcast_arrays(np.asarray(p, dtype=float), np.asarray(shape, dtype=float))
    upper = p > 0.5
    z = _lower_quantile(np.where(upper, 1.0 - p, p), np.where(upper, -shape, shape))
    return np.where(upper, -z, z)


def skew_normal_upper_quantile(q: Any, shape: Any) -> np.ndarray:
    """Return the z that the standard skew normal exceeds with probability q."""
    return -skew_normal_quantile(q, -np.asarray(shape, dtype=float))


def _lower_quantile(p: np.ndarray, shape: np.ndarray) -> np.ndarray:
    """Return the quantile of p ≤ ½ by Newton's method in log F.

    log F is concave, so that from any start Newton's steps end below the quantile and then rise to it. F ≤ 2Φ; for
    α ≥ 0 also F ≤ A exp(−z²(1 + α²)/2) below 0 and F ≤ erf(z/√2) + A above, A = F(0): starts that are nearly right.
    """
    right = shape >= 0.0
    size = np.abs(shape)
    at_zero = np.arctan2(1.0, size) / np.pi
    with np.errstate(all="ignore"):
        target = np.log(p)
        low = -np.sqrt(2.0 * np.maximum(np.log(at_zero) - target, 0.0)) / np.hypot(1.0, size)
        high = ROOT_TWO * special.erfinv(np.maximum(p - at_zero, 0.0))
        z = np.where(
            right, np.where(p < at_zero, np.maximum(low, special.ndtri(0.5 * p)), high), special.ndtri(0.5 * p)
        )
        z = np.where(p > 0.0, z, np.where(right & np.isinf(shape), 0.0, -np.inf))
        z, left = z.ravel(), np.flatnonzero(p > 0.0)
        target, shape = target.ravel(), shape.ravel()
        for _ in range(MOST_STEPS):
            here, alpha = z[left], shape[left]
            value = skew_normal_log_cdf(here, alpha)
            log_density = LOG_TWO - 0.5 * (np.log(2.0 * np.pi) + here * here) + log_skewing(here, alpha)
            step = (target[left] - value) * np.exp(value - log_density)
            z[left] = here + np.where(np.isfinite(step), step, 0.0)
            left = left[np.abs(step) > ARRIVED * np.abs(z[left])]
            if not len(left):
                break
    return z.reshape(p.shape)


def log_skewing(z: Any, shape: Any) -> Any:
    """Return log Φ(αz); for α = ±∞, 0 on the side of α, where 0 belongs to it, and −∞ on the other."""
    infinite = np.isinf(shape)
    u = np.where(infinite, 0.0, shape) * np.where(infinite, 0.0, z)
    side = np.where(np.where(shape > 0.0, z >= 0.0, z <= 0.0), 0.0, -np.inf)
    return np.where(infinite, side, special.log_ndtr(u))
