"""Sums of log-likelihood, score and Hessian at given parameters: what every other fit needs of the data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from suffice.errors import ShapeError
from suffice.sources.block import Block
from suffice.statistics.block_weights import weights_of

# Values held at once per temporary array, so that the arithmetic stays in the cache.
CACHED_VALUES = 16_384


class LogDensity(Protocol):
    """The pure functions of (x, *parameters) that the sums need; all broadcast."""

    def _log_density(self, x: np.ndarray, /, *theta: np.ndarray) -> np.ndarray: ...

    def _derivatives(self, x: np.ndarray, /, *theta: np.ndarray) -> tuple[list[Any], list[Any]]: ...


@dataclass(frozen=True, slots=True, eq=False)
class LikelihoodSummary:
    """Sums over rows, with leading axis over the m parameter vectors.

    Parameters
    ----------
    weight : ndarray, shape (m,): Σw
    value : ndarray, shape (m,): Σ w log p(x; θ)
    gradient : ndarray, shape (m, p); hessian : ndarray, shape (m, p, p); None below the order asked for
    """

    weight: np.ndarray
    value: np.ndarray
    gradient: np.ndarray | None = None
    hessian: np.ndarray | None = None

    def merge(self, other: LikelihoodSummary) -> LikelihoodSummary:
        """Add."""
        if self.value.shape != other.value.shape:
            raise ShapeError(f"sums at {len(self.value)} and at {len(other.value)} parameter vectors cannot be merged")
        return LikelihoodSummary(
            self.weight + other.weight,
            self.value + other.value,
            None if self.gradient is None else self.gradient + other.gradient,
            None if self.hessian is None else self.hessian + other.hessian,
        )


@dataclass(frozen=True, slots=True, eq=False)
class LikelihoodSums:
    """Observe Σ w log p(x; θ) and, for order 1 and 2, its derivatives in θ.

    Parameters
    ----------
    density : a family of one variable; it may bring `_sums(x, weights, theta)`, a kernel of its own
    theta : ndarray, shape (m, p)
    order : 0, 1 or 2
    """

    density: Any
    theta: np.ndarray
    order: int = 2

    def observe(self, block: Block) -> LikelihoodSummary:
        """Observe a block of one column."""
        weights = weights_of(block)
        summed = getattr(self.density, "_sums", None)
        if summed is not None and (weights is None or weights.ndim == 1):
            sums = summed(block.columns[0], weights, self.theta)
            if sums is not None:
                return sums
        m = len(self.theta)
        leading = m if weights is None or weights.ndim == 1 else max(m, len(weights))
        size = max(256, CACHED_VALUES // max(leading, 1))
        total = None
        for part in block.split(size) if len(block.rows) > size else (block,):
            sums = self._sums(part, leading)
            total = sums if total is None else total.merge(sums)
        return self._sums(block, leading) if total is None else total

    def observe_samples(self, x: np.ndarray) -> LikelihoodSummary:
        """Observe samples, shape (m, n), one by one, each at its own row of θ (m, p)."""
        size = max(1, CACHED_VALUES // max(1, x.shape[1]))
        rows = [slice(first, first + size) for first in range(0, len(x), size)]
        parts = [LikelihoodSums(self.density, self.theta[part], self.order)._of_samples(x[part]) for part in rows]
        names = ("weight", "value", "gradient", "hessian")[: 2 + self.order]
        return LikelihoodSummary(*[np.concatenate([getattr(part, name) for part in parts]) for name in names])

    def _of_samples(self, x: np.ndarray) -> LikelihoodSummary:
        summed = getattr(self.density, "_sums", None)
        if summed is not None and len(x) == 1:
            sums = summed(x[0], None, self.theta)
            if sums is not None:
                return sums
        return self._added(x, None, len(x))

    def _sums(self, block: Block, leading: int) -> LikelihoodSummary:
        return self._added(block.rows[:, 0], block.weights, leading)

    # Far from the maximum densities over- and underflow, in whatever thread this runs; the search heeds that.
    @np.errstate(all="ignore")
    def _added(self, x: np.ndarray, weights: np.ndarray | None, leading: int) -> LikelihoodSummary:
        theta = [self.theta[:, i, None] for i in range(self.theta.shape[1])]
        p, n = len(theta), x.shape[-1]
        mass = float(n) if weights is None else weights.sum(axis=-1)
        value = weighted_sum(self.density._log_density(x, *theta), weights, leading, n)
        gradient = hessian = None
        if self.order > 0:
            first, second = self.density._derivatives(x, *theta)
            gradient = np.stack([weighted_sum(f, weights, leading, n) for f in first], axis=-1)
            if self.order > 1:
                hessian = np.empty((leading, p, p))
                sums = iter(second)
                for i in range(p):
                    for j in range(i, p):
                        hessian[:, i, j] = hessian[:, j, i] = weighted_sum(next(sums), weights, leading, n)
        return LikelihoodSummary(np.broadcast_to(mass, (leading,)).astype(float), value, gradient, hessian)


def weighted_sum(values: Any, weights: np.ndarray | None, leading: int, n: int) -> np.ndarray:
    """Return Σ w·values over the last axis, shape (leading,); a row of weight zero does not count.

    Values that are the same for all rows may come as shape (m, 1) or as a number.
    """
    values = np.asarray(values, dtype=float)
    if values.ndim == 0 or values.shape[-1] != n:
        values = np.broadcast_to(values, (*values.shape[:-1], n))
    if weights is not None:
        product = values * weights
        if not np.isfinite(values).all():
            product = np.where(weights == 0.0, 0.0, product)
        values = product
    return np.broadcast_to(values.sum(axis=-1), (leading,)).astype(float)
