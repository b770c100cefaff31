"""The part of Student's t density that depends on the degrees of freedom alone, for any number of variables."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special

# Above it the series in 1/ν has all digits.
LARGE = 50.0


def log_gamma_ratio(v: Any, d: int = 1) -> Any:
    """Return log Γ((ν+d)/2) − log Γ(ν/2) − d log(ν/2)/2, which tends to 0 as d(d − 2)/(4ν).

    By Γ(x + 1) = x Γ(x) it is that of one variable or of none, 0, plus Σ log(1 + a/ν) over every second a < d,
    in which nothing cancels.
    """
    v = np.asarray(v, dtype=float)
    total = _of_one(v) if d % 2 else np.zeros_like(v)
    for a in range(d % 2, d, 2):
        total = total + np.log1p(a / v)
    return total


def log_gamma_ratio_derivatives(v: Any, d: int = 1) -> tuple[Any, Any]:
    """Return the first and second derivative in ν; the series by its differentiation."""
    v = np.asarray(v, dtype=float)
    first, second = _derivatives_of_one(v) if d % 2 else (np.zeros_like(v), np.zeros_like(v))
    for a in range(d % 2, d, 2):
        slope = -a / (v * (v + a))
        first, second = first + slope, second - slope * (1.0 / v + 1.0 / (v + a))
    return first, second


def _of_one(v: Any) -> Any:
    large = v > LARGE
    u = 1.0 / np.where(large, v, LARGE)
    uu = u * u
    series = -u * (0.25 - uu * (1 / 24 - uu * (1 / 20 - uu * 17 / 112)))
    small = np.where(large, 1.0, v)
    exact = special.gammaln(0.5 * (small + 1.0)) - special.gammaln(0.5 * small) - 0.5 * np.log(0.5 * small)
    return np.where(large, series, exact)


def _derivatives_of_one(v: Any) -> tuple[Any, Any]:
    large = v > LARGE
    u = 1.0 / np.where(large, v, LARGE)
    uu = u * u
    series_1 = uu * (0.25 - uu * (1 / 8 - uu * (1 / 4 - uu * 17 / 16)))
    series_2 = -uu * u * (0.5 - uu * (0.5 - uu * (1.5 - uu * 17 / 2)))
    small = np.where(large, 1.0, v)
    half = 0.5 * small
    exact_1 = 0.5 * (special.psi(half + 0.5) - special.psi(half) - 1.0 / small)
    exact_2 = 0.25 * (special.polygamma(1, half + 0.5) - special.polygamma(1, half)) + 0.5 / small**2
    return np.where(large, series_1, exact_1), np.where(large, series_2, exact_2)
