"""How the weight of a column falls on given points and the gaps between them, and what lies in one gap."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from suffice.errors import ShapeError
from suffice.sources.block import Block
from suffice.statistics.block_weights import one_set_of_weights
from suffice.statistics.hashed_sample import HashedSampleSummary
from suffice.statistics.wrappers import mix


@dataclass(frozen=True, slots=True, eq=False)
class CellWeightsSummary:
    """The weight of each cell.

    Parameters
    ----------
    weights : ndarray, shape (2k + 1,): below the first point, at it, between it and the second, …, above the last
    """

    weights: np.ndarray

    def merge(self, other: CellWeightsSummary) -> CellWeightsSummary:
        """Add."""
        if self.weights.shape != other.weights.shape:
            raise ShapeError(
                f"{len(self.weights)} and {len(other.weights)} cells cannot be merged: use the same points"
            )
        return CellWeightsSummary(self.weights + other.weights)


@dataclass(frozen=True, slots=True)
class CellWeights:
    """Weigh the values of one column below, at and between points, exactly.

    Parameters
    ----------
    points : k distinct ascending values
    """

    points: tuple[float, ...]

    def observe(self, block: Block) -> CellWeightsSummary:
        """Observe a block with one set of weights or none."""
        points, x = np.array(self.points), block.rows[:, 0]
        place = np.searchsorted(points, x)
        at = points[np.minimum(place, len(points) - 1)] == x
        weights = one_set_of_weights(block, "weights of cells")
        return CellWeightsSummary(np.bincount(2 * place + at, weights, 2 * len(points) + 1).astype(float))


@dataclass(frozen=True, slots=True, eq=False)
class GapSummary:
    """What lies in a gap.

    Parameters
    ----------
    minimum : the smallest value in it, ∞ where it is empty
    sample : a sample of its rows, all of them where they are few
    """

    minimum: float
    sample: HashedSampleSummary

    def merge(self, other: GapSummary) -> GapSummary:
        """Keep the smaller minimum, and the smallest hashes of both samples."""
        return GapSummary(min(self.minimum, other.minimum), self.sample.merge(other.sample))


@dataclass(frozen=True, slots=True)
class Gap:
    """Sample the rows of one column that lie strictly between two values.

    Parameters
    ----------
    low, high : the ends, which do not belong to it
    capacity : rows kept
    """

    low: float
    high: float
    capacity: int = 4096

    def observe(self, block: Block) -> GapSummary:
        """Observe a block with one set of weights or none; a row of weight zero does not count."""
        x, weights = block.rows[:, 0], one_set_of_weights(block, "samples of a gap")
        inside = (x > self.low) & (x < self.high)
        if weights is not None:
            inside &= weights != 0.0
        rows = np.flatnonzero(inside)
        # the hash of the row number, so that the sample does not depend on how the rows are cut
        priorities = mix(np.uint64(block.start) + rows.astype(np.uint64))
        kept = np.argsort(priorities)[: self.capacity]
        chosen = block.take(rows[kept])
        sample = HashedSampleSummary(priorities[kept], chosen.rows, chosen.weights, self.capacity, len(rows))
        return GapSummary(float(x[rows].min(initial=np.inf)), sample)
