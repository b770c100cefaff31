"""The mean of exp over [0, t] and its derivatives: what a hazard that grows exponentially accumulates."""

from __future__ import annotations

from math import factorial
from typing import Any

import numpy as np

# Below this |t| the terms of the derivatives cancel, and their series are summed.
SMALL, TERMS = 1.0, 22


def exponential_mean(t: Any) -> Any:
    """Return E(t) = (exp(t) − 1)/t, 1 at t = 0."""
    some = np.where(np.asarray(t) == 0.0, 1.0, t)
    return np.where(np.asarray(t) == 0.0, 1.0, np.expm1(some) / some)


def exponential_mean_derivatives(t: Any) -> tuple[Any, Any]:
    """Return E′(t) = Σ (k + 1) tᵏ/(k + 2)! and E″(t) = Σ (k + 1)(k + 2) tᵏ/(k + 3)!."""
    near = np.abs(t) < SMALL
    s = np.where(near, t, 0.0)
    slope, bend = np.zeros_like(s), np.zeros_like(s)
    for k in range(TERMS, -1, -1):
        slope = slope * s + (k + 1) / factorial(k + 2)
        bend = bend * s + (k + 1) * (k + 2) / factorial(k + 3)
    far = np.where(near, 1.0, t)
    grown = np.exp(far)
    direct = (grown * (far - 1.0) + 1.0) / far**2
    return np.where(near, slope, direct), np.where(near, bend, (grown - 2.0 * direct) / far)


def log_mean(t: Any) -> Any:
    """Return L(t) = log(1 + t)/t, 1 at t = 0."""
    some = np.where(np.asarray(t) == 0.0, 1.0, t)
    return np.where(np.asarray(t) == 0.0, 1.0, np.log1p(some) / some)
