"""Sums of log-likelihood, score and Hessian at given parameters: what every other fit needs of the data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from functools import reduce
from itertools import combinations_with_replacement
from typing import Any, Protocol

import numpy as np

from suffice.errors import ShapeError
from suffice.sources.block import Block
from suffice.statistics.block_weights import weights_of

# Values held at once per temporary array, so that the arithmetic stays in the cache.
CACHED_VALUES = 16_384


class Summands(Protocol):
    """A few functions of the rows, of whose sums a family makes value and derivatives."""

    def each(self) -> list[np.ndarray]:
        """Return the functions, rows along the last axis."""

    def sums(self) -> np.ndarray:
        """Return the sum of each over the rows, shape (functions, m)."""


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
    density : a family of one variable; it may bring `_sums(x, weights, theta)`, a kernel of its own, or `_summands`
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
        return self._added(block.columns[0], weights, leading)

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

    # Far from the maximum densities over- and underflow, in whatever thread this runs; the search heeds that.
    @np.errstate(all="ignore")
    def _added(self, x: np.ndarray, weights: np.ndarray | None, leading: int) -> LikelihoodSummary:
        sums = self._sums_of_summands(x, weights, leading)
        if sums is None:
            return self._of_derivatives(x, weights, leading)
        mass = _mass(weights, leading, x.shape[-1])
        value, first, second = self.density._of_sums(mass, *sums, *self.theta.T)
        few = self._summary(mass, value, first, second)
        holds = np.isfinite(sum([*first, *second])) & ~np.isnan(value)
        if holds.all():
            return few
        pairs = zip(_parts(few), _parts(self._of_derivatives(x, weights, leading)), strict=True)
        return LikelihoodSummary(*[np.where(holds.reshape(-1, *[1] * (a.ndim - 1)), a, b) for a, b in pairs])

    def _sums_of_summands(self, x: np.ndarray, weights: np.ndarray | None, leading: int) -> Any:
        """Return the sums of the functions that the family names; None where it names none, or none for these rows."""
        functions = getattr(self.density, "_summands", None)
        if functions is None:
            return None
        total: Any = 0.0
        for part, w in _in_cache(x, weights, leading):
            summands: Summands | None = functions(part, *self._columns())
            if summands is None:
                return None
            if w is None:
                total = total + summands.sums()
            else:
                total = total + np.array([weighted_sum(f, w, leading, w.shape[-1]) for f in summands.each()])
        return total

    def _of_derivatives(self, x: np.ndarray, weights: np.ndarray | None, leading: int) -> LikelihoodSummary:
        sums = [self._of_part(part, w, leading) for part, w in _in_cache(x, weights, leading)]
        return reduce(LikelihoodSummary.merge, sums)

    def _of_part(self, x: np.ndarray, weights: np.ndarray | None, leading: int) -> LikelihoodSummary:
        theta, n = self._columns(), x.shape[-1]
        value = weighted_sum(self.density._log_density(x, *theta), weights, leading, n)
        first, second = self.density._derivatives(x, *theta) if self.order > 0 else ([], [])
        gradient = [weighted_sum(f, weights, leading, n) for f in first]
        hessian = [weighted_sum(f, weights, leading, n) for f in second] if self.order > 1 else []
        return self._summary(_mass(weights, leading, n), value, gradient, hessian)

    def _summary(self, mass: np.ndarray, value: np.ndarray, first: Sequence[Any], second: Any) -> LikelihoodSummary:
        """Return the summary, of the gradient and the upper triangle, by rows, of the Hessian where they are needed."""
        gradient = np.stack(first, axis=-1) if self.order > 0 else None
        return LikelihoodSummary(mass, value, gradient, _symmetric(second, len(first)) if self.order > 1 else None)

    def _columns(self) -> list[np.ndarray]:
        return [self.theta[:, i, None] for i in range(self.theta.shape[1])]


def _in_cache(x: np.ndarray, weights: np.ndarray | None, leading: int) -> Iterator[tuple[np.ndarray, Any]]:
    """Yield the rows and their weights in parts of which arrays with a leading axis stay in the cache."""
    n = x.shape[-1]
    size = n if x.ndim == 2 else max(256, CACHED_VALUES // max(leading, 1))
    for first in range(0, max(n, 1), max(size, 1)):
        part = slice(first, first + size)
        yield x[..., part], None if weights is None else weights[..., part]


def _mass(weights: np.ndarray | None, leading: int, n: int) -> np.ndarray:
    """Return Σw, shape (leading,)."""
    return np.broadcast_to(float(n) if weights is None else weights.sum(axis=-1), (leading,)).astype(float)


def _symmetric(triangle: Sequence[np.ndarray], p: int) -> np.ndarray:
    """Return matrices (m, p, p) of which the upper triangle, by rows, is given."""
    matrix = np.empty((*triangle[0].shape, p, p))
    for entry, (i, j) in zip(triangle, combinations_with_replacement(range(p), 2), strict=True):
        matrix[..., i, j] = matrix[..., j, i] = entry
    return matrix


def _parts(summary: LikelihoodSummary) -> list[np.ndarray]:
    """Return what a summary of this order holds."""
    return [part for field in fields(summary) if (part := getattr(summary, field.name)) is not None]


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
