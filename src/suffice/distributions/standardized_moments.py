"""Skewness and kurtosis of a positive variable from the logarithms of its moments, where powers would cancel."""

from __future__ import annotations

import numpy as np


def skewness_and_kurtosis(two: float, three: float, four: float, third: float, fourth: float) -> tuple[float, float]:
    """Return skewness g₁ and excess kurtosis, from (x/mean)ʳ: E(x/mean − 1)³ = e₃ − 3 e₂, …, eᵣ = exp(aᵣ) − 1.

    Parameters
    ----------
    two, three, four : aᵣ = log E(x/mean)ʳ
    third, fourth : a₃ − 3 a₂ and a₄ − 4 a₃ + 6 a₂, in which the leading terms cancel
    """
    with np.errstate(over="ignore", invalid="ignore"):  # a moment that does not exist spoils only its own result
        if two > 40.0:
            return float(np.exp(three - 1.5 * two)), float(np.exp(four - 2.0 * two))
        variance = np.expm1(two)
        # exp(a) − 1 = a + (exp(a) − 1 − a), so that the sums of the first powers come from their series.
        a, b, c = (_beyond_linear(v) for v in (two, three, four))
        skewness = (third + b - 3.0 * a) / variance**1.5
        kurtosis = (fourth + c - 4.0 * b + 6.0 * a) / variance**2 - 3.0
    return float(skewness), float(kurtosis)


def _beyond_linear(a: float) -> float:
    """Return exp(a) − 1 − a."""
    if abs(a) > 0.5:
        return float(np.expm1(a) - a)
    # a²/2 (1 + a/3 (1 + a/4 (1 + …)))
    total = 1.0
    for n in range(16, 2, -1):
        total = 1.0 + a / n * total
    return 0.5 * a * a * total
