"""The rows with the largest scores, in one pass and bounded memory: where outliers are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from suffice.errors import ParameterError, ShapeError
from suffice.sources.block import Block
from suffice.statistics.block_weights import one_set_of_weights

# Rows are scored in parts of about so many values, whatever the number of columns.
PART_VALUES = 262_144


@dataclass(frozen=True, slots=True, eq=False)
class LargestRowsSummary:
    """The rows with the largest scores, the largest first; of equal scores the earlier row first.

    Parameters
    ----------
    numbers : ndarray, shape (k,), int64: the row numbers, from 0
    scores : ndarray, shape (k,), descending
    rows : ndarray, shape (k, d)
    weights : ndarray, shape (k,): their weights, 1 where there are none
    capacity : the largest k
    weight : Σw of all rows that count
    beyond : how many of them have a score ≥ the threshold
    """

    numbers: np.ndarray
    scores: np.ndarray
    rows: np.ndarray
    weights: np.ndarray
    capacity: int
    weight: float
    beyond: int

    def merge(self, other: LargestRowsSummary) -> LargestRowsSummary:
        """Keep the largest scores of both."""
        if self.rows.shape[1] != other.rows.shape[1]:
            raise ShapeError(f"rows of {self.rows.shape[1]} and {other.rows.shape[1]} columns cannot be merged")
        capacity = min(self.capacity, other.capacity)
        numbers, scores, weights = (
            np.concatenate([getattr(self, name), getattr(other, name)]) for name in ("numbers", "scores", "weights")
        )
        keep = _largest(scores, numbers, capacity)
        return LargestRowsSummary(
            numbers[keep],
            scores[keep],
            np.concatenate([self.rows, other.rows])[keep],
            weights[keep],
            capacity,
            self.weight + other.weight,
            self.beyond + other.beyond,
        )


@dataclass(frozen=True, slots=True, eq=False)
class LargestRows:
    """Keep the rows with the largest scores, and count those from a threshold on.

    Rows with a missing value, of weight zero, or without a number for a score do not count. It is to see all
    rows (`AllRows`), so that the numbers of the rows are those of the source.

    Parameters
    ----------
    score : a picklable function of rows, shape (n, d), that returns scores, shape (n,)
    capacity : how many rows are kept
    threshold : rows with a score ≥ threshold are counted
    """

    score: Callable[[np.ndarray], np.ndarray]
    capacity: int
    threshold: float = np.inf

    def __post_init__(self) -> None:
        if self.capacity < 1:
            raise ParameterError(f"at least 1 row must be kept, not {self.capacity}")

    def observe(self, block: Block) -> LargestRowsSummary:
        """Observe a block with one set of weights or none."""
        one_set_of_weights(block, "largest rows")
        size = max(256, PART_VALUES // max(1, block.rows.shape[1]))
        parts = block.split(size) if len(block.rows) else iter((block,))
        total = self._observed(next(parts))
        for part in parts:
            total = total.merge(self._observed(part))
        return total

    def _observed(self, block: Block) -> LargestRowsSummary:
        counts = ~np.isnan(block.rows).any(axis=1)
        if block.weights is not None:
            counts &= block.weights > 0.0
        found = np.flatnonzero(counts)
        rows = np.ascontiguousarray(block.rows[found])
        weights = np.ones(len(found)) if block.weights is None else block.weights[found].astype(float)
        scores = np.asarray(self.score(rows), dtype=float) if len(rows) else np.empty(0)
        if np.isnan(scores).any():
            good = ~np.isnan(scores)
            found, rows, weights, scores = found[good], rows[good], weights[good], scores[good]
        numbers = found.astype(np.int64) + block.start
        keep = _largest(scores, numbers, self.capacity)
        return LargestRowsSummary(
            numbers[keep],
            scores[keep],
            rows[keep],
            weights[keep],
            self.capacity,
            float(weights.sum()),
            int((scores >= self.threshold).sum()),
        )


def _largest(scores: np.ndarray, numbers: np.ndarray, capacity: int) -> np.ndarray:
    """Return the places of the largest scores in order; of equal ones that of the earlier row first."""
    places = np.arange(len(scores))
    if len(scores) > capacity:
        # all that equal the last one kept stay in, so that the row numbers decide among them
        last = np.partition(scores, len(scores) - capacity)[len(scores) - capacity]
        places = np.flatnonzero(scores >= last)
    order = np.lexsort((numbers[places], -scores[places]))
    return places[order[:capacity]]
