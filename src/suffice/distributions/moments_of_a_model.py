"""Moments and entropy of a model of one variable, by quadrature between its quantiles or by summation."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from suffice.distributions.double_exponential import LONG
from suffice.errors import NotAvailableError

# What the outermost node may contribute to a moment that exists; the integral of one that does not ends nowhere.
NEGLIGIBLE = 1e-9
# Quantiles beyond which no integer is summed, and how many are at most.
LEFT_OUT, MOST_SUMMED = 1e-22, 2_000_000
ROUNDING = 1e-13
# A value this near a finite end of the support, relative to it, has too few digits of its distance from it; and sizes
# near which doubles end.
NEAR, TINY, HUGE = 1e-8, 1e-290, 1e290
# Logits of shares further out have no digits left.
FURTHEST = 700.0
# Below this, x goes to infinity not because its own digits end, but as the logarithm of something whose digits do.
MODERATE = 1e100
# How far apart, in log probability, two nodes must lie to tell a law, and what doubt of the law may do to a mean.
APART, DOUBT = 0.5, 1e-8


@dataclass(frozen=True, slots=True)
class Moments:
    """Mean, standard deviation, skewness g₁ and excess kurtosis; ∞ or NaN where there is none."""

    mean: float
    standard_deviation: float
    skewness: float
    kurtosis: float


@dataclass(frozen=True, slots=True)
class Points:
    """Values of a model with their probabilities, or nodes with their weights in probability.

    Parameters
    ----------
    x, weights, log_density : ndarray, shape (k,)
    told : ndarray of bool, shape (k,): where x is told from the ends of the support in double precision
    nodes : whether they are the nodes of `LONG`
    """

    x: np.ndarray
    weights: np.ndarray
    log_density: np.ndarray
    told: np.ndarray
    nodes: bool = False

    def continued(self, values: np.ndarray, sides: tuple[int, ...] = (0, 1)) -> np.ndarray:
        """Return log |x − end|, or the like, at the points: continued to where x is not told from the end.

        Where a density goes as a power of |x − end|, so does the tail probability, and the logarithm of the one is
        linear in that of the other. Where it is not, and that counts, nothing can be told.
        """
        if self.told.all() or not self.told.any():
            return values
        values, doubt = np.array(values, dtype=float), 0.0
        for side in sides:
            order = np.arange(len(values))[:: 1 - 2 * side]
            log_tail = np.log((LONG.nodes, LONG.complements)[side])
            first = int(np.argmax(self.told[order]))
            beyond, inside = order[:first], order[first:]
            away = log_tail[inside] - log_tail[inside[0]]
            second = int(np.searchsorted(away, APART))
            third = max(second + 1, int(np.searchsorted(away, 2.0 * APART)))
            others = inside[np.minimum([second, third], len(inside) - 1)]
            near, far = (_on_a_line(log_tail, values, inside[0], other, beyond) for other in others)
            values[beyond] = near
            doubt += float(np.sum(self.weights[beyond] * np.abs(near - far)))
        if not doubt <= DOUBT * (1.0 + float(np.sum(self.weights * np.abs(values)))):
            raise NotAvailableError(
                f"with probability {float(self.weights[~self.told].sum()):.2g} a value of the model is an end of its "
                "support in double precision, and what it adds to a mean cannot be told; estimate that from data, or "
                "use quantiles"
            )
        return values

    def mean_of(self, values: np.ndarray) -> float:
        """Return Σ w·values; where an end still contributes, there is no such mean: ±∞, or NaN where both ends do."""
        terms = np.where(self.weights > 0.0, self.weights * values, 0.0)
        total = float(terms.sum())
        if not self.nodes:
            return total
        size = float(np.abs(terms).sum())
        signs = {float(np.sign(term)) for term in terms[[0, -1]] if not abs(term) <= NEGLIGIBLE * size}
        if not signs:
            return total
        return float(np.inf * signs.pop()) if len(signs) == 1 else float("nan")


def _on_a_line(x: np.ndarray, y: np.ndarray, one: int, other: int, at: np.ndarray) -> np.ndarray:
    """Return at some nodes what the line through two others has there."""
    return np.asarray(y[one] + (y[other] - y[one]) / (x[other] - x[one]) * (x[at] - x[one]))


def moments_of(model: Any) -> Moments:
    """Return the moments of a model."""
    with np.errstate(all="ignore"):
        points = points_of(model)
        x, mean = points.x, points.mean_of(points.x)
        if not np.isfinite(mean):
            return Moments(mean, float("nan"), float("nan"), float("nan"))
        deviation = float(np.sqrt(points.mean_of((x - mean) ** 2)))
        if not 0.0 < deviation < np.inf:
            return Moments(mean, deviation, float("nan"), float("nan"))
        z = (x - mean) / deviation
        return Moments(mean, deviation, points.mean_of(z**3), points.mean_of(z**4) - 3.0)


def entropy_of(model: Any) -> float:
    """Return the entropy of a model, in nats."""
    with np.errstate(all="ignore"):
        points = points_of(model)
        possible = points.weights > 0.0
        return -points.mean_of(np.where(possible, points.continued(points.log_density), 0.0))


def points_of(model: Any) -> Points:
    """Return values and their probabilities, or nodes and their weights."""
    return _values_of(model) if model.discrete else _nodes_of(model)


def _nodes_of(model: Any) -> Points:
    """Return nodes; above the median of shares, the law of the rest has their digits."""
    rest = getattr(model, "family", model).rest
    theta, lower, upper = model.theta, LONG.nodes[LONG.nodes < 0.5], LONG.complements[LONG.nodes >= 0.5]
    x = np.concatenate([model._icdf(lower, *theta), model._iccdf(upper, *theta)])
    log_density, told = model._log_density(x, *theta), _told(model, x)
    if rest is not None:
        y = rest._icdf(upper, *theta)
        log_density[len(lower) :], told[len(lower) :] = rest._log_density(y, *theta), y > TINY
    points = Points(x, LONG.weights, log_density, told, nodes=True)
    return points if told.all() or not told.any() else replace(points, x=_without_end(points, _ends(model)))


def _without_end(points: Points, ends: tuple[float, float]) -> np.ndarray:
    """Return nodes that go to infinity where the model does: as logarithms where what they are made of ends."""
    x, logarithms, known = points.x.copy(), [], np.flatnonzero(points.told)
    for side, end in enumerate(ends):
        if np.isfinite(end):
            continue
        if np.abs(x[known[-side]]) < MODERATE:
            logarithms.append(side)
        else:
            x[slice(known[-1] + 1, None) if side else slice(known[0])] = end
    return points.continued(x, tuple(logarithms))


def _told(model: Any, x: np.ndarray) -> np.ndarray:
    """Tell where values, and what they are made of, are told from the ends of their supports in double precision."""
    told = np.abs(x) < HUGE
    for end in _ends(model):
        if np.isfinite(end):
            told &= np.abs(x - end) > max(NEAR * abs(end), TINY)
    if (base := getattr(model, "base_model", None)) is None:
        return told
    y = model.family._of_base(x)
    return told & (np.abs(x) < FURTHEST if y is None else _told(base, y))


def _ends(model: Any) -> tuple[float, float]:
    return model.support.lower, model.support.upper


def is_summed_up(model: Any, deviation: float, kurtosis: float) -> bool:
    """Tell whether sums over the values of a model end, and leave out no more than rounding of a fourth moment.

    Parameters
    ----------
    deviation, kurtosis : of what the model is made of, infinite or NaN where there are none
    """
    first, last, step = _first_last_step(model)
    left_out = LEFT_OUT * ((last - first) / deviation) ** 4
    ends = (last - first) / step < MOST_SUMMED and np.isfinite(kurtosis)
    return bool(ends and left_out <= ROUNDING * (kurtosis + 3.0))


def _first_last_step(model: Any) -> tuple[float, float, float]:
    """Return the values beyond which others are rarer than `LEFT_OUT`, and how far apart values are."""
    first, last = (float(q(LEFT_OUT, *model.theta)) for q in (model._icdf, model._iccdf))
    return first, last, float(getattr(model.family, "step", 1.0))


def _values_of(model: Any) -> Points:
    """Return the values between those, and their probabilities."""
    first, last, step = _first_last_step(model)
    if not (last - first) / step < MOST_SUMMED:
        raise NotAvailableError(
            f"the moments of this model are sums over {(last - first) / step:,.0f} values, and at most "
            f"{MOST_SUMMED:,} are summed; estimate them from model.sample(…)"
        )
    values = first + step * np.arange(round((last - first) / step) + 1.0)
    log_density = model._log_density(values, *model.theta)
    probabilities = np.exp(log_density)
    return Points(values, probabilities / probabilities.sum(), log_density, np.ones(values.shape, dtype=bool))
