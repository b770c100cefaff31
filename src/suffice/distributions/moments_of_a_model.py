"""Moments and entropy of a model of one variable, by quadrature between its quantiles or by summation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from suffice.distributions.double_exponential import LONG
from suffice.errors import NotAvailableError

# What the outermost node may contribute to a moment that exists; the integral of one that does not ends nowhere.
NEGLIGIBLE = 1e-9
# Quantiles beyond which no integer is summed, and how many are at most.
LEFT_OUT, MOST_SUMMED = 1e-22, 2_000_000


@dataclass(frozen=True, slots=True)
class Moments:
    """Mean, standard deviation, skewness g₁, excess kurtosis, and entropy in nats; ∞ or NaN where there is none."""

    mean: float
    standard_deviation: float
    skewness: float
    kurtosis: float
    entropy: float


def moments_of(model: Any, points: tuple[np.ndarray, np.ndarray] | None = None) -> Moments:
    """Return the moments of a model, from its own points or from others."""
    with np.errstate(all="ignore"):
        x, weights = points_of(model) if points is None else points
        log_density = model._log_density(x, *model.theta)
        entropy = -float(np.sum(np.where(weights > 0.0, weights * log_density, 0.0)))
        mean = _integral(x, weights)
        if not np.isfinite(mean):
            return Moments(mean, float("nan"), float("nan"), float("nan"), entropy)
        deviation = float(np.sqrt(_integral((x - mean) ** 2, weights)))
        if not 0.0 < deviation < np.inf:
            return Moments(mean, deviation, float("nan"), float("nan"), entropy)
        z = (x - mean) / deviation
        return Moments(mean, deviation, _integral(z**3, weights), _integral(z**4, weights) - 3.0, entropy)


def points_of(model: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return values and their probabilities, or nodes and their weights in probability."""
    if not model.discrete:
        lower = np.asarray(model._icdf(np.minimum(LONG.nodes, 0.5), *model.theta))
        upper = np.asarray(model._iccdf(np.minimum(LONG.complements, 0.5), *model.theta))
        return np.where(LONG.nodes < 0.5, lower, upper), LONG.weights
    first, last = (float(q(LEFT_OUT, *model.theta)) for q in (model._icdf, model._iccdf))
    step = float(getattr(model.family, "step", 1.0))
    if not (last - first) / step < MOST_SUMMED:
        raise NotAvailableError(
            f"the moments of this model are sums over {(last - first) / step:,.0f} values, and at most "
            f"{MOST_SUMMED:,} are summed; estimate them from model.sample(…)"
        )
    values = first + step * np.arange(round((last - first) / step) + 1.0)
    probabilities = np.exp(model._log_density(values, *model.theta))
    return values, probabilities / probabilities.sum()


def _integral(values: np.ndarray, weights: np.ndarray) -> float:
    """Return Σ w·values; where an end still contributes, there is no such moment: ±∞, or NaN where both ends do."""
    terms = np.where(weights > 0.0, weights * values, 0.0)
    total = float(terms.sum())
    size = float(np.abs(terms).sum())
    open_ends = [sign for end in (0, -1) if not abs(terms[end]) <= NEGLIGIBLE * size for sign in [np.sign(terms[end])]]
    if weights is not LONG.weights or not open_ends:
        return total
    return float(np.inf * open_ends[0]) if len(set(open_ends)) == 1 else float("nan")
