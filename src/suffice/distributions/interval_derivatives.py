"""Derivatives of the log probability of an interval, by averages of the score within the interval.

With the score s and the Hessian h of log p, and E the mean over the interval, the gradient of log P is E s and its
Hessian E h + Cov s (Louis 1982): ratios of integrals over the same nodes, in which no difference of tails occurs.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special

from suffice.distributions.double_exponential import SHORT
from suffice.distributions.interval_probability import (
    LOG_WEIGHTS,
    SHARES,
    is_narrow,
    log_probability,
    log_probability_between,
    tails,
)
from suffice.errors import NotAvailableError

# Below this log probability of its larger end, quantiles are not told apart, and the tail is integrated in x.
FAR_TAIL = -640.0
# Above this log probability the two tails outside are summed up instead, which hold less; above the other, also where
# the interval holds an end of the support that θ moves.
HALF, FEW_DIGITS_LOST = np.log(0.5), np.log(1e-6)
# An interval over which the log density differs by less than this from its mean is integrated by 16 points.
EVEN = 2.0
# One over which it differs by less than this, and where some of these places have the mass, by the double-exponential
# rule.
STEEP = 8.0
LOOKED_AT = (0.01, 0.25, 0.5, 0.75, 0.99)
# What a node beyond the last digit of the support's end may weigh where the score has no value.
NEGLIGIBLE = 1e-13
# Integers are summed up to the quantiles that leave out this share of the interval; more than so many are refused.
LEFT_OUT = 1e-18
MOST_SUMMED = 1_000_000
FEW_OUTSIDE = 4_096


def log_probability_derivatives(family: Any, low: Any, high: Any, *theta: Any) -> tuple[list[Any], list[Any]]:
    """Return ∂/∂θ and the upper triangle, by rows, of ∂²/∂θ∂θ of log P(low < X ≤ high); everything broadcasts.

    The family's density must be smooth inside the interval.
    """
    low, high, *at = np.broadcast_arrays(*[np.asarray(value, dtype=float) for value in (low, high, *theta)])
    shape, p = low.shape, len(theta)
    with np.errstate(all="ignore"):
        found = _flat(family, low.ravel(), high.ravel(), [t.ravel() for t in at])
    parts = [np.reshape(part, shape) for part in found]
    return parts[:p], parts[p:]


def _flat(
    family: Any, low: np.ndarray, high: np.ndarray, theta: list[np.ndarray], by_the_outside: bool = True
) -> np.ndarray:
    """Return the p + p(p + 1)/2 derivatives, shape (…, w), of w intervals; of wide ones by what lies outside."""
    p = len(theta)
    (below, beyond), (up_to, after) = of_low, of_high = tails(family, low, *theta), tails(family, high, *theta)
    value = log_probability_between(family, low, high, theta, of_low, of_high)
    found = np.full((p + p * (p + 1) // 2, len(low)), np.nan)
    if family.discrete:
        for i in range(len(low)):
            found[:, i] = _summed(family, low[i], high[i], [t[i] for t in theta], value[i])
        return found
    even, sloping = _shapes(family, low, high, theta, value)
    inside = is_narrow(family, low, high, theta, value, below, after) | even
    endless = np.full(len(low), np.inf)
    beside = _holds_a_moving_end(family, -endless, low, theta) | _holds_a_moving_end(family, high, endless, theta)
    wide = (value > HALF) & ~beside
    wide |= (value > FEW_DIGITS_LOST) & _holds_a_moving_end(family, low, high, theta)
    wide &= by_the_outside
    if wide.any():
        found[:, wide] = _from_outside(family, low[wide], high[wide], [t[wide] for t in theta], value[wide])
    inside &= ~wide
    sloping &= ~inside & ~wide
    far = ~inside & ~sloping & ~wide & (np.minimum(up_to, beyond) < FAR_TAIL)
    rest = ~inside & ~sloping & ~far & ~wide
    ways = ((inside, _in_x), (sloping, _in_x_to_the_ends), (far, _in_the_tail), (rest, _in_probability))
    for chosen, nodes in ways:
        if chosen.any():
            at = [t[chosen] for t in theta]
            x, log_weights = nodes(family, low[chosen], high[chosen], at, value[chosen])
            found[:, chosen] = _averages(family, x, log_weights, at)
    return found


def _holds_a_moving_end(family: Any, low: np.ndarray, high: np.ndarray, theta: list[np.ndarray]) -> np.ndarray:
    """Say of each interval whether an end of the support that θ moves lies inside: that is where quantiles end."""
    found = np.zeros(len(low), dtype=bool)
    if not family.seeks_an_end:
        return found
    support, none = family.support, np.zeros(len(low))
    if np.isinf(support.upper):
        end = family._iccdf(none, *theta)
        found |= np.isfinite(end) & (end <= high) & (end > low)
    if np.isinf(support.lower):
        end = family._icdf(none, *theta)
        found |= np.isfinite(end) & (end >= low) & (end < high)
    return found


def _from_outside(family: Any, low: np.ndarray, high: np.ndarray, theta: list[np.ndarray], value: Any) -> np.ndarray:
    """Return the derivatives of wide intervals from those of the two tails outside: ∂P = −∂F(low) − ∂S(high).

    Where an end of the support depends on θ and lies inside, the scores near it may have no variance, but P still has
    derivatives.
    """
    p, w = len(theta), len(low)
    pairs = [(i, j) for i in range(p) for j in range(i, p)]
    total = np.zeros((p + len(pairs), w))
    for first, last in ((np.full(w, -np.inf), low), (high, np.full(w, np.inf))):
        mass = np.exp(log_probability(family, first, last, *theta))
        there = (mass > 0.0) & np.isfinite(np.where(np.isinf(first), last, first))
        if not there.any():
            continue
        parts = _flat(family, first[there], last[there], [t[there] for t in theta], by_the_outside=False)
        moments = [parts[p + k] + parts[i] * parts[j] for k, (i, j) in enumerate(pairs)]
        total[:, there] -= mass[there] * np.concatenate([parts[:p], moments])
    total /= np.exp(value)
    curved = [total[p + k] - total[i] * total[j] for k, (i, j) in enumerate(pairs)]
    return np.concatenate([total[:p], curved])


def _shapes(
    family: Any, low: np.ndarray, high: np.ndarray, theta: list[np.ndarray], value: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Tell over which intervals the density is of one order, and over which it slopes without a peak hidden inside.

    In x, no quantiles are needed, which are costly.
    """
    bounded = np.isfinite(low) & np.isfinite(high)
    first, last = np.where(bounded, low, 0.0), np.where(bounded, high, 1.0)
    places = [first, *[first + share * (last - first) for share in LOOKED_AT], last]
    apart = np.array([family._log_density(x, *theta) for x in places]) + np.log(last - first) - value
    even = bounded & (np.abs(apart[[0, 3, -1]]).max(axis=0) < EVEN)
    highest, lowest = apart[1:-1].max(axis=0), apart[1:-1].min(axis=0)
    # a singularity may lie at an end, which the nodes are made for, but not close to it
    starts = np.array([apart[0] - apart[1], apart[-1] - apart[-2]])
    smooth = (np.isinf(starts) | (np.abs(starts) < 1.0)).all(axis=0)
    return even, bounded & smooth & (highest > -EVEN) & (highest < STEEP) & (lowest > -STEEP)


def _averages(family: Any, x: np.ndarray, log_weights: np.ndarray, theta: list[np.ndarray]) -> np.ndarray:
    """Return the derivatives from nodes x, shape (w, k), and the logarithms of their weights."""
    weights = np.exp(log_weights - special.logsumexp(log_weights, axis=-1, keepdims=True))
    first, second = family._derivatives(x, *[t[:, None] for t in theta])
    first, second = ([_heeded(part, weights) for part in parts] for parts in (first, second))
    means = [np.sum(weights * part, axis=-1) for part in first]
    off = [np.where(weights > 0.0, part - mean[:, None], 0.0) for part, mean in zip(first, means, strict=True)]
    pairs = [(i, j) for i in range(len(theta)) for j in range(i, len(theta))]
    curved = [np.sum(weights * (h + off[i] * off[j]), axis=-1) for h, (i, j) in zip(second, pairs, strict=True)]
    return np.array([*means, *curved])


def _heeded(part: Any, weights: np.ndarray) -> np.ndarray:
    """Return the values at nodes, 0 where they cannot matter: at x rounded to an end of the support."""
    return np.where((weights == 0.0) | (~np.isfinite(part) & (weights < NEGLIGIBLE)), 0.0, part)


def _in_x(family: Any, low: Any, high: Any, theta: list[np.ndarray], value: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return nodes for narrow intervals, in which the density is nearly a polynomial."""
    x = low[:, None] + (high - low)[:, None] * SHARES
    return x, family._log_density(x, *[t[:, None] for t in theta]) + LOG_WEIGHTS


def _in_x_to_the_ends(family: Any, low: Any, high: Any, theta: list[np.ndarray], value: Any) -> tuple[Any, Any]:
    """Return nodes that crowd at both ends of intervals over which the density slopes, or has a power at an end."""
    width = (high - low)[:, None]
    x = np.where(SHORT.nodes < 0.5, low[:, None] + width * SHORT.nodes, high[:, None] - width * SHORT.complements)
    log_density = family._log_density(x, *[t[:, None] for t in theta])
    return x, log_density + np.log(SHORT.weights)


def _in_probability(family: Any, low: Any, high: Any, theta: list[np.ndarray], value: Any) -> tuple[Any, Any]:
    """Return nodes at quantiles of the interval, each from its nearer tail."""
    at = [t[:, None] for t in theta]
    below, after = (np.exp(part)[:, None] for part in (tails(family, low, *theta)[0], tails(family, high, *theta)[1]))
    mass = np.exp(value)[:, None]
    lower, upper = below + mass * SHORT.nodes, after + mass * SHORT.complements
    x, left = np.empty(lower.shape), lower < 0.5
    at = [np.broadcast_to(t, x.shape) for t in at]
    for side, function, probability in ((left, family._icdf, lower), (~left, family._iccdf, upper)):
        if side.any():
            x[side] = function(probability[side], *[t[side] for t in at])
    return np.clip(x, low[:, None], high[:, None]), np.broadcast_to(np.log(SHORT.weights), x.shape)


def _in_the_tail(family: Any, low: Any, high: Any, theta: list[np.ndarray], value: Any) -> tuple[Any, Any]:
    """Return nodes for intervals far out, at quantiles of the generalized Pareto distribution that the tail is near.

    Its scale is L = P/p at the near end, its shape the slope of L there, or 0 where L falls: for the family itself, P
    and p are so small that it has no quantiles.
    """
    upper = tails(family, low, *theta)[1] < tails(family, high, *theta)[0]
    near, sign = np.where(upper, low, high), np.where(upper, 1.0, -1.0)
    length = _decay_length(family, near, upper, theta)
    shape = np.maximum((_decay_length(family, near + sign * length, upper, theta) - length) / length, 0.0)
    shape = np.where(shape > 1e-3, shape, 0.0)[:, None]
    some = np.where(shape > 0.0, shape, 1.0)
    reach = ((high - low) / length)[:, None]
    hazard = np.where(shape > 0.0, np.log1p(some * reach) / some, reach)
    left = np.exp(-hazard) - np.expm1(-hazard) * SHORT.complements
    hazard = np.where(left > 0.5, -np.log1p(np.expm1(-hazard) * SHORT.nodes), -np.log(left))
    y = np.where(shape > 0.0, np.expm1(some * hazard) / some, hazard)
    x = near[:, None] + (sign * length)[:, None] * y
    log_density = family._log_density(x, *[t[:, None] for t in theta])
    return x, log_density + (1.0 + shape) * hazard + np.log(SHORT.weights)


def _decay_length(family: Any, x: np.ndarray, upper: np.ndarray, theta: list[np.ndarray]) -> np.ndarray:
    below, beyond = tails(family, x, *theta)
    return np.asarray(np.exp(np.where(upper, beyond, below) - family._log_density(x, *theta)))


def _summed(family: Any, low: float, high: float, theta: list[Any], value: float) -> np.ndarray:
    """Return the derivatives, by summation over the integers of the interval or over those outside, if they are fewer.

    Over all integers Σ p s = 0 and Σ p (h + s sᵀ) = 0.
    """
    lowest = float(family.support.lower)
    complement = bool(np.isinf(high) and value > np.log(0.5) and low - lowest < FEW_OUTSIDE)
    if complement:
        first, last = lowest, np.floor(low)
    else:
        share = LEFT_OUT * float(np.exp(value))
        first = max(np.floor(low) + 1.0, float(family._icdf(share, *theta)))
        last = min(np.floor(high), float(family._iccdf(share, *theta)))
    if not last - first < MOST_SUMMED:
        raise NotAvailableError(
            f"the derivatives of this truncated family need sums over {last - first:,.0f} integers, and at most "
            f"{MOST_SUMMED:,} are summed; choose ends that are nearer"
        )
    k = np.arange(first, last + 1.0)
    weights = np.exp(family._log_density(k, *theta) - value)
    scores, second = family._derivatives(k, *theta)
    scores = [np.where(weights > 0.0, part, 0.0) for part in scores]
    pairs = [(i, j) for i in range(len(theta)) for j in range(i, len(theta))]
    means = [np.sum(weights * part) for part in scores]
    if complement:
        moments = [
            np.sum(weights * (_heeded(h, weights) + scores[i] * scores[j]))
            for h, (i, j) in zip(second, pairs, strict=True)
        ]
        curved = [-moment - means[i] * means[j] for moment, (i, j) in zip(moments, pairs, strict=True)]
        return np.array([*[-mean for mean in means], *curved])
    off = [part - mean for part, mean in zip(scores, means, strict=True)]
    curved = [
        np.sum(weights * (_heeded(h, weights) + off[i] * off[j])) for h, (i, j) in zip(second, pairs, strict=True)
    ]
    return np.array([*means, *curved])
