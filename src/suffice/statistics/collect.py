"""The rows themselves, for work that needs small data whole: exact tests, plots."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from suffice.errors import DataError, ShapeError
from suffice.sources.block import Block
from suffice.statistics.block_weights import weights_of


@dataclass(frozen=True, slots=True, eq=False)
class CollectSummary:
    """Rows in their order.

    Parameters
    ----------
    rows : ndarray, shape (n, d)
    weights : ndarray, shape (n,) or (m, n), or None
    labels : ndarray, shape (n,), or None
    limit : the largest n
    """

    rows: np.ndarray
    weights: np.ndarray | None
    labels: np.ndarray | None
    limit: int

    def block(self) -> Block:
        """Return the rows as one block."""
        return Block(self.rows, self.weights, self.labels)

    def merge(self, other: CollectSummary) -> CollectSummary:
        """Append the rows of the other.

        Raises
        ------
        DataError
            There are more than `limit` rows.
        """
        if self.rows.shape[1] != other.rows.shape[1]:
            raise ShapeError(f"rows of {self.rows.shape[1]} and {other.rows.shape[1]} columns cannot be merged")
        if not len(self.rows) or not len(other.rows):
            return self if len(self.rows) else other
        if (self.weights is None) != (other.weights is None) or (self.labels is None) != (other.labels is None):
            raise ShapeError("rows with and without weights or labels cannot be merged")
        _check(len(self.rows) + len(other.rows), self.limit)
        return CollectSummary(
            np.concatenate([self.rows, other.rows]),
            _joined(self.weights, other.weights),
            _joined(self.labels, other.labels),
            self.limit,
        )


@dataclass(frozen=True, slots=True)
class Collect:
    """Collect all rows, up to a limit.

    Parameters
    ----------
    limit : the largest number of rows
    """

    limit: int = 100_000

    def observe(self, block: Block) -> CollectSummary:
        """Observe a block: its rows are copied.

        Raises
        ------
        DataError
            The block has more than `limit` rows.
        """
        _check(len(block.rows), self.limit)
        weights, labels = weights_of(block), block.labels
        return CollectSummary(
            block.rows.copy(),
            None if weights is None else weights.copy(),
            None if labels is None else labels.copy(),
            self.limit,
        )


def _joined(first: np.ndarray | None, second: np.ndarray | None) -> np.ndarray | None:
    return None if first is None or second is None else np.concatenate([first, second], axis=-1)


def _check(rows: int, limit: int) -> None:
    if rows > limit:
        raise DataError(
            f"this work holds all rows in memory and takes at most {limit} of them; pass a sample of them, "
            "raise the limit, or use a method that reads summaries",
            limit=limit,
        )
