"""The reduced variate y = log(1 + ξz)/ξ of the extreme value families, exact through ξ = 0, where y = z."""

from __future__ import annotations

from typing import Any

import numpy as np

# Below this |ξz| the closed forms of the derivatives lose digits; the series have so many terms.
SMALL = 0.0625
TERMS = 15


def reduced_variate(z: Any, shape: Any) -> tuple[Any, Any]:
    """Return y and the ratio 1 + ξz; beyond the end of the support, where the ratio is not positive, y is ±∞."""
    s = shape * z
    ratio = 1.0 + s
    inside = ratio > 0.0
    near = np.abs(s) < 1e-8  # where ξz may be subnormal, or 0
    safe = np.where(inside & ~near, s, 1.0)
    # log(1 + s)/s is taken before z comes in, so that nothing is divided by a tiny ξ
    value = z * np.where(near, 1.0 - s * (0.5 - s / 3.0), np.log1p(safe) / safe)
    return np.where(inside, value, np.where(np.asarray(shape) > 0.0, -np.inf, np.inf)), ratio


def standardized_value(y: Any, shape: Any) -> Any:
    """Return z = (exp(ξy) − 1)/ξ, the inverse."""
    s = shape * y
    near = np.abs(s) < 1e-8
    some = np.where(np.asarray(shape) == 0.0, 1.0, shape)
    value = np.where(near, y * (1.0 + s * (0.5 + s / 6.0)), np.expm1(np.where(near, 1.0, s)) / some)
    return np.where(np.asarray(shape) == 0.0, y, value)


def shape_derivatives(z: Any, shape: Any) -> tuple[Any, Any]:
    """Return ∂y/∂ξ = −z² A(ξz) and ∂²y/∂ξ² = z³ B(ξz) inside the support.

    A(s) = (log(1 + s) − s/(1 + s))/s² and B(s) = −A′(s) = 2 log(1 + s)/s³ − (2 + 3s)/(s(1 + s))², by their power
    series Σ (−s)ⁿ (n + 1)/(n + 2) and Σ (−s)ⁿ (n + 1)(n + 2)/(n + 3) near s = 0.
    """
    s = shape * z
    near = np.abs(s) < SMALL
    t = np.where(near, -s, 0.0)
    a = b = np.zeros_like(t)
    for n in range(TERMS, -1, -1):
        a = a * t + (n + 1.0) / (n + 2.0)
        b = b * t + (n + 1.0) * (n + 2.0) / (n + 3.0)
    far = np.where(near | (1.0 + s <= 0.0), 1.0, s)
    log, ratio = np.log1p(far), 1.0 + far
    # z²A and z³B, in which no power of a large z overflows
    some, part = np.where(near, 1.0, shape), far / ratio
    exact_a = (log - part) / some**2
    exact_b = (2.0 * log - part * ((2.0 + 3.0 * far) / ratio)) / some**3
    y = np.where(near, z, 0.0)
    return -np.where(near, y * y * a, exact_a), np.where(near, y**3 * b, exact_b)
