"""A uniform sample of rows by bottom-k of a hash of the row number: mergeable, without a random state."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from suffice.errors import ShapeError
from suffice.sources.block import BLOCK_ROWS, Block
from suffice.statistics.block_weights import weights_of


@dataclass(frozen=True, slots=True, eq=False)
class HashedSampleSummary:
    """The rows with the smallest hashes, in the order of their hashes.

    Parameters
    ----------
    priorities : ndarray, shape (k,), uint64, ascending
    rows : ndarray, shape (k, d)
    weights : ndarray, shape (k,), or None
    capacity : the largest k
    seen : how many rows there were
    """

    priorities: np.ndarray
    rows: np.ndarray
    weights: np.ndarray | None
    capacity: int
    seen: int

    @property
    def complete(self) -> bool:
        """Whether the sample holds every row."""
        return self.seen == len(self.rows)

    def block(self) -> Block:
        """Return the sample as a block, for pilot fits."""
        return Block(self.rows, self.weights)

    def in_order(self) -> np.ndarray | None:
        """Return all rows in the order of the source, shape (n, d); None if they are not all here or more than a block.

        Nor is the order known where rows before the last block were left out, so that the rest is not counted on.
        """
        n = len(self.rows)
        if not self.complete or n > BLOCK_ROWS:
            return None
        priorities, chosen = _chosen(n, 0, n)
        if not np.array_equal(priorities, self.priorities):
            return None
        rows = np.empty_like(self.rows)
        rows[chosen] = self.rows
        return rows

    def merge(self, other: HashedSampleSummary) -> HashedSampleSummary:
        """Keep the smallest hashes of both."""
        if self.rows.shape[1] != other.rows.shape[1]:
            raise ShapeError(f"samples of {self.rows.shape[1]} and {other.rows.shape[1]} columns cannot be merged")
        if not other.seen or not self.seen:
            return self if not other.seen else other
        from suffice.kernels.sample import merge_samples

        size = min(self.capacity, len(self.rows) + len(other.rows))
        keep, priorities = np.empty(size, dtype=np.int64), np.empty(size, dtype=np.uint64)
        rows = np.empty((size, self.rows.shape[1]))
        merge_samples(self.priorities, other.priorities, self.rows, other.rows, keep, priorities, rows)
        weights = None
        if self.weights is not None or other.weights is not None:
            parts = [np.ones(len(s.rows)) if s.weights is None else s.weights for s in (self, other)]
            weights = np.concatenate(parts)[keep]
        return HashedSampleSummary(priorities, rows, weights, self.capacity, self.seen + other.seen)


@dataclass(frozen=True, slots=True)
class HashedSample:
    """Sample rows.

    A block offers at most `offered` rows: one of each of as many equal strata, chosen by a hash, so that
    a long source costs little per block.

    Parameters
    ----------
    capacity : rows kept in the end
    offered : rows that one block may offer; the default is all that could be kept
    """

    capacity: int = 2048
    offered: int = 2048

    def observe(self, block: Block) -> HashedSampleSummary:
        """Observe a block."""
        n = len(block.rows)
        priorities, chosen = _chosen(n, block.start, min(n, self.offered, self.capacity))
        weights = weights_of(block)
        taken = None if weights is None else weights[chosen]
        return HashedSampleSummary(priorities, block.rows.take(chosen, axis=0), taken, self.capacity, n)

    def observe_run(self, block: Block) -> HashedSampleSummary:
        """Observe a run of whole unweighted blocks at once: the rows that their merge would keep."""
        from suffice.kernels.sample import choose_rows

        blocks = len(block.rows) // BLOCK_ROWS
        if blocks == 1:
            return self.observe(block)
        priorities = np.empty((blocks, min(self.offered, self.capacity)), dtype=np.uint64)
        chosen = np.empty(priorities.shape, dtype=np.int64)
        for b in range(blocks):
            choose_rows(BLOCK_ROWS, block.start + b * BLOCK_ROWS, priorities[b])
            chosen[b] = _rows_of(priorities[b], block.start) + b * BLOCK_ROWS
        keep = np.argsort(priorities, axis=None)[: self.capacity]
        rows = block.rows.take(chosen.ravel()[keep], axis=0)
        return HashedSampleSummary(priorities.ravel()[keep], rows, None, self.capacity, len(block.rows))


def _chosen(rows: int, start: int, strata: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the priorities and the positions of one row of each stratum of a block, ascending by priority."""
    from suffice.kernels.sample import SORTED, choose_rows

    priorities = np.empty(strata, dtype=np.uint64)
    choose_rows(rows, start, priorities)
    if strata > SORTED:
        priorities.sort()
    return priorities, _rows_of(priorities, start)


def _rows_of(priorities: np.ndarray, start: int) -> np.ndarray:
    """Return the positions, in a block that starts at row `start`, of the rows that have these priorities."""
    from suffice.kernels.sample import ROW_BITS

    return ((priorities - np.uint64(start)) & ROW_BITS).view(np.int64)
