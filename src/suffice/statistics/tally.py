"""Distinct values and their weights: a discrete column is a small weighted one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from suffice.errors import ShapeError
from suffice.sources.block import Block
from suffice.statistics.block_weights import weights_of


@dataclass(frozen=True, slots=True, eq=False)
class TallySummary:
    """Distinct values, ascending, and the weight of each.

    Parameters
    ----------
    values : ndarray, shape (k,); empty when there were more than `capacity` ("overflowed")
    weights : ndarray, shape (..., k), with the leading axis of the weights
    capacity : the largest k
    overflowed : whether the table was given up
    """

    values: np.ndarray
    weights: np.ndarray
    capacity: int
    overflowed: bool = False

    def block(self) -> Block:
        """Return the table as a weighted block with the likelihood of the data."""
        return Block(self.values[:, None], self.weights)

    def merge(self, other: TallySummary) -> TallySummary:
        """Add the weights of equal values."""
        if self.weights.shape[:-1] != other.weights.shape[:-1]:
            raise ShapeError("tallies with different leading axes cannot be merged")
        if self.overflowed or other.overflowed:
            return _overflow(self.weights.shape[:-1], self.capacity)
        values, where = np.unique(np.concatenate([self.values, other.values]), return_inverse=True)
        if len(values) > self.capacity:
            return _overflow(self.weights.shape[:-1], self.capacity)
        weights = np.zeros((*self.weights.shape[:-1], len(values)))
        # each side's values are distinct, so that plain indexed addition is exact
        weights[..., where[: len(self.values)]] += self.weights
        weights[..., where[len(self.values) :]] += other.weights
        return TallySummary(values, weights, self.capacity)


@dataclass(frozen=True, slots=True)
class Tally:
    """Count the distinct values of one column, up to `capacity` of them; missing values do not count."""

    capacity: int = 65_536

    def observe(self, block: Block) -> TallySummary:
        """Observe a block."""
        x, weights = block.columns[0], weights_of(block)
        present = ~np.isnan(x)
        if not present.all():
            x, weights = x[present], None if weights is None else weights[..., present]
        values, where, counts = _distinct(x)
        if len(values) > self.capacity:
            return _overflow(() if weights is None else weights.shape[:-1], self.capacity)
        if weights is None:
            return TallySummary(values, counts.astype(float), self.capacity)
        lead = weights.shape[:-1]
        rows = [np.bincount(where, row, len(values)) for row in np.atleast_2d(weights)]
        sums = np.array(rows, dtype=float).reshape(*lead, len(values))
        return TallySummary(values, sums, self.capacity)

    def observe_samples(self, x: np.ndarray) -> TallySummary:
        """Observe samples, shape (m, n), one by one, in one table of the values of all."""
        values, where, _ = _distinct(x.ravel())
        if len(values) > self.capacity:
            return _overflow(x.shape[:-1], self.capacity)
        place = where.reshape(x.shape) + np.arange(len(x))[:, None] * len(values)
        counts = np.bincount(place.ravel(), minlength=len(x) * len(values))
        return TallySummary(values, counts.reshape(len(x), len(values)).astype(float), self.capacity)


def _overflow(lead: tuple[int, ...], capacity: int) -> TallySummary:
    return TallySummary(np.empty(0), np.zeros((*lead, 0)), capacity, overflowed=True)


def _distinct(x: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return distinct values, the position of each element among them, and counts."""
    if len(x) and x.min() >= 0.0 and x.max() < 65_536:
        whole = x.astype(np.int64)
        if (whole == x).all():
            counts = np.bincount(whole)
            values = np.flatnonzero(counts)
            place = np.cumsum(counts > 0) - 1
            return values.astype(float), place[whole], counts[values]
    values, where, counts = np.unique(x, return_inverse=True, return_counts=True)
    return values, where, counts
