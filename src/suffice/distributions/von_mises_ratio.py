"""The ratio of Bessel functions A(κ) = I₁(κ)/I₀(κ), with its derivative and inverse, by what it lacks of 1."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special

# From here on 1 − A comes from its asymptotic series, whose terms are below rounding after so many.
LARGE, TERMS = 20.0, 26
NEWTON_STEPS = 30


def _series() -> np.ndarray:
    """Return the coefficients bⱼ of 1 − A = Σ bⱼ κ⁻ʲ, j ≥ 1, from Riccati's equation A′ = 1 − A/κ − A²."""
    b = np.zeros(TERMS + 1)
    b[1] = 0.5
    for j in range(2, TERMS + 1):
        b[j] = 0.5 * ((j - 2.0) * b[j - 1] + b[1:j] @ b[j - 1 : 0 : -1])
    return b


SERIES = _series()


def bessel_ratio(concentration: Any) -> tuple[Any, Any]:
    """Return 1 − A(κ) and A′(κ), both positive, without the cancellation that large κ bring.

    Examples
    --------
    >>> lack, slope = bessel_ratio(np.array([0.0, 1e9]))
    >>> lack.tolist(), slope.tolist()
    ([1.0, 5.00000000125e-10], [0.5, 5.000000002500001e-19])
    """
    k = np.asarray(concentration, dtype=float)
    large = k > LARGE
    u = 1.0 / np.where(large, k, LARGE)
    lack, slope = np.zeros_like(u), np.zeros_like(u)
    for j in range(TERMS, 0, -1):
        lack, slope = (lack + SERIES[j]) * u, (slope + j * SERIES[j]) * u
    small = np.where(large, 1.0, k)
    zero, one = special.i0e(small), special.i1e(small)
    ratio = one / zero
    over = np.where(small > 0.0, one / (np.where(small > 0.0, small, 1.0) * zero), 0.5)  # A/κ
    return np.where(large, lack, (zero - one) / zero), np.where(large, slope * u, 1.0 - over - ratio * ratio)


def concentration_of(lack: Any) -> Any:
    """Return κ with 1 − A(κ) = lack, 0 < lack ≤ 1, by Newton's method in log κ from Best and Fisher's (1981) start.

    Examples
    --------
    >>> float(concentration_of(1.0 - 0.44639)).__round__(4)
    1.0
    """
    lack = np.asarray(lack, dtype=float)
    r = 1.0 - lack
    k = np.where(r < 0.53, 2.0 * r + r**3 + 5.0 / 6.0 * r**5, 1.0 / (np.maximum(r, 0.5) * lack * (3.0 - r)))
    k = np.where((r >= 0.53) & (r < 0.85), -0.4 + 1.39 * r + 0.43 / lack, k)
    for _ in range(NEWTON_STEPS):
        value, slope = bessel_ratio(k)
        # near κ = 0 A is what is small, and near ∞ its lack: Newton's step in κ, or in 1/κ
        curve = np.where(r < 0.5, slope, slope + (value - lack) / np.maximum(k, 0.1))
        k = np.maximum(k + (value - lack) / np.maximum(curve, 1e-300), 0.5 * k)
    return k
